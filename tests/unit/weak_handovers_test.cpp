// SPDX-License-Identifier: Apache-2.0
// Walks what two harts hand each other (turns, messages, fences, the bytes of a console) in a memory as weak as C++
// allows (walked/weak_memory.hpp).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/message.hpp"
#include "core/tickets.hpp"
#include "fake_sbi_port.hpp"
#include "vm/console_channel.hpp"
#include "vm/console_own_lines.hpp"
#include "walked/states.hpp"

namespace mullion {
namespace {

using Faults = std::set<std::string>;

/// Has what the scenes share: their programs, and the faults that these find.
struct Stage {
    explicit Stage(Faults& found) : faults(found) {}

    void expect(bool holds, const char* what) {
        if (!holds) {
            faults.insert(what);
        }
    }
    void race() { expect(false, "two at once at what one of them owns"); }

    std::vector<std::function<void()>> programs;
    Faults& faults;
};

template <class Scene>
Faults faults_of(auto... arguments) {
    Faults faults;
    walked::walk_code([&] { return std::make_unique<Scene>(faults, arguments...); }, walked::weak_unless_told());
    return faults;
}

// --- core/tickets.hpp -----------------------------------------------------------------------------------------------

/// Lets two programs wait for their turns, while a third only tries to have one.
struct Turns : Stage {
    explicit Turns(Faults& found) : Stage(found) {
        for (int i = 0; i < 2; ++i) {
            programs.emplace_back([this] {
                for (const auto ticket = tickets.take(); !tickets.is_served(ticket);) {
                    walked::pause();
                }
                use();
            });
        }
        programs.emplace_back([this] {
            if (tickets.try_take()) {
                use();
            }
        });
    }
    void use() {
        *owned = *owned + 1;
        tickets.serve_next();
    }
    void check() { expect(tickets.try_take(), "a turn that nobody ends"); }

    Tickets tickets;
    Owned<std::uint32_t> owned{0};
};

TEST(WeakTurns, AreOneAfterTheOther) {
    EXPECT_THAT(faults_of<Turns>(), testing::IsEmpty());
}

// --- core/message.hpp -----------------------------------------------------------------------------------------------

enum class Between : std::uint8_t { fence, nothing };

/// Lets two programs send by a word and an interrupt, as arch/irq/without_imsic.hpp does.
struct Word : Stage {
    Word(Faults& found, Between between) : Stage(found) {
        for (const auto message : {Message::request, Message::attention}) {
            programs.emplace_back([this, message] {
                news[message == Message::request ? 0 : 1].store(1, std::memory_order_relaxed);
                word.post(message, [this] { interrupt.deliver(1); });
            });
        }
        programs.emplace_back([this, between] {
            for (;;) {
                walked::forget(0);
                walked::block([this] { return interrupt.peek() != 0; });
                const auto messages = word.take([this, between] {
                    interrupt.store(0, std::memory_order_relaxed);
                    if (between == Between::fence) {
                        atomic_fence(std::memory_order_seq_cst);
                    }
                });
                look(messages, Message::request, 0);
                look(messages, Message::attention, 1);
            }
        });
    }
    void look(Messages messages, Message message, std::size_t index) {
        if (has(messages, message)) {
            expect(news[index].load(std::memory_order_relaxed) == 1, "a message before what it is about");
            taken |= bit(message);
        }
    }
    void check() { expect(taken == (bit(Message::request) | bit(Message::attention)), "a message that nobody takes"); }

    MessageWord word;
    Atomic<std::uint32_t> interrupt{0};
    std::array<Atomic<std::uint32_t>, 2> news;
    Messages taken = 0;
};

TEST(WeakMessages, AreTakenOnceTheInterruptIsCleared) {
    EXPECT_THAT(faults_of<Word>(Between::fence), testing::IsEmpty());
}

TEST(WeakMessages, GetLostWithoutAFenceAfterTheInterruptIsCleared) {
    EXPECT_THAT(faults_of<Word>(Between::nothing), testing::ElementsAre("a message that nobody takes"));
}

// --- vm/sbi/requests.hpp --------------------------------------------------------------------------------------------

struct FencePort : FakeSbiPort {
    std::function<void()> on_fence;

