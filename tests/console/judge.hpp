// SPDX-License-Identifier: Apache-2.0
// Compares what the console sends with the promises of docs/interface.md, by its effect on a terminal (terminal.hpp).
//
// Each guest's text has letters that nobody else writes: alpha's lines contain α, beta's β, gamma's γ. A line that is
// expected begins with a label (`β17;`), which is looked for in the stream.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "terminal.hpp"
#include "world.hpp"

namespace mullion::console_test {

class Judge {
 public:
    struct Terms {
        int columns = 80;
        bool color = false;
    };

    Judge(World& world, Terms terms);
    Judge(const Judge&) = delete;
    Judge& operator=(const Judge&) = delete;

    /// Names what is tried from now on, for complaints.
    void begin(std::string_view what) { about_ = what; }

    /// Returns a new label for a line of that owner.
    std::string label(std::size_t owner);
    /// Makes the guest say a line with a label and a newline.
    void say_line(std::size_t guest, std::string_view text);
    /// Makes Mullion say a line.
    void print_line(std::string_view text);
    /// Types the keys for zoom of the guest that has the input, from the next line on, and for its end.
    void zoom_in();
    void zoom_out();
    /// Types the key, which does whichever is possible now.
    void zoom_in_or_out() { wants_zoom_ ? zoom_out() : zoom_in(); }
    /// Types Ctrl-] and another key.
    void press(char key);
    /// Ends the guest.
    void end(std::size_t guest);

    /// Judges what was sent since the last call.
    void look();
    /// Waits for everything that must come, and judges the end.
    void finish();

    /// Returns the labels of complete lines that have not appeared.
    std::vector<std::string> waiting() const;
    const std::vector<std::string>& complaints() const { return complaints_; }
    Terminal& terminal() { return terminal_; }
    std::size_t lines_seen() const { return seen_.size(); }
    bool has_zoomed() const { return has_zoomed_; }

 private:
    /// A line that is complete and has not been seen yet.
    struct Due {
        std::string label;
        std::size_t since;   ///< bytes that had been sent when it became due
        std::size_t behind;  ///< lines of its owner that may be between it and the previous label
    };

    void look_at_row();
    void look_at_zoom();
    void taken(std::size_t guest, std::uint8_t byte);
    void begin_to_hide();
    void expect(std::size_t owner, std::string label);
    void see(std::string_view row);
    void check_due();
    void end_row();
    void check_row(const Row& row);
    void check_look(const std::string& tag, const Row& row);
    void check_rest();
    void complain(const std::string& what);

    World& world_;
    Terms terms_;
    std::string about_;
    Terminal terminal_;
    std::vector<std::string> complaints_;
    std::size_t looked_ = 0;             ///< bytes of the stream that were judged
    std::string row_;                    ///< the stream since the last newline
    std::vector<std::string> finished_;  ///< text of rows of the terminal that must not change any more
    std::size_t rows_before_ = 0;        ///< rows of the terminal when zoom ended
    bool wants_zoom_ = false;            ///< according to the keys
    bool hides_ = false;                 ///< zoom was requested, and its end was not seen yet
    bool has_zoomed_ = false;
    bool zoomed_ = false;                                ///< the stream is the zoomed guest's
    std::map<std::string, std::string> looks_;           ///< of each tag
    std::array<std::string, guest_count> lines_;         ///< what was taken of each guest's current line
    std::array<std::size_t, guest_count> shows_{};       ///< the most bytes that may show it
    std::array<std::size_t, guest_count + 1> behind_{};  ///< lines since the last one with a label
    std::array<unsigned, guest_count + 1> labels_{};
    std::array<std::deque<Due>, guest_count + 1> due_;
    std::set<std::string> seen_;
};

}  // namespace mullion::console_test
