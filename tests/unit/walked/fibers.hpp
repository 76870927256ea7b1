// SPDX-License-Identifier: Apache-2.0
// Walks the interleavings of programs that are plain functions: each has a stack of its own, and stops before each
// access to what is shared. Two states are the same if the shared memory is, and if each program has seen the same so
// far, since that decides what it does.
#pragma once

#include <setjmp.h>
#include <ucontext.h>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <stdexcept>
#include <type_traits>
#include <utility>
#include <vector>

namespace mullion::walked {

class Shared;

struct Fiber {
    std::function<void()> body;
    std::function<bool()> ready = [] { return true; };
    ucontext_t beginning{};
    jmp_buf context{};
    std::array<char, 32 * 1024> stack;
    std::uint64_t history = 0;  ///< of all that it has seen, and how often it has stopped
    bool looks = false;         ///< it has seen something since its last pause
    std::uint64_t looked_at = 0;
    bool begun = false;
    bool done = false;

    bool can_run() const { return !done && ready(); }
};

/// Of the walk that is under way: one at a time.
struct Walk {
    Fiber* current = nullptr;  ///< null while a world is made or checked
    jmp_buf scheduler{};
    std::uint64_t version = 0;  ///< how often the shared memory has changed
    std::vector<Shared*> shared;
};
inline Walk walk;

/// What several programs access, by the functions below.
class Shared {
 public:
    constexpr Shared() {
        if (!std::is_constant_evaluated()) {
            walk.shared.push_back(this);
        }
    }
    constexpr virtual ~Shared() {
        if (!std::is_constant_evaluated()) {
            std::erase(walk.shared, this);
        }
    }
    virtual std::uint64_t bits() const = 0;

    /// No step before an access: for what one program alone accesses, or nobody changes, or what a lock guards that is
    /// such a one itself. To keep a walk small.
    void needs_no_step() { steps_ = false; }

 protected:
    void step() const;

 private:
    bool steps_ = true;
};

inline std::uint64_t mixed(std::uint64_t a, std::uint64_t b) {
    auto x = (a ^ (b + 0x9e37'79b9'7f4a'7c15)) * 0xbf58'476d'1ce4'e5b9;
    x ^= x >> 29;
    return x * 0x94d0'49bb'1331'11eb ^ x >> 32;
}

/// Of a value without padding.
template <class T>
requires std::has_unique_object_representations_v<T>
std::uint64_t bits_of(const T& value) {
    std::uint64_t hash = sizeof(T);
    for (const auto byte : std::bit_cast<std::array<std::uint8_t, sizeof(T)>>(value)) {
        hash = mixed(hash, byte);
    }
    return hash;
}

/// Without the signal mask, which swapcontext would ask the kernel for.
inline void switch_from(jmp_buf& from, jmp_buf& to) {
    if (_setjmp(from) == 0) {
        _longjmp(to, 1);
    }
}

/// Goes on when it is chosen and `ready` holds. Nothing outside a program.
inline void block(std::function<bool()> ready) {
    auto* const self = walk.current;
    if (self == nullptr) {
        return;
    }
    self->ready = std::move(ready);
    self->history = mixed(self->history, 1);  // how far it is
    switch_from(self->context, walk.scheduler);
    self->ready = [] { return true; };
    if (!std::exchange(self->looks, true)) {
        self->looked_at = walk.version;
    }
}
inline void step() {
    block([] { return true; });
}
inline void Shared::step() const {
    if (steps_) {
        walked::step();
    }
}

/// A look that found nothing does not come again before something has changed.
inline void pause() {
    auto* const self = walk.current;
    block([before = self->looked_at] { return walk.version != before; });
    self->looks = false;
}

template <class T>
T seen(T value) {
    if (walk.current != nullptr) {
        walk.current->history = mixed(walk.current->history, static_cast<std::uint64_t>(value));
    }
    return value;
}
template <class T>
void change(T& place, T value) {
    walk.version += place != value ? 1 : 0;
    place = value;
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
    fiber.ready = [] { return true; };
    fiber.history = 0;
    fiber.begun = fiber.looks = fiber.done = false;
    getcontext(&fiber.beginning);
    fiber.beginning.uc_stack = {.ss_sp = fiber.stack.data(), .ss_flags = 0, .ss_size = fiber.stack.size()};
    fiber.beginning.uc_link = nullptr;
    makecontext(&fiber.beginning, run_fiber, 0);
}

/// `make()` gives a fresh world (a unique_ptr) with `programs` (functions) and `check()`, which runs where none can go
/// on. Returns the number of states.
template <class Make>
std::size_t walk_code(Make make) {
    static std::array<Fiber, 4> fibers;
    std::set<std::uint64_t> known;
    std::vector<std::vector<std::uint8_t>> unexplored{{}};
    while (!unexplored.empty()) {
        auto schedule = std::move(unexplored.back());
        unexplored.pop_back();
        walk.version = 0;
        const auto world = make();
        const auto count = world->programs.size();
        if (count > fibers.size()) {
            throw std::logic_error("too many programs");
        }
        for (std::size_t i = 0; i < count; ++i) {
            prepare(fibers[i], world->programs[i]);
        }
        for (const auto choice : schedule) {
            run(fibers[choice]);
        }
        const auto fingerprint = [&] {
            std::uint64_t hash = 0;
            for (const auto* const each : walk.shared) {
                hash = mixed(hash, each->bits());
            }
            for (std::size_t i = 0; i < count; ++i) {
                hash = mixed(hash, fibers[i].history * 2 + (fibers[i].can_run() ? 1 : 0));
            }
            return hash;
        };
        while (known.insert(fingerprint()).second) {
            std::vector<std::uint8_t> runnable;
            for (std::uint8_t i = 0; i < count; ++i) {
                if (fibers[i].can_run()) {
                    runnable.push_back(i);
                }
            }
            if (runnable.empty()) {
                world->check();
                break;
            }
            for (std::size_t i = 1; i < runnable.size(); ++i) {
                unexplored.push_back(schedule);
                unexplored.back().push_back(runnable[i]);
            }
            run(fibers[runnable.front()]);
            schedule.push_back(runnable.front());
        }
    }
    return known.size();
}

}  // namespace mullion::walked