    void send(VCpu&, Message) {}
    void relax() { walked::pause(); }
    void local_fence_i() { on_fence(); }
    void local_sfence(Fence) {}
};

/// Lets one hart remove a page from the other's translations, and use it for something else.
struct OldTranslation : Stage, FakeHarts {
    explicit OldTranslation(Faults& found) : Stage(found) {
        set(0, HsmState::started);
        set(1, HsmState::started);
        for (auto& vcpu : harts) {
            for (auto* const part : {&vcpu.sfence.requested, &vcpu.sfence.done, &vcpu.messages[0]}) {
                part->forget();
            }
        }
        programs.emplace_back([this] {
            ask_for_fence(harts[0], port(), {1, 1}, &VCpu::fence_i, FirmwareEvent::fence_i_sent);
            await_fence(harts[0], port(), {1, 1}, &VCpu::fence_i);
            *page = 1;
        });
        programs.emplace_back([this] {
            *page = 2;
            while (!is_fenced) {
                serve_requests(harts[1], port());
                walked::pause();
            }
        });
    }
    FencePort& port() {
        static FencePort shared;
        shared.on_fence = [this] { is_fenced = true; };
        return shared;
    }
    void check() { expect(is_fenced, "a fence that nobody makes"); }

    Owned<std::uint32_t> page{0};
    bool is_fenced = false;
};

TEST(WeakFences, EndTheUseOfOldTranslationsBeforeTheCallReturns) {
    EXPECT_THAT(faults_of<OldTranslation>(), testing::IsEmpty());
}

// --- vm/hart_states.hpp ---------------------------------------------------------------------------------------------

/// Lets hart 0 ask whether it is alone, as a suspend does, while the last hart starts hart 1, which hart 0 has looked
/// at already, and stops itself.
struct Alone : Stage, FakeHarts {
    explicit Alone(Faults& found) : Stage(found) {
        set(0, HsmState::started);
        set(2, HsmState::started);
        for (auto& vcpu : harts) {
            for (auto* const part : {&vcpu.sfence.requested, &vcpu.sfence.done, &vcpu.fence_i.requested,
                                     &vcpu.fence_i.done, &vcpu.messages[0]}) {
                part->forget();
            }
        }
        programs.emplace_back([this] {
            if (hsm::is_alone(harts[0])) {
                *place = 0;
                hsm::allow_starts(harts[0]);
            }
        });
        programs.emplace_back([this] {
            while (!hsm::take_start(harts[1])) {
                walked::pause();
            }
            *place = 1;
            has_begun = true;
            stop(1);
        });
        programs.emplace_back([this] {
            *place = 2;
            static FencePort port;
            has_started = hart_start(harts[2], port, 1, {guest.entry, 0}) == sbi_success;
            stop(2);
        });
    }
    void stop(std::size_t hart) {
        hsm::stop(harts[hart], [] {});
    }
    void check() {
        expect(has_begun == has_started, "a start that has succeeded, and no hart began");
        expect(hsm::all_stopped(std::span{harts}.subspan(1)), "a hart that stays in between");
    }

