// SPDX-License-Identifier: Apache-2.0
// Runs a probe and two Debian guests on each platform and kind of harts in the file MULLION_MATRIX, which
// tests/matrix/matrix.sh writes; without that file, a probe on each in tests/matrix/diagonal.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "probe.hpp"
#include "shell.hpp"

namespace mullion::target {
namespace {

struct Cell {
    std::string platform;
    std::string cpu;

    /// Returns the cell's name as the build has it in names of folders.
    std::string machine() const {
        auto name = cpu;
        std::ranges::replace_if(
            name, [](char c) { return c == ',' || c == '='; }, '-');
        return name;
    }
};

std::vector<Cell> cells(const char* path) {
    std::vector<Cell> result;
    std::ifstream file(path != nullptr ? path : "/dev/null");
    for (std::string line; std::getline(file, line);) {
        if (const auto space = line.find(' '); !line.starts_with('#') && space != line.npos) {
            result.push_back({line.substr(0, space), line.substr(space + 1)});
        }
    }
    return result;
}

const char* chosen() {
    return std::getenv("MULLION_MATRIX");
}

/// Returns options for the cell. The name of the platform's own kind of harts is not in the folder's.
Options options(const Cell& cell, const std::string& description) {
    const auto named = description + '.' + cell.machine();
    const bool is_named = std::filesystem::exists(std::filesystem::path(MULLION_BUILD) / cell.platform / named);
    return {.description = is_named ? named : description, .platform = cell.platform, .cpu = cell.cpu};
}

/// Has what a machine must pass, whatever its harts are: the cases, and the groups that they are in, as a list.
struct Demands {
    std::string list;
    std::vector<std::string> cases;
};

/// Returns the cases that need nothing of the machine, and those of its controller. Leaves out what takes long and runs
/// on each platform in probe_test.
Demands demands_on(const std::string& platform) {
    const std::set<std::string> left_out{"borders", "state"};
    const std::set<std::string> needs{"no_more", platform == "qemu" ? "imsic" : "plic", "external"};
    Demands demands;
    std::set<std::string> groups;
    for (const auto& probe_case : probe_cases()) {
        const auto group = probe_case.name.substr(0, probe_case.name.find('.'));
        if (needs.contains(probe_case.needs) && !left_out.contains(group)) {
            demands.cases.push_back(probe_case.name);
            if (groups.insert(group).second) {
                demands.list += (demands.list.empty() ? "" : ",") + group;
            }
        }
    }
    return demands;
}

class ProbeMatrix : public testing::TestWithParam<Cell> {};

TEST_P(ProbeMatrix, PassesEveryCase) {
    Machine machine(options(GetParam(), "one-probe"));
    expect_ready(machine, "alpha");
    const auto demands = demands_on(GetParam().platform);
    expect_cases_pass(machine, "alpha", demands.list, demands.cases);
}

/// Runs only in the whole matrix.
class DebianMatrix : public testing::TestWithParam<Cell> {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(DebianMatrix);

TEST_P(DebianMatrix, RunsTwoGuests) {
    Machine machine(options(GetParam(), "two-linux"));
    Shell alpha(machine, "alpha", '1');
    Shell beta(machine, "beta", '2');
    alpha.expect_prompt();
    beta.expect_prompt();
    for (auto* shell : {&beta, &alpha}) {
        shell->take_input();
        shell->expect_answer("nproc", "^2$");
    }
    alpha.type("reboot");
    machine.expect_line("mullion", "^alpha reboots$");
    alpha.expect_prompt();
    alpha.expect_answer("echo again $((6 * 7))", "^again 42$");
}

std::string cell_name(const testing::TestParamInfo<Cell>& cell) {
    return test_name(cell.param.platform + "-" + cell.param.machine());
}

INSTANTIATE_TEST_SUITE_P(Cell, ProbeMatrix, testing::ValuesIn(cells(chosen() != nullptr ? chosen() : MULLION_DIAGONAL)),
                         cell_name);
INSTANTIATE_TEST_SUITE_P(Cell, DebianMatrix, testing::ValuesIn(cells(chosen())), cell_name);

}  // namespace
}  // namespace mullion::target
