// SPDX-License-Identifier: Apache-2.0
#include "console.hpp"

#include <cctype>

namespace mullion::target {

void Console::add(std::string_view bytes) {
    transcript_ += bytes;
    for (const char c : bytes) {
        if (in_escape_) {
            // The final byte of a control sequence (ECMA-48 5.4) is a letter for all that guests use.
            in_escape_ = std::isalpha(static_cast<unsigned char>(c)) == 0;
        } else if (c == '\x1b') {
            in_escape_ = true;
        } else if (c == '\r' || c == '\n') {
            end_line();
        } else {
            lines_.back().text += c;
            forget_firmware();
            read_tag();
        }
    }
}

void Console::end_line() {
    if (lines_.back().text.empty()) {
        lines_.back() = {};
    } else {
        lines_.emplace_back();
    }
    tag_known_ = false;
}

/// Removes OpenSBI 1.6's message about system instructions without a CSR, which has no newline.
void Console::forget_firmware() {
    constexpr std::string_view said = "system_opcode_insn: Invalid opcode for CSR read/write instruction";
    auto& text = lines_.back().text;
    if (text.ends_with(said)) {
        text.resize(text.size() - said.size());
    }
}

/// Reads the tag of `alpha   | text`, including the blank after the bar.
void Console::read_tag() {
    if (tag_known_) {
        return;
    }
    static const std::regex tag("([a-z][a-z0-9-]*) *\\| ");
    auto& line = lines_.back();
    std::smatch match;
    if (std::regex_match(line.text, match, tag)) {
        line.guest = match[1];
        line.text.clear();
        tag_known_ = true;
    }
}

std::optional<Match> Console::find(std::string_view guest, const std::regex& pattern, Want want) {
    for (auto line = first_of(guest); line != lines_.end(); ++line) {
        if (line->guest != guest || (want == Want::line && line == std::prev(lines_.end()))) {
            continue;
        }
        std::smatch match;
        const auto from = line->text.cbegin() + static_cast<std::ptrdiff_t>(line->passed);
        if (line->passed != line->text.size() && std::regex_search(from, line->text.cend(), match, pattern)) {
            pass(guest, line);
            line->passed = want == Want::line ? line->text.size()
                                              : line->passed + static_cast<std::size_t>(match[0].second - from);
            return Match(match.begin(), match.end());
        }
    }
    return std::nullopt;
}

std::vector<Console::Line>::iterator Console::first_of(std::string_view guest) {
    const auto found = first_.find(guest);
    return lines_.begin() + (found == first_.end() ? 0 : found->second);
}

/// Passes all lines of `guest` before `end`.
void Console::pass(std::string_view guest, std::vector<Line>::iterator end) {
    first_[std::string(guest)] = end - lines_.begin();
}

}  // namespace mullion::target
