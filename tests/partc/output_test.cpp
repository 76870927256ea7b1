// SPDX-License-Identifier: Apache-2.0
#include "output.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "files.hpp"
#include "fixture.hpp"

namespace mullion::partc {
namespace {

using testing::UnorderedElementsAre;

class OutputTest : public testing::Test {
 protected:
    std::vector<std::string> names() const {
        std::vector<std::string> names;
        for (const auto& entry : fs::directory_iterator{folder}) {
            names.push_back(entry.path().filename());
        }
        return names;
    }

    const Scratch scratch;
    const fs::path folder = scratch.path() / "a" / "b";
};

TEST_F(OutputTest, MakesTheFolderAndLeavesNothingElseInIt) {
    Output output{folder};
    output.add("one", "1");
    output.add("two", "");
    ASSERT_TRUE(output.write());
    EXPECT_THAT(names(), UnorderedElementsAre("one", "two"));
    EXPECT_EQ(contents(folder / "one"), "1");
}

TEST_F(OutputTest, ReplacesWhatChangedAndNothingElse) {
    Output first{folder};
    first.add("same", "same");
    first.add("other", "old");
    ASSERT_TRUE(first.write());
    const auto before = fs::file_time_type{} + std::chrono::hours{1};
    fs::last_write_time(folder / "same", before);

    Output second{folder};
    second.add("same", "same");
    second.add("other", "new");
    ASSERT_TRUE(second.write());
    EXPECT_EQ(contents(folder / "other"), "new");
    EXPECT_EQ(fs::last_write_time(folder / "same"), before);
}

TEST_F(OutputTest, ChangesNothingWhenAFileCannotBeWritten) {
    Output first{folder};
    first.add("one", "old");
    ASSERT_TRUE(first.write());

    Output second{folder};
    second.add("one", "new");
    second.add("no such folder/two", "2");
    const auto written = second.write();
    ASSERT_FALSE(written);
    EXPECT_THAT(written.error(), testing::HasSubstr("two"));
    EXPECT_THAT(names(), UnorderedElementsAre("one"));
    EXPECT_EQ(contents(folder / "one"), "old");
}

}  // namespace
}  // namespace mullion::partc
