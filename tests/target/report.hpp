// SPDX-License-Identifier: Apache-2.0
// Reads the reports that partc writes beside the images: where it put things is for it and the compiler to say.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace mullion::target {

/// Takes the first and the last byte of a guest's memory, as host addresses.
inline constexpr auto memory_window =
    " memory@[0-9a-f]+ +0x[0-9a-f]+\\.\\.0x[0-9a-f]+ +(0x[0-9a-f]+)\\.\\.(0x[0-9a-f]+) ";

/// Returns the groups of `pattern` in each line of the report where it is found, in their order. Throws
/// std::runtime_error if it is found nowhere.
inline std::vector<std::vector<std::string>> find_in_report(const std::filesystem::path& folder,
                                                            const std::string& pattern) {
    std::ifstream report(folder / "report.txt");
    const std::regex expression(pattern);
    std::vector<std::vector<std::string>> all;
    std::smatch match;
    for (std::string line; std::getline(report, line);) {
        if (std::regex_search(line, match, expression)) {
            all.emplace_back(std::next(match.begin()), match.end());
        }
    }
    if (all.empty()) {
        throw std::runtime_error((folder / "report.txt").string() + " has nothing like '" + pattern + "'");
    }
    return all;
}

/// Returns the number in hexadecimal digits, without 0x.
inline std::string hex(std::uint64_t value) {
    std::ostringstream text;
    text << std::hex << value;
    return text.str();
}

}  // namespace mullion::target
