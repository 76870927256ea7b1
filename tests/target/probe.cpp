// SPDX-License-Identifier: Apache-2.0
#include "probe.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>

namespace mullion::target {

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
