// SPDX-License-Identifier: Apache-2.0
// Holds what the console sends against what docs/interface.md promises, by what a terminal makes of it (terminal.hpp).
//
// A guest's text is known by letters that no other guest and not Mullion writes: alpha's lines have α in them, beta's
// β, gamma's γ. A line that is to be waited for begins with a label (`β17;`), which is found again in the stream.
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

    /// What is tried from now on, for complaints.
    void begin(std::string_view what) { about_ = what; }

    /// A new one for a line of that owner.
    std::string label(std::size_t owner);
    /// The guest says a line with a label before, and the newline.
    void say_line(std::size_t guest, std::string_view text);
    /// Mullion says one.
    void print_line(std::string_view text);
    /// The operator's keys: the guest that has the input has the terminal, too, from the next line on; or no more.
    void zoom_in();
    void zoom_out();
    /// Whichever the key does now.
    void zoom_in_or_out() { wants_zoom_ ? zoom_out() : zoom_in(); }
    /// Ctrl-] and another key.
    void press(char key);
    /// The guest ends.
    void end(std::size_t guest);

    /// Judges what was sent since the last time.
    void look();
    /// Lets everything come that has to, and judges the end.
    void finish();

    /// Labels of lines that are complete and have not appeared.
    std::vector<std::string> waiting() const;
    const std::vector<std::string>& complaints() const { return complaints_; }
    Terminal& terminal() { return terminal_; }
    std::size_t lines_seen() const { return seen_.size(); }
    bool has_zoomed() const { return has_zoomed_; }

 private:
    /// A line that is complete and has not been seen yet.
    struct Due {
        std::string label;
        std::size_t since;   ///< bytes that had been sent when it was its turn to wait
        std::size_t behind;  ///< lines of its owner's that may stand between it and the label before
    };

    void look_at_row();
    void look_at_zoom();
    void taken(std::size_t guest, std::uint8_t byte);
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
    std::string row_;                    ///< of the stream, since the last newline
    std::vector<std::string> finished_;  ///< text of rows of the terminal, which are never to change again
    std::size_t rows_before_ = 0;        ///< of the terminal, that zoom left
    bool wants_zoom_ = false;            ///< by the keys
    bool hides_ = false;                 ///< zoom has been asked for, and its end has not been seen
    bool has_zoomed_ = false;
    bool zoomed_ = false;                                ///< the stream is the guest's own
    std::map<std::string, std::string> looks_;           ///< of each tag
    std::array<std::string, guest_count> lines_;         ///< what was taken of the line that a guest is saying
    std::array<std::size_t, guest_count> shows_{};       ///< bytes that this may be shown by, at most
    std::array<std::size_t, guest_count + 1> behind_{};  ///< lines since the last one with a label
    std::array<unsigned, guest_count + 1> labels_{};
    std::array<std::deque<Due>, guest_count + 1> due_;
    std::set<std::string> seen_;
};

}  // namespace mullion::console_test
