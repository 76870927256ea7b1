// SPDX-License-Identifier: Apache-2.0
// Gives partc whole descriptions. Each file in bad/ is wrong in one way, and begins with the messages that it must get;
// each in good/ is compiled, and the results are compared with the files beside it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <ostream>
#include <set>
#include <sstream>

#include "dump.hpp"
#include "fixture.hpp"
#include "process.hpp"

namespace mullion::partc {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

const fs::path here = PARTC_TESTS;

std::vector<std::string> stems(const fs::path& folder) {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator{folder}) {
        if (entry.path().extension() == ".dts" && entry.path().stem().extension().empty()) {
            names.insert(entry.path().stem());
        }
    }
    return {names.begin(), names.end()};
}

std::string test_name(const testing::TestParamInfo<std::string>& info) {
    auto name = info.param;
    std::ranges::replace(name, '-', '_');
    return name;
}

/// Makes a scratch folder the current one, with the board, one description and its overlay in it.
class Descriptions : public testing::TestWithParam<std::string> {
 protected:
    Descriptions() { fs::current_path(scratch_.path()); }
    ~Descriptions() override { fs::current_path("/"); }

    Result build(const fs::path& folder) {
        const auto file = GetParam() + ".dts";
        fs::create_symlink(here / "board", "board");
        fs::copy_file(folder / file, file, fs::copy_options::overwrite_existing);
        if (const auto overlay = GetParam() + ".dtso"; fs::exists(folder / overlay)) {
            fs::copy_file(folder / overlay, overlay, fs::copy_options::overwrite_existing);
        }
        return partc::build(test_options(file, scratch_));
    }

    const Scratch scratch_;
};

class Bad : public Descriptions {};

TEST_P(Bad, IsRefusedWithExactlyItsMessages) {
    std::ifstream stream{here / "bad" / (GetParam() + ".dts")};
    std::string expected;
    std::string line;
    std::getline(stream, line);  // the licence
    while (std::getline(stream, line) && line.starts_with("// ")) {
        expected += line.substr(3) + '\n';
    }
    ASSERT_THAT(expected, testing::Not(IsEmpty()));

    const auto result = build(here / "bad");
    EXPECT_EQ(result.messages, expected);
    EXPECT_FALSE(result.ok);
    EXPECT_FALSE(fs::exists("out")) << "something was written";
}

INSTANTIATE_TEST_SUITE_P(Description, Bad, testing::ValuesIn(stems(here / "bad")), test_name);

class Good : public Descriptions {};

TEST_P(Good, GivesConstantsThatObeyTheLawAndItsCheck) {
    const auto result = build(here / "good");
    ASSERT_TRUE(result.ok) << result.messages;
    EXPECT_THAT(result.messages, IsEmpty());
    const auto check = here / "good" / (GetParam() + ".check.cpp");
    const auto compiled = run({PARTC_CXX, "-std=c++23", "-fsyntax-only", "-Wall", "-Wextra", "-Werror", "-Iout",
                               "-I" PARTC_HV, "-I" + here.string(), check.string()},
                              {});
    EXPECT_EQ(compiled.status, 0) << compiled.err;
}

TEST_P(Good, GivesGuestsTheTreesBesideIt) {
    ASSERT_TRUE(build(here / "good").ok);
    for (const auto& entry : fs::directory_iterator{here / "good"}) {
        // NAME.GUEST.dts
        const auto golden = entry.path();
        if (golden.extension() == ".dts" && golden.stem().stem() == GetParam() && golden.stem() != GetParam()) {
            const auto compiled = run({"dtc", "-q", "-I", "dts", "-O", "dtb", golden.string()}, {});
            const auto guest = golden.stem().extension().string().substr(1);
            EXPECT_EQ(dump(text_of("out/" + guest + ".dtb")), dump(compiled.out)) << golden;
        }
    }
}

TEST_P(Good, GivesTreesWithoutAWarningOfDtc) {
    ASSERT_TRUE(build(here / "good").ok);
    for (const auto& entry : fs::directory_iterator{"out"}) {
        if (entry.path().extension() == ".dtb") {
            EXPECT_THAT(run({"dtc", "-I", "dtb", "-O", "dtb", "-o", "/dev/null", entry.path()}, {}).err, IsEmpty());
        }
    }
}

TEST_P(Good, ReportsWhoOwnsWhat) {
    ASSERT_TRUE(build(here / "good").ok);
    const auto golden = here / "good" / (GetParam() + ".report.txt");
    if (fs::exists(golden)) {
        // Leaves out the sizes of the hypervisor's own parts, which hv/core/layout_of.hpp decides, and what follows
        // from them.
        const auto report = text_of("out/report.txt");
        EXPECT_EQ(report.substr(0, report.find("\nHypervisor")), text_of(golden));
        for (const auto* part : {"\nHypervisor\n", "\nImages, linked once each\n", "\nNobody's\n"}) {
            EXPECT_THAT(report, HasSubstr(part));
        }
    }
}

TEST_P(Good, WritesNothingAnewThatStaysTheSame) {
    ASSERT_TRUE(build(here / "good").ok);
    const auto before = fs::file_time_type{} + std::chrono::hours{1};
    for (const auto& entry : fs::directory_iterator{"out"}) {
        fs::last_write_time(entry, before);
    }
    ASSERT_TRUE(partc::build(test_options(GetParam() + ".dts", scratch_)).ok);
    for (const auto& entry : fs::directory_iterator{"out"}) {
        EXPECT_EQ(fs::last_write_time(entry), before) << entry.path();
    }
}

INSTANTIATE_TEST_SUITE_P(Description, Good, testing::ValuesIn(stems(here / "good")), test_name);

}  // namespace
}  // namespace mullion::partc
