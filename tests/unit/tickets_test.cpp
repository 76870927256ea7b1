// SPDX-License-Identifier: Apache-2.0
#include "core/tickets.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace mullion {
namespace {

TEST(TicketsTest, WhoWaitsLongestComesNext) {
    Tickets tickets;
    const auto first = tickets.take();
    const auto second = tickets.take();
    const auto third = tickets.take();
    EXPECT_TRUE(tickets.is_served(first));
    EXPECT_FALSE(tickets.is_served(second));
    tickets.serve_next();
    EXPECT_TRUE(tickets.is_served(second));
    EXPECT_FALSE(tickets.is_served(third));
    tickets.serve_next();
    EXPECT_TRUE(tickets.is_served(third));
}

TEST(TicketsTest, WhoTriesComesBehindAllWhoWait) {
    Tickets tickets;
    ASSERT_TRUE(tickets.try_take());
    EXPECT_FALSE(tickets.try_take());
    const auto waits = tickets.take();
    tickets.serve_next();
    EXPECT_FALSE(tickets.try_take());
    EXPECT_TRUE(tickets.is_served(waits));
    tickets.serve_next();
    EXPECT_TRUE(tickets.try_take());
}

TEST(TicketsTest, OneAtATimeHasIt) {
    constexpr int rounds = 20'000;
    Tickets tickets;
    int count = 0;
    const auto work = [&](bool only_tries) {
        for (int done = 0; done < rounds;) {
            if (only_tries) {
                if (!tickets.try_take()) {
                    std::this_thread::yield();
                    continue;
                }
            } else {
                for (const auto ticket = tickets.take(); !tickets.is_served(ticket);) {
                    std::this_thread::yield();
                }
            }
            ++count;
            ++done;
            tickets.serve_next();
        }
    };
    std::vector<std::thread> threads;
    for (const bool only_tries : {true, false, true}) {
        threads.emplace_back(work, only_tries);
    }
    for (auto& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(count, 3 * rounds);
}

}  // namespace
}  // namespace mullion
