// SPDX-License-Identifier: Apache-2.0
#include "probe.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

namespace mullion::target {

namespace {

/// Reads a case from a row of the probe's sources, which begins behind the quote that opens the case's name.
ProbeCase case_of(std::string_view row) {
    constexpr std::string_view needs = "Needs::";
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz_";
    const auto at = row.find(needs);
    auto word = at == row.npos ? "no_more" : row.substr(at + needs.size());
    word = word.substr(0, word.find_first_not_of(letters));
    return {std::string{row.substr(0, row.find('"'))}, std::string{word}};
}

}  // namespace

std::vector<ProbeCase> probe_cases() {
    std::set<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator{MULLION_PROBE}) {
        if (entry.path().filename().string().starts_with("case_")) {
            files.insert(entry.path());
        }
    }
    constexpr std::string_view begin = "Case{\"";
    std::vector<ProbeCase> cases;
    for (const auto& file : files) {
        std::ifstream source{file};
        const std::string text{std::istreambuf_iterator{source}, {}};
        for (auto at = text.find(begin); at != text.npos;) {
            const auto next = text.find(begin, at + 1);
            const auto row = std::string_view{text}.substr(at + begin.size(), next - at - begin.size());
            if (!row.contains("When::by_name")) {
                cases.push_back(case_of(row));
            }
            at = next;
        }
    }
    std::ranges::stable_partition(cases, [](const auto& c) { return c.name.starts_with("fresh."); });
    return cases;
}

std::string test_name(std::string_view case_name) {
    std::string name(case_name);
    std::ranges::replace_if(
        name, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
    return name;
}

void expect_ready(Machine& machine, std::string_view guest) {
    machine.expect_line(guest, "^probe: ready");
}

void expect_cases_pass(Machine& machine, std::string_view guest, const std::string& list,
                       const std::vector<std::string>& cases) {
    std::map<std::string, std::string> results;
    machine.type(list + "\r");
    while (true) {
        const auto line = machine.expect_line(guest, "^probe: (\\S+)( (ok|FAILED.*|skipped.*))?$");
        if (line[1] == "done") {
            break;
        }
        if (!line[3].empty()) {
            results[line[1]] = line[3];
        }
    }
    for (const auto& name : cases) {
        results.try_emplace(name, "is missing");
    }
    for (const auto& [name, result] : results) {
        EXPECT_EQ(result, "ok") << "case " << name;
    }
    if (testing::Test::HasFailure()) {
        ADD_FAILURE() << "the console:\n" << machine.transcript();
    }
}

}  // namespace mullion::target
