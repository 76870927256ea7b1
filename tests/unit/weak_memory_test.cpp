// SPDX-License-Identifier: Apache-2.0
// Tests the weak memory of the walks (walked/weak_memory.hpp) by the shapes of litmus tests: it shows what C++ allows,
// and nothing that C++ forbids.
#include "walked/weak_memory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <memory>
#include <set>
#include <vector>

#include "core/atomic.hpp"
#include "walked/states.hpp"

namespace mullion {
namespace {

using enum std::memory_order;

struct Places {
    Atomic<std::uint32_t> x{0};
    Atomic<std::uint32_t> y{0};
    Owned<std::uint32_t> owned{0};
    std::array<std::uint32_t, 4> r{};  ///< what was read
};

using Programs = std::vector<std::function<void(Places&)>>;

struct Litmus : Places {
    using End = std::array<std::uint32_t, 6>;

    Litmus(const Programs& what, std::set<End>& found) : ends(found) {
        for (const auto& program : what) {
            programs.emplace_back([this, &program] { program(*this); });
        }
    }
    void check() { ends.insert({r[0], r[1], r[2], r[3], x.peek(), y.peek()}); }
    void race() { ends.insert({0xbad}); }

    std::vector<std::function<void()>> programs;
    std::set<End>& ends;
};

/// Returns whether the programs can end with these values: what they read in `r`, then x and y.
bool can_end(const Programs& programs, std::array<std::uint32_t, 4> r,
             std::optional<std::array<std::uint32_t, 2>> xy = {}) {
    std::set<Litmus::End> ends;
    walked::walk_code([&] { return std::make_unique<Litmus>(programs, ends); }, walked::weak);
    return std::ranges::any_of(ends, [&](const Litmus::End& end) {
        return std::equal(r.begin(), r.end(), end.begin()) &&
               (!xy || std::equal(xy->begin(), xy->end(), end.begin() + 4));
    });
}
bool can_race(const Programs& programs) {
    std::set<Litmus::End> ends;
    walked::walk_code([&] { return std::make_unique<Litmus>(programs, ends); }, walked::weak);
    return ends.contains({0xbad});
}

// --- MP: a message is seen, and what it is about is not -------------------------------------------------------------

bool mp(std::memory_order store, std::memory_order load, std::memory_order before = relaxed,
        std::memory_order after = relaxed) {
    return can_end({[=](Places& m) {
                        m.x.store(1, relaxed);
                        atomic_fence(before);
                        m.y.store(1, store);
                    },
                    [=](Places& m) {
                        m.r[0] = m.y.load(load);
                        atomic_fence(after);
                        m.r[1] = m.x.load(relaxed);
                    }},
                   {1, 0});
}

TEST(WeakMemory, LetsAMessageOvertakeUnlessItIsReleasedAndAcquired) {
    EXPECT_TRUE(mp(relaxed, relaxed));
    EXPECT_TRUE(mp(release, relaxed));
    EXPECT_TRUE(mp(relaxed, acquire));
    EXPECT_FALSE(mp(release, acquire));
    EXPECT_FALSE(mp(seq_cst, seq_cst));
}

TEST(WeakMemory, LetsFencesReleaseAndAcquire) {
    EXPECT_FALSE(mp(relaxed, relaxed, release, acquire));
    EXPECT_FALSE(mp(relaxed, relaxed, seq_cst, seq_cst));
    EXPECT_TRUE(mp(relaxed, relaxed, acquire, acquire));
    EXPECT_TRUE(mp(relaxed, relaxed, release, release));
}

bool mp_by_a_third(std::memory_order order) {
    return can_end({[](Places& m) {
                        m.x.store(1, relaxed);
                        m.y.store(1, release);
                    },
                    [=](Places& m) { m.y.fetch_add(1, order); },
                    [](Places& m) {
                        m.r[0] = m.y.load(acquire);
                        m.r[1] = m.x.load(relaxed);
                    }},
                   {2, 0});
}

TEST(WeakMemory, CarriesAReleaseOnByWhatModifies) {
    EXPECT_FALSE(mp_by_a_third(relaxed));
}

// --- SB, R, 2+2W: stores that wait ----------------------------------------------------------------------------------

bool sb(std::memory_order store, std::memory_order load, std::memory_order fence = relaxed) {
    return can_end({[=](Places& m) {
                        m.x.store(1, store);
                        atomic_fence(fence);
                        m.r[0] = m.y.load(load);
                    },
                    [=](Places& m) {
                        m.y.store(1, store);
                        atomic_fence(fence);
                        m.r[1] = m.x.load(load);
                    }},
                   {0, 0});
}

TEST(WeakMemory, LetsBothMissTheOtherUnlessBothAreSeqCst) {
    EXPECT_TRUE(sb(relaxed, relaxed));
    EXPECT_TRUE(sb(release, acquire));
    EXPECT_TRUE(sb(seq_cst, acquire));
    EXPECT_TRUE(sb(release, seq_cst));
    EXPECT_FALSE(sb(seq_cst, seq_cst));
    EXPECT_TRUE(sb(relaxed, relaxed, acq_rel));
    EXPECT_FALSE(sb(relaxed, relaxed, seq_cst));
}

bool r(std::memory_order second, std::memory_order load, std::memory_order fence = relaxed) {
    return can_end({[=](Places& m) {
                        m.x.store(1, second);
                        atomic_fence(fence);
                        m.y.store(1, second);
                    },
                    [=](Places& m) {
                        m.y.store(2, second);
                        atomic_fence(fence);
                        m.r[0] = m.x.load(load);
                    }},
                   {0}, std::array{1U, 2U});
}

TEST(WeakMemory, LetsTheLastWriterMissWhatWasBefore) {
    EXPECT_TRUE(r(relaxed, relaxed));
    EXPECT_TRUE(r(release, acquire));
    EXPECT_TRUE(r(seq_cst, relaxed));
    EXPECT_TRUE(r(release, seq_cst));
    EXPECT_FALSE(r(seq_cst, seq_cst));
    EXPECT_FALSE(r(relaxed, relaxed, seq_cst));
}

bool two_writers(std::memory_order order, std::memory_order fence = relaxed) {
    return can_end({[=](Places& m) {
                        m.x.store(2, order);
                        atomic_fence(fence);
                        m.y.store(1, order);
                    },
                    [=](Places& m) {
                        m.y.store(2, order);
                        atomic_fence(fence);
                        m.x.store(1, order);
                    }},
                   {}, std::array{2U, 2U});
}

TEST(WeakMemory, LetsEachOfTwoWritersBeFirstSomewhere) {
    EXPECT_TRUE(two_writers(relaxed));
    EXPECT_TRUE(two_writers(release));
    EXPECT_FALSE(two_writers(seq_cst));
    EXPECT_FALSE(two_writers(relaxed, seq_cst));
}

// --- more than two --------------------------------------------------------------------------------------------------

bool iriw(std::memory_order store, std::memory_order load) {
    return can_end({[=](Places& m) { m.x.store(1, store); }, [=](Places& m) { m.y.store(1, store); },
                    [=](Places& m) {
                        m.r[0] = m.x.load(load);
                        m.r[1] = m.y.load(load);
                    },
                    [=](Places& m) {
                        m.r[2] = m.y.load(load);
                        m.r[3] = m.x.load(load);
                    }},
                   {1, 0, 1, 0});
}

TEST(WeakMemory, ShowsTwoStoresInTwoOrdersUnlessAllAreSeqCst) {
    EXPECT_TRUE(iriw(release, acquire));
    EXPECT_FALSE(iriw(seq_cst, seq_cst));
}

// --- one place ------------------------------------------------------------------------------------------------------

TEST(WeakMemory, NeverGoesBackAtOnePlace) {
    const Programs programs{[](Places& m) {
                                m.x.store(1, relaxed);
                                m.x.store(2, relaxed);
                            },
                            [](Places& m) {
                                m.r[0] = m.x.load(relaxed);
                                m.r[1] = m.x.load(relaxed);
                            }};
    EXPECT_TRUE(can_end(programs, {1, 1}));
    EXPECT_TRUE(can_end(programs, {0, 2}));
    EXPECT_FALSE(can_end(programs, {2, 1}));
    EXPECT_FALSE(can_end(programs, {1, 0}));
}

TEST(WeakMemory, LosesNothingOfWhatIsModified) {
    const auto add = [](Places& m) { m.x.fetch_add(1, relaxed); };
    EXPECT_TRUE(can_end({add, add, add}, {}, std::array{3U, 0U}));
    EXPECT_FALSE(can_end({add, add, add}, {}, std::array{2U, 0U}));
    const auto lock = [](std::size_t i) {
        return [=](Places& m) {
            std::uint32_t expected = 0;
            m.r[i] = m.x.compare_exchange_strong(expected, 1, relaxed) ? 1 : 0;
        };
    };
    EXPECT_TRUE(can_end({lock(0), lock(1)}, {0, 1}));
    EXPECT_FALSE(can_end({lock(0), lock(1)}, {1, 1}));
}

TEST(WeakMemory, NoticesAnOwnerWhoDoesNotKnowTheLastOne) {
    const auto handover = [](std::memory_order store, std::memory_order load) {
        return can_race({[=](Places& m) {
                             *m.owned = 1;
                             m.x.store(1, store);
                         },
                         [=](Places& m) {
                             if (m.x.load(load) == 1) {
                                 *m.owned = 2;
                             }
                         }});
    };
    EXPECT_TRUE(handover(relaxed, acquire));
    EXPECT_TRUE(handover(release, relaxed));
    EXPECT_FALSE(handover(release, acquire));
}

TEST(WeakMemory, EndsALoopThatWaits) {
    EXPECT_TRUE(can_end({[](Places& m) { m.x.store(1, relaxed); },
                         [](Places& m) {
                             while (m.x.load(relaxed) == 0) {
                                 walked::pause();
                             }
                             m.r[0] = 1;
                         }},
                        {1}));
}

// --- devices --------------------------------------------------------------------------------------------------------

TEST(WeakMemory, DeliversAfterAllThatTheSenderDidOrRead) {
    EXPECT_FALSE(can_end({[](Places& m) {
                              m.x.store(1, relaxed);
                              m.y.add_bits(1);
                          },
                          [](Places& m) {
                              m.r[0] = m.y.exchange(0, acquire);
                              m.r[1] = m.x.load(relaxed);
                          }},
                         {1, 0}));
}

}  // namespace
}  // namespace mullion
