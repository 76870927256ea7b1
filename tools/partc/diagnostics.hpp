// SPDX-License-Identifier: Apache-2.0
// The mistakes of a run, told together and in source order.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace mullion::partc {

/// A place in a source. Without a line it is the file as a whole, without a file the command line.
struct Position {
    std::string file;
    unsigned line = 0;

    bool operator==(const Position&) const = default;
};

/// "two-linux.dts:21"
std::string to_string(const Position& at);

/// "line 12", or with the file's name when that is not the file of `from`.
std::string reference(const Position& at, const Position& from);

class Diagnostics {
 public:
    void error(Position at, std::string text);
    void warning(Position at, std::string text);

    /// The order in which cpp opened the sources; files that it does not name come last.
    void source_order(std::vector<std::string> files) { files_ = std::move(files); }

    std::size_t errors() const { return errors_; }

    /// One message a line: warnings first, so that the errors are what a person sees last.
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
