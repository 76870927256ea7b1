// SPDX-License-Identifier: Apache-2.0
// Collects the mistakes of a run, to report them together in source order.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace mullion::partc {

/// A place in a source. Without a line it is the whole file, without a file the command line.
struct Position {
    std::string file;
    unsigned line = 0;

    bool operator==(const Position&) const = default;
};

/// Formats a position as "two-linux.dts:21".
std::string to_string(const Position& at);

/// Formats a position as "line 12", with the file's name unless that is the file of `from`.
std::string reference(const Position& at, const Position& from);

class Diagnostics {
 public:
    void error(Position at, std::string text);
    void warning(Position at, std::string text);

    /// Sets the order of files, in which cpp opened them; other files come last.
    void source_order(std::vector<std::string> files) { files_ = std::move(files); }

    std::size_t errors() const { return errors_; }

    /// Returns the messages, one a line, warnings first, so that errors are what one sees last.
    std::string text() const;

 private:
    struct Message {
        Position at;
        std::string text;
        bool is_error = false;
    };

    std::size_t rank(const std::string& file) const;

    std::vector<Message> messages_;
    std::vector<std::string> files_;
    std::size_t errors_ = 0;
};

}  // namespace mullion::partc
