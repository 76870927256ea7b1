// SPDX-License-Identifier: Apache-2.0
#include "vm/exit_log.hpp"

#include <gtest/gtest.h>

namespace mullion {
namespace {

TEST(ExitLog, IsEmptyAtFirst) {
    EXPECT_EQ(ExitLog{}.size(), 0u);
}

TEST(ExitLog, TellsTheLatestFirst) {
    ExitLog log;
    log.add({1, 0x100, 0, 0});
    log.add({2, 0x200, 3, 4});
    ASSERT_EQ(log.size(), 2u);
    EXPECT_EQ(log.latest(0), (ExitRecord{2, 0x200, 3, 4}));
    EXPECT_EQ(log.latest(1), (ExitRecord{1, 0x100, 0, 0}));
}

TEST(ExitLog, ForgetsTheOldest) {
    ExitLog log;
    for (std::uint64_t pc = 0; pc < 3 * ExitLog::depth + 2; ++pc) {
        log.add({.pc = pc});
    }
    ASSERT_EQ(log.size(), ExitLog::depth);
    for (std::size_t age = 0; age < log.size(); ++age) {
        EXPECT_EQ(log.latest(age).pc, 3 * ExitLog::depth + 1 - age);
    }
}

TEST(ExitLog, IsEmptyAfterClear) {
    ExitLog log;
    log.add({1, 1, 1, 1});
    log.clear();
    EXPECT_EQ(log.size(), 0u);
}

}  // namespace
}  // namespace mullion