    Owned<std::uint32_t> place{0};
    bool has_begun = false;
    bool has_started = false;
};

TEST(WeakHarts, LetNoneStartBesideOneThatIsAlone) {
    EXPECT_THAT(faults_of<Alone>(), testing::IsEmpty());
}

// --- vm/console_channel.hpp -----------------------------------------------------------------------------------------

using SmallRing = Ring<4>;

/// Hands the place of a byte from the producer to the consumer, and back.
struct Bytes : Stage {
    explicit Bytes(Faults& found) : Stage(found) {
        for (const char c : {'a', 'b'}) {
            ring.put(static_cast<std::uint8_t>(c));
        }
        programs.emplace_back([this] {
            *last = 1;
            ring.put('c');
            if (ring.put('d')) {
                *first = 2;
            }
        });
        programs.emplace_back([this] {
            *first = 1;
            ring.release(1, false);
            if (ring.head() >= 3) {
                *last = 2;
            }
        });
    }
    void check() {}

    SmallRing ring;
    Owned<std::uint32_t> first{0};
    Owned<std::uint32_t> last{0};
};

TEST(WeakConsole, HandsEachByteOverAndItsPlaceBack) {
    EXPECT_THAT(faults_of<Bytes>(), testing::IsEmpty());
}

/// Lets the producer complete a line, and count it.
struct Lines : Stage {
    explicit Lines(Faults& found) : Stage(found) {
        programs.emplace_back([this] { ring.put('\n'); });
        programs.emplace_back([this] { expect(!ring.has_line() || ring.head() == 1, "a line without its bytes"); });
    }
    void check() {}

    SmallRing ring;
};

TEST(WeakConsole, CountsNoLineBeforeItsBytes) {
    EXPECT_THAT(faults_of<Lines>(), testing::IsEmpty());
}

/// Lets the producer put a byte under a deadline that the consumer is just removing.
struct Deadline : Stage {
    explicit Deadline(Faults& found) : Stage(found) {
        ring.set_deadline(5);
        programs.emplace_back([this] {
            ring.put('a');
            is_news = ring.take_news();
        });
        programs.emplace_back([this] {
            ring.set_deadline(std::nullopt);
            is_seen = ring.head() != ring.tail();
        });
    }
    void check() { expect(is_news || is_seen, "a byte that nobody shows"); }

    SmallRing ring;
    bool is_news = false;
    bool is_seen = false;
};

TEST(WeakConsole, ShowsAByteWhoseDeadlineIsTakenBack) {
    EXPECT_THAT(faults_of<Deadline>(), testing::IsEmpty());
}

/// Lets a byte find no room while the consumer makes some.
struct Room : Stage {
    explicit Room(Faults& found) : Stage(found) {
        while (ring.room() != 0) {
            ring.put('a');
        }
        programs.emplace_back([this] { is_put = ring.put('b'); });
        programs.emplace_back([this] {
            ring.release(1, false);
            is_called = ring.room_wanted();
        });
    }
    void check() { expect(is_put || is_called, "a producer that nobody calls"); }

    SmallRing ring;
    bool is_put = false;
    bool is_called = false;
};

TEST(WeakConsole, CallsAProducerThatFoundNoRoom) {
    EXPECT_THAT(faults_of<Room>(), testing::IsEmpty());
}

// --- vm/console_own_lines.hpp ---------------------------------------------------------------------------------------

/// Leaves out notices while the number of others is told.
struct Notices : Stage {
    explicit Notices(Faults& found) : Stage(found) {
        left_out.add(of[0]);
        for (std::size_t guest = 1; guest < of.size(); ++guest) {
            programs.emplace_back([this, guest] { left_out.add(of[guest]); });
        }
        programs.emplace_back([this] {
            while (const auto guest = left_out.next(
                       of.size(), [this](std::size_t i) -> auto& { return of[i]; })) {
                of[*guest].take_left_out();
            }
        });
    }
    void check() {
        for (auto& notices : of) {
            expect(left_out.any() || !notices.has_left_out(), "notices that nobody tells of");
        }
    }

    LeftOut left_out;
    std::array<SmallRing::Notices, 3> of;
};

TEST(WeakConsole, TellsOfAllThatWasLeftOut) {
    EXPECT_THAT(faults_of<Notices>(), testing::IsEmpty());
}

}  // namespace
}  // namespace mullion
