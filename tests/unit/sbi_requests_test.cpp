// SPDX-License-Identifier: Apache-2.0
#include "vm/sbi/requests.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "fake_sbi_port.hpp"

namespace mullion {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Requests : testing::Test, FakeGuest {
    Requests() {
        set(0, HsmState::started);
        set(1, HsmState::started);
    }
    void fence(HartMask mask) {
        fence_harts(harts[0], port, mask, &VCpu::sfence, FirmwareEvent::sfence_vma_sent, [] {});
    }

    FakeSbiPort remote;
};

TEST_F(Requests, AreServedOnceForAllTicketsThatCameBefore) {
    harts[1].sfence.requested = 5;
    serve_requests(harts[1], remote);
    EXPECT_THAT(remote.fences, ElementsAre(Fence{}));
    EXPECT_EQ(harts[1].sfence.done, 5U);
    serve_requests(harts[1], remote);
    EXPECT_EQ(remote.fences.size(), 1U);
    EXPECT_EQ(remote.fence_is, 0);
}

TEST_F(Requests, ThatComeDuringAFenceNeedAnother) {
    harts[1].sfence.requested = 1;
    remote.on_sfence = [&] { harts[1].sfence.requested = 2; };
    serve_requests(harts[1], remote);
    EXPECT_EQ(harts[1].sfence.done, 1U);
    serve_requests(harts[1], remote);
    EXPECT_EQ(remote.fences.size(), 2U);
    EXPECT_EQ(harts[1].sfence.done, 2U);
}

TEST_F(Requests, KeepTheTwoKindsApart) {
    harts[1].fence_i.requested = 1;
    serve_requests(harts[1], remote);
    EXPECT_EQ(remote.fence_is, 1);
    EXPECT_THAT(remote.fences, IsEmpty());
}

TEST_F(Requests, GiveEveryTargetItsTicketBeforeWaitingForAny) {
    set(2, HsmState::started);
    port.on_relax = [&] {
        EXPECT_THAT(port.requested, ElementsAre(1, 2));
        serve_requests(harts[1], remote);
        serve_requests(harts[2], remote);
    };
    fence({0b110, 0});
    EXPECT_EQ(remote.fences.size(), 2U);
}

TEST_F(Requests, FenceTheOwnHartWhileTheOthersAreOnTheirWay) {
    bool local = false;
    port.on_relax = [&] {
        EXPECT_TRUE(local);
        serve_requests(harts[1], remote);
    };
    fence_harts(harts[0], port, {0b11, 0}, &VCpu::sfence, FirmwareEvent::sfence_vma_sent, [&] {
        EXPECT_THAT(port.requested, ElementsAre(1));
        local = true;
    });
    EXPECT_TRUE(local);
}

TEST_F(Requests, WaitForTheOwnTicketAndNotForAnEarlierOne) {
    // Hart 1 has read an earlier ticket and is about to store it.
    harts[1].sfence.requested = 1;
    int waits = 0;
    port.on_relax = [&] {
        if (++waits == 1) {
            harts[1].sfence.done = 1;
        } else {
            serve_requests(harts[1], remote);
        }
    };
    fence({0b10, 0});
    EXPECT_EQ(waits, 2);
    EXPECT_EQ(harts[1].sfence.done, 2U);
}

TEST_F(Requests, NeitherKickNorAwaitHartsThatAreNotStarted) {
    for (const auto state : {HsmState::stopped, HsmState::start_pending, HsmState::stop_pending, HsmState::suspended,
                             HsmState::suspend_pending, HsmState::resume_pending}) {
        set(1, state);
        fence({0b10, 0});
    }
    EXPECT_THAT(port.requested, IsEmpty());
    EXPECT_EQ(harts[1].sfence.requested, 6U);
}

TEST_F(Requests, AreGivenUpWhenTheTargetStops) {
    port.on_relax = [&] { set(1, HsmState::stop_pending); };
    fence({0b10, 0});
    EXPECT_EQ(harts[1].sfence.done, 0U);
}

TEST_F(Requests, OfSiblingsAreServedWhileWaiting) {
    harts[0].sfence.requested = 1;
    harts[0].fence_i.requested = 1;
    port.on_relax = [&] { serve_requests(harts[1], remote); };
    fence({0b10, 0});
    EXPECT_EQ(harts[0].sfence.done, 1U);
    EXPECT_EQ(harts[0].fence_i.done, 1U);
}

TEST_F(Requests, ToStopParkTheHart) {
    harts[1].stop_ordered = 1;
    harts[1].sfence.requested = 1;
    EXPECT_THROW(serve_requests(harts[1], remote), Parked);
    EXPECT_EQ(state(1), HsmState::stopped);
    EXPECT_THAT(remote.fences, IsEmpty());
}

TEST_F(Requests, ToStopEndAWaitForAFence) {
    port.on_relax = [&] { harts[0].stop_ordered = 1; };
    EXPECT_THROW(fence({0b10, 0}), Parked);
    EXPECT_EQ(state(0), HsmState::stopped);
}

/// Runs as a thread, as a hart whose cached translations are what `page` was when it fenced last.
struct ThreadPort : FakeSbiPort {
    void send(VCpu&, Message) {}
    void relax() { std::this_thread::yield(); }
    void local_sfence(Fence) { translation = page->load(std::memory_order_relaxed); }

    const std::atomic<std::uint64_t>* page = nullptr;
    std::uint64_t translation = 0;
};

TEST_F(Requests, OfTwoHartsToEachOtherAllEndAndNoStaleTranslationIsLeft) {
    // Hart h writes page[h]; the other one caches it. After the fence returns the other has seen it.
    constexpr std::uint64_t rounds = 2000;
    std::array<std::atomic<std::uint64_t>, 2> page{};
    std::array<ThreadPort, 2> ports;
    std::array<std::atomic<std::uint64_t>, 2> stale{};
    std::atomic<int> running = 2;
    const auto hart = [&](std::uint32_t me) {
        const auto other = 1 - me;
        ports[me].page = &page[other];
        for (std::uint64_t round = 1; round <= rounds; ++round) {
            page[me].store(round, std::memory_order_relaxed);
            fence_harts(harts[me], ports[me], {std::uint64_t{1} << other, 0}, &VCpu::sfence,
                        FirmwareEvent::sfence_vma_sent, [] {});
            // The acquire of `done` orders this load; the other hart's next fence can only make the value larger.
            stale[me] += std::atomic_ref(ports[other].translation).load(std::memory_order_relaxed) < round;
        }
        for (--running; running != 0;) {
            serve_requests(harts[me], ports[me]);
        }
    };
    std::thread second(hart, 1);
    hart(0);
    second.join();
    EXPECT_EQ(stale[0], 0U);
    EXPECT_EQ(stale[1], 0U);
}

}  // namespace
}  // namespace mullion
