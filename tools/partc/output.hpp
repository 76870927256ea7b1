// SPDX-License-Identifier: Apache-2.0
// Writes a folder of files: all or nothing, and only those that change.
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

    /// Writes temporary files, then renames them. So a run that fails before that changes no file, and no file is ever
    /// half-written. A file that already has its contents keeps its time. The error names a file.
    std::expected<void, std::string> write() const;

 private:
    std::string folder_;
    std::vector<std::pair<std::string, std::string>> files_;
};

}  // namespace mullion::partc
