// SPDX-License-Identifier: Apache-2.0
// Walks the interleavings of programs, which are plain functions: each has its own stack, and stops before each access
// to shared memory, and wherever memory may answer in more than one way. walked/states.hpp visits all states.
#pragma once

#include <setjmp.h>
#include <ucontext.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <new>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace mullion::walked {

class Shared;

/// A condition that can be copied bytewise.
class Ready {
 public:
    Ready() = default;
    template <class Condition>
    requires(sizeof(Condition) <= 16 && std::is_trivially_copyable_v<Condition>) Ready(Condition condition)
        : holds_([](const Ready& self) {
              return (*std::launder(reinterpret_cast<const Condition*>(self.captured_.data())))();
          }) {
        new (captured_.data()) Condition(condition);
    }
    bool operator()() const { return holds_ == nullptr || holds_(*this); }

 private:
    bool (*holds_)(const Ready&) = nullptr;
    alignas(8) std::array<std::byte, 16> captured_{};
};

/// The state of a program, besides its stack.
struct Progress {
    Ready ready;
    ucontext_t beginning{};
    jmp_buf context{};
    const std::byte* top = nullptr;  ///< top of its stack, which grows down
    std::uint64_t history = 0;       ///< hash of everything that it has seen, and of its stops
    std::uint64_t looked_at = 0;     ///< the version of the shared memory when its last pause ended
    std::uint64_t round = 0;         ///< hash of its accesses since its last pause, unless it has changed something
    std::uint64_t last_round = 0;
    std::uint64_t before_round = 0;           ///< its history at that pause
    const Shared* about_to_access = nullptr;  ///< what it is about to access alone
    std::size_t ways = 0;                     ///< more than 1: it asks which of so many ways it goes on
    bool fresh = false;                       ///< it was chosen, and has not seen anything since
    bool begun = false;
    bool done = false;

    bool can_run() const { return !done && ready(); }
};

struct Fiber : Progress {
    std::function<void()> body;
    alignas(16) std::array<std::byte, 32 * 1024> stack;

    /// Returns the used part of the stack, with some bytes below the top for _setjmp().
    std::span<std::byte> used() {
        const auto unused = top == nullptr ? stack.size() : static_cast<std::size_t>(top - stack.data()) - 256;
        return std::span{stack}.subspan(unused);
    }
};

/// What memory has beside the values in a world: nothing, where every access is sequentially consistent
/// (walked/weak/memory.hpp has the other).
class Memory {
 public:
    virtual ~Memory() = default;

    /// Begins a walk over so many programs.
    virtual void begin(std::size_t) {}
    virtual std::span<std::byte> state() { return {}; }
    virtual std::uint64_t bits() const { return 0; }
    /// Returns whether the walk was not complete, and is to be made once more.
    virtual bool needs_another_walk() { return false; }
    /// Called at the end of each round of a loop that waits, which has read the same places as the one before if it is
    /// `steady`. Returns whether the program has no reason to wait for a change.
    virtual bool ends_round(bool) { return false; }
};
inline Memory sequential;

/// The state of the current walk; there is one at a time.
struct Walk {
    std::array<Fiber, 6> fibers;
    Fiber* current = nullptr;  ///< null while a world is made or checked
    jmp_buf scheduler{};
    std::uint64_t version = 0;  ///< how often the shared memory has changed
    std::vector<Shared*> shared;
    Memory* memory = &sequential;
    std::size_t way = 0;            ///< that was chosen for the current program
    std::function<void()> on_race;  ///< of the world
};
inline Walk walk;

/// Memory that several programs access, by the functions below.
class Shared {
 public:
    constexpr Shared() {
        if (!std::is_constant_evaluated()) {
            walk.shared.push_back(this);
        }
    }
    constexpr virtual ~Shared() {
        if (!std::is_constant_evaluated()) {
            forget();
        }
    }
    Shared(const Shared&) = delete;
    Shared& operator=(const Shared&) = delete;

    virtual std::uint64_t bits() const = 0;
    /// Called when a walk begins.
    virtual void begin() {}

    /// Leaves out the steps before accesses, to keep a walk small: for what only one program accesses, what nobody
    /// changes, or what is guarded by a lock that needs steps itself.
    void needs_no_step() { steps_ = false; }

    /// Leaves out the steps, and the contents from comparisons of states: for what nobody reads.
    void forget() {
        needs_no_step();
        const auto at = std::find(walk.shared.rbegin(), walk.shared.rend(), this);
        if (at != walk.shared.rend()) {
            walk.shared.erase(std::next(at).base());
        }
    }

 protected:
    bool has_steps() const { return steps_; }
    void step() const;
    /// Makes the step before an access that no other program may make at the same time.
    void step_alone() const;

 private:
    bool steps_ = true;
};

