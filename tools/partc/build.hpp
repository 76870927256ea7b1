// SPDX-License-Identifier: Apache-2.0
// `partc build`: from a description to the files of its output folder.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace mullion::partc {

struct Options {
    std::string file;
    std::string platform;
    std::vector<std::string> include_folders;
    std::string cpu;
    std::uint64_t load_address = 0;
    std::string images;
    std::map<std::string, std::string> instead;  ///< see ImageOptions
    bool color = false;
    std::string output;
};

struct Result {
    bool ok = false;
    std::string messages;  ///< for standard error
};

/// Nothing is written unless all is well.
Result build(const Options& options);

}  // namespace mullion::partc
