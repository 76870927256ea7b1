// SPDX-License-Identifier: Apache-2.0
// Writing a folder of files: all or nothing, and only what changes.
#pragma once

#include <expected>
#include <string>
#include <utility>
#include <vector>

namespace mullion::partc {

class Output {
 public:
    explicit Output(std::string folder) : folder_(std::move(folder)) {}

    void add(std::string name, std::string contents) { files_.emplace_back(std::move(name), std::move(contents)); }

    /// Writes beside what is there, then renames: a run that fails or is interrupted before leaves no file changed, and
    /// no file is ever half-written. A file that has its contents already keeps its time. The error names a file.
    std::expected<void, std::string> write() const;

 private:
    std::string folder_;
    std::vector<std::pair<std::string, std::string>> files_;
};

}  // namespace mullion::partc