inline std::uint64_t mixed(std::uint64_t a, std::uint64_t b) {
    auto x = (a ^ (b + 0x9e37'79b9'7f4a'7c15)) * 0xbf58'476d'1ce4'e5b9;
    x ^= x >> 29;
    return x * 0x94d0'49bb'1331'11eb ^ x >> 32;
}

/// Returns the bits of a value. Requires: it has no padding.
template <class T>
requires std::has_unique_object_representations_v<T> std::uint64_t bits_of(const T& value) {
    std::uint64_t hash = sizeof(T);
    for (const auto byte : std::bit_cast<std::array<std::uint8_t, sizeof(T)>>(value)) {
        hash = mixed(hash, byte);
    }
    return hash;
}

/// Switches stacks without the signal mask, for which swapcontext would call the kernel.
inline void switch_from(jmp_buf& from, jmp_buf& to) {
    if (_setjmp(from) == 0) {
        _longjmp(to, 1);
    }
}

/// Lets the walk go on from here in `ways` ways, and returns which of them this one is.
[[gnu::noinline]] inline std::size_t choose(std::size_t ways) {
    auto* const self = walk.current;
    if (ways < 2 || self == nullptr) {
        return 0;
    }
    self->ways = ways;
    self->top = static_cast<const std::byte*>(__builtin_frame_address(0)) - 512;
    switch_from(self->context, walk.scheduler);
    self->ways = 0;
    return walk.way;
}

/// Stops the program until `ready` holds and it is chosen; does nothing outside of programs. Not inlined, as its frame
/// shows how much of the stack is used.
[[gnu::noinline]] inline void block(Ready ready) {
    auto* const self = walk.current;
    if (self == nullptr) {
        return;
    }
    self->ready = ready;
    self->history = mixed(self->history, 1);  // its progress
    self->top = static_cast<const std::byte*>(__builtin_frame_address(0)) - 512;
    switch_from(self->context, walk.scheduler);
    self->ready = {};
    self->fresh = true;
}
/// Stops before an access. Two stops with nothing seen in between count as one.
inline void step() {
    if (walk.current != nullptr && !walk.current->fresh) {
        block({});
    }
}
inline void Shared::step() const {
    if (steps_) {
        walked::step();
    }
    if (walk.current != nullptr) {
        walk.current->round = mixed(walk.current->round, reinterpret_cast<std::uintptr_t>(this));
    }
}
inline void Shared::step_alone() const {
    auto* const self = walk.current;
    if (!steps_ || self == nullptr) {
        return;
    }
    self->about_to_access = this;
    block({});
    self->about_to_access = nullptr;
    for (const auto& other : walk.fibers) {
        if (other.about_to_access == this) {
            walk.on_race();
        }
    }
}

/// Waits in a loop: a round that found nothing is not repeated before something has changed. It also leaves no trace:
/// after a round with the same accesses as the previous one the program is in the same state.
inline void pause() {
    auto* const self = walk.current;
    const bool steady = self->round == self->last_round;
    if (steady) {
        self->history = self->before_round;
    } else {
        self->before_round = self->history;
    }
    self->last_round = std::exchange(self->round, 0);
    const bool again = walk.memory->ends_round(steady);
    block([again, before = self->looked_at] { return again || walk.version != before; });
    self->looked_at = walk.version;
}

/// Forgets what the program has seen so far, except `where` and the world's bits, so that many ways lead to the same
/// state. Requires: nothing else matters any more.
inline void forget(std::uint64_t where) {
    walk.current->history = mixed(0, where);
}

template <class T>
T seen(T value) {
    if (walk.current != nullptr) {
        walk.current->history = mixed(walk.current->history, static_cast<std::uint64_t>(value));
        walk.current->fresh = false;
    }
    return value;
}
template <class T>
void change_unseen(T& place, T value) {
    if (place != value) {
        ++walk.version;
        if (walk.current != nullptr) {
            walk.current->round = mixed(walk.current->round, walk.version);
        }
    }
    place = value;
    seen(0);
}
template <class T>
void change(T& place, T value) {
    change_unseen(place, value);
    seen(value);
}

inline void run_fiber() {
    walk.current->body();
    walk.current->done = true;
    _longjmp(walk.scheduler, 1);
}

inline void run(Fiber& fiber) {
    walk.current = &fiber;
    if (std::exchange(fiber.begun, true)) {
        switch_from(walk.scheduler, fiber.context);
    } else if (_setjmp(walk.scheduler) == 0) {
        setcontext(&fiber.beginning);
    }
    walk.current = nullptr;
}

inline void prepare(Fiber& fiber, std::function<void()> body) {
    fiber.body = std::move(body);
    static_cast<Progress&>(fiber) = {};
    getcontext(&fiber.beginning);
    fiber.beginning.uc_stack = {.ss_sp = fiber.stack.data(), .ss_flags = 0, .ss_size = fiber.stack.size()};
    fiber.beginning.uc_link = nullptr;
    makecontext(&fiber.beginning, run_fiber, 0);
}

}  // namespace mullion::walked
