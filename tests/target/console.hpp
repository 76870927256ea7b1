// SPDX-License-Identifier: Apache-2.0
// What a machine wrote, taken apart by the tags of its lines.
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

    /// Everything so far, as it came.
    const std::string& transcript() const { return transcript_; }

    enum class Want { line, prompt };

    /// The first line of `guest` that matches and was not passed by an earlier find; what comes before it is passed
    /// over. A line counts when it is finished, a prompt also before. "mullion" is the hypervisor, "" what has no tag.
    std::optional<Match> find(std::string_view guest, const std::regex& pattern, Want want);

 private:
    struct Line {
        std::string guest;
        std::string text;
        std::size_t passed = 0;  ///< bytes at the front that a find has passed
    };

    std::vector<Line>::iterator first_of(std::string_view guest);
    void end_line();
    void forget_firmware();
    void read_tag();
    void pass(std::string_view guest, std::vector<Line>::iterator end);

    std::string transcript_;
    std::vector<Line> lines_{Line{}};                           ///< the last one is unfinished
    std::map<std::string, std::ptrdiff_t, std::less<>> first_;  ///< of a guest: its lines before this one are passed
    bool tag_known_ = false;                                    ///< of the unfinished one
    bool in_escape_ = false;
};

}  // namespace mullion::target
