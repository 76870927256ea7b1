// SPDX-License-Identifier: Apache-2.0
// Splits a machine's output by the tags of its lines.
#pragma once

#include <map>
#include <optional>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

namespace mullion::target {

/// Text that matched, and its groups.
using Match = std::vector<std::string>;

class Console {
 public:
    void add(std::string_view bytes);

    /// Returns everything so far, unchanged.
    const std::string& transcript() const { return transcript_; }

    enum class Want { line, prompt };

    /// Finds the first line of `guest` that matches, after those that earlier calls have passed, and passes everything
    /// up to it. A line counts when it is finished, a prompt also before. "mullion" is the hypervisor, "" text without
    /// a tag.
    std::optional<Match> find(std::string_view guest, const std::regex& pattern, Want want);

 private:
    struct Line {
        std::string guest;
        std::string text;
        std::size_t passed = 0;  ///< bytes at the front that find() has passed
    };

    std::vector<Line>::iterator first_of(std::string_view guest);
    void end_line();
    void forget_firmware();
    void read_tag();
    void pass(std::string_view guest, std::vector<Line>::iterator end);

    std::string transcript_;
    std::vector<Line> lines_{Line{}};                           ///< the last one is unfinished
    std::map<std::string, std::ptrdiff_t, std::less<>> first_;  ///< for each guest the first line that was not passed
    bool tag_known_ = false;                                    ///< the unfinished line's tag was read
    bool in_escape_ = false;
};

}  // namespace mullion::target
