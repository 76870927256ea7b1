// SPDX-License-Identifier: Apache-2.0
// The state machine under every interleaving of the harts that use it. Each program is what one hart does (hart_start,
// hart_stop, poll_start, hart_suspend, serve_requests, fence_harts, claim_end, stop_siblings), with a step before each
// access to what the harts share.
#include "vm/hsm.hpp"

#include <gtest/gtest.h>

#include <optional>

#include "fake_sbi_port.hpp"
#include "interleavings.hpp"
#include "vm/life/states.hpp"

namespace mullion {
namespace {

constexpr HartEntry entry_a{{0x8000'0000}, 0xa};
constexpr HartEntry entry_b{{0x8000'0100}, 0xb};

/// What the programs share. `page` is what a guest's page table says, `translation` what each hart remembers of it.
struct World : FakeHarts {
    std::vector<Program> programs;
    std::array<std::optional<HartEntry>, 3> in_guest;
    std::array<std::optional<SbiError>, 3> answer;  ///< to each hart's hart_start
    int page = 0;
    std::array<int, 3> translation{};
    Life life;
    int enders = 0;
    bool starters_fence = false;  ///< only where fences are the subject: every step multiplies the schedules

    bool stale(const VCpu& vcpu) const { return in_guest[vcpu.index] && translation[vcpu.index] != page; }

    Program starts(VCpu& self, VCpu& target, HartEntry entry) {
        co_await step();
        const auto found = hsm::claim_start(target);
        if (found != HsmState::stopped) {
            answer[self.index] = found == HsmState::stop_pending ? SbiError::failed : SbiError::already_available;
            co_return;
        }
        co_await step();
        if (hsm::must_abandon_start(target)) {
            hsm::abandon_start(target);
            answer[self.index] = SbiError::failed;
            co_return;
        }
        co_await step();
        target.entry->address = entry.address;  // publish_start writes the entry, which takes more than one store,
        co_await step();
        hsm::publish_start(target, entry);  // and then the state
        answer[self.index] = SbiError::success;
    }

    /// The park loop; a look that finds nothing changes nothing and is left out.
    Program parks(VCpu& self) {
        for (;;) {
            co_await until([&self] { return self.state == static_cast<std::uint32_t>(HsmState::start_pending); });
            const auto entry = hsm::take_start(self);
            co_await step();
            if (self.stop_ordered == 0) {
                if (starters_fence) {
                    co_await step();
                    const auto ticket = self.sfence.requested.fetch_add(1) + 1;
                    co_await step();
                    translation[self.index] = page;
                    co_await step();
                    self.sfence.done = ticket;
                }
                in_guest[self.index] = entry;
                co_await until([&self] { return self.stop_ordered != 0; });
                in_guest[self.index].reset();
            }
            hsm::stop(self, [] {});
        }
    }

    Program stops(VCpu& self) {
        co_await step();
        in_guest[self.index].reset();
        hsm::advance(self, HsmState::started, HsmState::stop_pending);
        co_await step();
        hsm::advance(self, HsmState::stop_pending, HsmState::stopped);
    }

    Program suspends(VCpu& self) {
        co_await step();
        in_guest[self.index].reset();
        hsm::advance(self, HsmState::started, HsmState::suspend_pending);
        co_await step();
        hsm::advance(self, HsmState::suspend_pending, HsmState::suspended);
        co_await step();
        hsm::advance(self, HsmState::suspended, HsmState::resume_pending);
        co_await step();
        hsm::advance(self, HsmState::resume_pending, HsmState::started);
        co_await step();
        const auto ticket = self.sfence.requested.load();
        if (ticket != self.sfence.done) {
            co_await step();
            translation[self.index] = page;
            co_await step();
            self.sfence.done = ticket;
        }
        co_await step();
        in_guest[self.index] = entry_a;
    }

    /// serve_requests of a hart that is in the guest, as often as something is asked of it.
    Program serves(VCpu& self) {
        for (;;) {
            co_await until([this, &self] {
                return in_guest[self.index] && (self.stop_ordered != 0 || self.sfence.requested != self.sfence.done);
            });
            const auto was = std::exchange(in_guest[self.index], std::nullopt);
            if (self.stop_ordered != 0) {
                hsm::stop(self, [] {});
                co_return;
            }
            const auto ticket = self.sfence.requested.load();
            co_await step();
            translation[self.index] = page;
            co_await step();
            self.sfence.done = ticket;
            in_guest[self.index] = was;
        }
    }

    /// A guest's page changes, and fence_harts returns when no hart that is in the guest remembers the old one.
    Program fences(VCpu& target) {
        co_await step();
        page = 1;
        target.sfence.requested.fetch_add(1);  // release: who sees it sees the page
        co_await step();
        const auto ticket = target.sfence.requested.load();
        co_await until(
            [&target, ticket] { return target.sfence.done >= ticket || hsm::state_of(target) != HsmState::started; });
        EXPECT_FALSE(stale(target));
        fenced = true;
    }
    bool fenced = false;

    /// claim_end and stop_siblings.
    Program ends(VCpu& self) {
        co_await step();
        in_guest[self.index].reset();
        if (!life.claim_end()) {
            co_await until([&self] { return self.stop_ordered != 0; });
            hsm::stop(self, [] {});
            co_return;
        }
        for (auto& target : harts) {
            if (target.stop_ordered == 0) {
                co_await step();
                target.stop_ordered = 1;
            }
        }
        for (auto& target : harts) {
            if (&target != &self) {
                co_await until([&target] { return hsm::state_of(target) == HsmState::stopped; });
            }
        }
        hsm::stop(self, [] {});
        hsm::abandon_start(self);
        ++enders;
        expect_all_stopped();
    }
    void expect_all_stopped() const {
        for (const auto& vcpu : harts) {
            EXPECT_EQ(hsm::state_of(vcpu), HsmState::stopped);
            EXPECT_FALSE(in_guest[vcpu.index]);
        }
    }

    void begin_in_guest(std::uint32_t hart) {
        life.settle(LifeState::running);
        set(hart, HsmState::started);
        in_guest[hart] = entry_b;
    }
};

// --- two siblings start one hart ---

struct TwoStarters : World {
    TwoStarters() {
        programs.push_back(starts(harts[0], harts[2], entry_a));
        programs.push_back(starts(harts[1], harts[2], entry_b));
        programs.push_back(parks(harts[2]));
    }
    void check() const {
        const bool first_won = answer[0] == SbiError::success;
        EXPECT_EQ(answer[0], first_won ? SbiError::success : SbiError::already_available);
        EXPECT_EQ(answer[1], first_won ? SbiError::already_available : SbiError::success);
        EXPECT_EQ(in_guest[2], first_won ? entry_a : entry_b);
        EXPECT_EQ(state(2), HsmState::started);
    }
};

TEST(HartStates, GiveAHartToOneOfTwoStartersWithAWholeEntry) {
    EXPECT_GT(walk_interleavings<TwoStarters>(), 50U);
}

// --- start against stop ---

struct StartAndStop : World {
    StartAndStop() {
        begin_in_guest(1);
        programs.push_back(starts(harts[0], harts[1], entry_a));
        programs.push_back(stops(harts[1]));
        programs.push_back(parks(harts[1]));  // waits for a start, so not before the hart has stopped
    }
    void check() const {
        const bool started = answer[0] == SbiError::success;
        started ? ++seen_started : ++seen_refused;
        EXPECT_EQ(state(1), started ? HsmState::started : HsmState::stopped);
        EXPECT_EQ(in_guest[1], started ? std::optional{entry_a} : std::nullopt);
    }
    static inline int seen_started = 0;
    static inline int seen_refused = 0;
};

TEST(HartStates, LoseNoStartThatWasAnsweredWithSuccessToAStop) {
    walk_interleavings<StartAndStop>();
    EXPECT_GT(StartAndStop::seen_started, 0);
    EXPECT_GT(StartAndStop::seen_refused, 1);  // still started, and stop pending
}

// --- a remote fence against a hart that starts, resumes, stops, or runs ---

struct FenceAndStart : World {
    FenceAndStart() {
        starters_fence = true;
        hsm::claim_start(harts[1]);
        hsm::publish_start(harts[1], entry_a);
        programs.push_back(fences(harts[1]));
        programs.push_back(parks(harts[1]));
        programs.push_back(serves(harts[1]));
    }
    void check() const {
        EXPECT_TRUE(fenced);
        EXPECT_TRUE(in_guest[1]);
        EXPECT_FALSE(stale(harts[1]));
    }
};

TEST(HartStates, LetNoHartStartWithAnOldTranslation) {
    EXPECT_GT(walk_interleavings<FenceAndStart>(), 500U);
}

struct FenceAndSuspend : World {
    FenceAndSuspend() {
        begin_in_guest(1);
        programs.push_back(fences(harts[1]));
        programs.push_back(suspends(harts[1]));
    }
    void check() const {
        EXPECT_TRUE(fenced ? !stale(harts[1]) : harts[1].sfence.requested != harts[1].sfence.done);
        fenced ? ++seen_fenced : ++seen_waiting;
    }
    static inline int seen_fenced = 0;
    static inline int seen_waiting = 0;
};

TEST(HartStates, LetNoHartResumeWithAnOldTranslation) {
    walk_interleavings<FenceAndSuspend>();
    EXPECT_GT(FenceAndSuspend::seen_fenced, 0);
    EXPECT_GT(FenceAndSuspend::seen_waiting, 0);  // the ticket came last: the hart is in the guest and will be kicked
}

struct FenceAndStop : World {
    FenceAndStop() {
        begin_in_guest(1);
        programs.push_back(fences(harts[1]));
        programs.push_back(stops(harts[1]));
    }
    void check() const { EXPECT_TRUE(fenced); }
};

TEST(HartStates, KeepNobodyWaitingForAHartThatStops) {
    EXPECT_GT(walk_interleavings<FenceAndStop>(), 5U);
}

struct FenceAndServe : World {
    FenceAndServe() {
        begin_in_guest(1);
        programs.push_back(fences(harts[1]));
        programs.push_back(fences(harts[1]));
        programs.push_back(serves(harts[1]));
    }
    void check() const {
        EXPECT_TRUE(fenced);
        EXPECT_FALSE(stale(harts[1]));
        EXPECT_EQ(harts[1].sfence.done, harts[1].sfence.requested);
    }
};

TEST(HartStates, LeaveNoOldTranslationWhenTwoHartsFenceOne) {
    EXPECT_GT(walk_interleavings<FenceAndServe>(), 50U);
}

// --- the guest's end ---

struct EndAndStart : World {
    EndAndStart() {
        begin_in_guest(0);
        begin_in_guest(2);
        programs.push_back(ends(harts[0]));  // looks at hart 1 first, and finds it stopped if hart 2 is slow
        programs.push_back(starts_then_serves(harts[2], harts[1]));
        programs.push_back(parks(harts[1]));
    }
    /// One hart's code, so one program.
    Program starts_then_serves(VCpu& self, VCpu& target) {
        co_await step();
        if (hsm::claim_start(target) == HsmState::stopped) {
            co_await step();
            if (target.stop_ordered != 0) {
                hsm::abandon_start(target);
            } else {
                co_await step();
                hsm::publish_start(target, entry_a);
            }
        }
        co_await until([&self] { return self.stop_ordered != 0; });
        in_guest[self.index].reset();
        hsm::stop(self, [] {});
    }
    void check() const {
        EXPECT_EQ(enders, 1);
        expect_all_stopped();
    }
};

TEST(HartStates, LetNoHartStartWhenItsGuestHasEnded) {
    EXPECT_GT(walk_interleavings<EndAndStart>(), 50U);
}

struct TwoEnders : World {
    TwoEnders() {
        for (std::uint32_t hart = 0; hart < 3; ++hart) {
            begin_in_guest(hart);
        }
        programs.push_back(ends(harts[0]));
        programs.push_back(ends(harts[1]));
        programs.push_back(serves(harts[2]));
    }
    void check() const {
        EXPECT_EQ(enders, 1);
        expect_all_stopped();
    }
};

TEST(HartStates, ElectOneOfTwoHartsThatEndTheirGuest) {
    EXPECT_GT(walk_interleavings<TwoEnders>(), 50U);
}

// --- start against the guest's suspend ---

/// is_alone; alone, it looks around.
struct Suspenders : World {
    Program suspends_guest(VCpu& self) {
        co_await step();
        harts[0].starts_forbidden.fetch_add(1);
        for (const auto& other : harts) {
            if (&other == &self) {
                continue;
            }
            co_await step();
            if (hsm::state_of(other) != HsmState::stopped) {
                co_await step();
                harts[0].starts_forbidden.fetch_sub(1);
                ++denied;
                co_return;
            }
        }
        ++alone;
        co_await step();
        for (const auto& other : harts) {
            EXPECT_TRUE(&other == &self || !in_guest[other.index]);
        }
    }
    int denied = 0;
    int alone = 0;
};

/// Hart 1 starts hart 2 and stops, and hart 0 may find both stopped, one before and one after.
struct SuspendAndStart : Suspenders {
    SuspendAndStart() {
        begin_in_guest(0);
        begin_in_guest(1);
        programs.push_back(suspends_guest(harts[0]));
        programs.push_back(starts_and_stops(harts[1], harts[2]));
        programs.push_back(parks(harts[2]));
    }
    Program starts_and_stops(VCpu& self, VCpu& target) {
        co_await step();
        const auto found = hsm::claim_start(target);
        EXPECT_EQ(found, HsmState::stopped);
        co_await step();
        if (hsm::must_abandon_start(target)) {
            hsm::abandon_start(target);
            ++refused;
        } else {
            co_await step();
            hsm::publish_start(target, entry_a);
        }
        co_await step();
        in_guest[self.index].reset();
        hsm::stop(self, [] {});
    }
    void check() const {
        EXPECT_EQ(denied + alone, 1);
        EXPECT_TRUE(alone == 0 || refused == 1);
        EXPECT_TRUE(refused == 1 || in_guest[2]);
    }
    int refused = 0;
};

TEST(HartStates, LetNoHartRunBesideOneThatSuspendsTheGuest) {
    EXPECT_GT(walk_interleavings<SuspendAndStart>(), 100U);
}

/// Two that ask at once; one of them then starts the third hart and stops.
struct TwoSuspenders : Suspenders {
    TwoSuspenders() {
        begin_in_guest(0);
        begin_in_guest(1);
        programs.push_back(suspends_guest(harts[0]));
        programs.push_back(is_denied_and_starts(harts[1], harts[2]));
        programs.push_back(parks(harts[2]));
    }
    Program is_denied_and_starts(VCpu& self, VCpu& target) {
        co_await step();
        harts[0].starts_forbidden.fetch_add(1);
        co_await step();
        EXPECT_EQ(hsm::state_of(harts[0]), HsmState::started);
        harts[0].starts_forbidden.fetch_sub(1);
        co_await step();
        if (hsm::claim_start(target) == HsmState::stopped) {
            co_await step();
            if (hsm::must_abandon_start(target)) {
                hsm::abandon_start(target);
            } else {
                co_await step();
                hsm::publish_start(target, entry_a);
            }
        }
        co_await step();
        in_guest[self.index].reset();
        hsm::stop(self, [] {});
    }
    void check() const { EXPECT_EQ(denied + alone, 1); }
};

TEST(HartStates, KeepTheWishToBeAloneWhenAnotherGivesUpTheSame) {
    EXPECT_GT(walk_interleavings<TwoSuspenders>(), 100U);
}

// --- interrupts ---

struct StartAndInterrupt : World {
    StartAndInterrupt() {
        programs.push_back(starts(harts[0], harts[1], entry_a));
        programs.push_back(interrupts(harts[1]));
        programs.push_back(parks(harts[1]));
    }
    Program interrupts(VCpu& target) {
        co_await until([this] { return answer[0].has_value(); });
        EXPECT_TRUE(hsm::takes_interrupts(target));
        interrupted = true;
    }
    void check() const { EXPECT_TRUE(interrupted); }
    bool interrupted = false;
};

TEST(HartStates, LoseNoInterruptThatFollowsASuccessfulStart) {
    EXPECT_GT(walk_interleavings<StartAndInterrupt>(), 5U);
}

TEST(HartStates, LetAStopThatNobodyOwnsPass) {
    FakeGuest fake;
    hsm::stop(fake.harts[1], [] {});
    EXPECT_EQ(fake.state(1), HsmState::stopped);
    EXPECT_FALSE(hsm::advance(fake.harts[1], HsmState::started, HsmState::stop_pending));
    fake.set(1, HsmState::start_pending);
    hsm::stop(fake.harts[1], [] {});
    EXPECT_EQ(fake.state(1), HsmState::start_pending);
}

}  // namespace
}  // namespace mullion
