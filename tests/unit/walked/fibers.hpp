// SPDX-License-Identifier: Apache-2.0
// Walks the interleavings of programs, which are plain functions: each has its own stack, and stops before each access
// to shared memory. Two states are the same if the shared memory is, and if each program has seen the same so far,
// since that decides what it does. If several programs can continue, the state is saved, to return to it.
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
#include <memory>
#include <new>
#include <span>
#include <stdexcept>
#include <type_traits>
#include <unordered_set>
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

/// The state of the current walk; there is one at a time.
struct Walk {
    std::array<Fiber, 6> fibers;
    Fiber* current = nullptr;  ///< null while a world is made or checked
    jmp_buf scheduler{};
    std::uint64_t version = 0;  ///< how often the shared memory has changed
    std::vector<Shared*> shared;
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
    if (self->round == self->last_round) {
        self->history = self->before_round;
    } else {
        self->before_round = self->history;
    }
    self->last_round = std::exchange(self->round, 0);
    block([before = self->looked_at] { return walk.version != before; });
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

/// A saved state of a walk: the world's bytes and the programs.
class Snapshot {
 public:
    Snapshot(std::span<const std::byte> world, std::size_t programs) : version_(walk.version) {
        bytes_.reserve(world.size() + programs * 4096);
        programs_.reserve(programs);
        keep(world);
        for (auto& fiber : std::span{walk.fibers}.first(programs)) {
            programs_.push_back(fiber);
            keep(fiber.used());
        }
    }

    void restore(std::span<std::byte> world) const {
        walk.version = version_;
        const auto* from = bytes_.data();
        const auto put_back = [&from](std::span<std::byte> to) {
            std::memcpy(to.data(), from, to.size());
            from += to.size();
        };
        put_back(world);
        for (std::size_t i = 0; i < programs_.size(); ++i) {
            static_cast<Progress&>(walk.fibers[i]) = programs_[i];
            put_back(walk.fibers[i].used());
        }
    }

 private:
    void keep(std::span<const std::byte> bytes) {
        const auto at = bytes_.size();
        bytes_.resize(at + bytes.size());
        std::memcpy(bytes_.data() + at, bytes.data(), bytes.size());
    }

    std::uint64_t version_;
    std::vector<Progress> programs_;
    std::vector<std::byte> bytes_;
};

/// Walks all interleavings and returns the number of states. `make()` returns a world (a unique_ptr) with `programs`
/// (functions), `race()`, which is called if two programs access at once what only one may, and `check()`, which is
/// called if none can continue. Requires: the world owns nothing outside of itself that changes.
template <class Make>
std::size_t walk_code(Make make) {
    const auto world = make();
    const std::span memory{reinterpret_cast<std::byte*>(world.get()), sizeof(*world)};
    const auto count = world->programs.size();
    if (count > walk.fibers.size()) {
        throw std::logic_error("too many programs");
    }
    for (std::size_t i = 0; i < walk.fibers.size(); ++i) {
        prepare(walk.fibers[i], i < count ? world->programs[i] : std::function<void()>{});
    }
    walk.version = 0;
    walk.on_race = [&world] { world->race(); };
    const auto fingerprint = [count] {
        std::uint64_t hash = 0;
        for (const auto* const each : walk.shared) {
            hash = mixed(hash, each->bits());
        }
        for (const auto& fiber : std::span{walk.fibers}.first(count)) {
            hash = mixed(hash, fiber.history * 2 + (fiber.can_run() ? 1 : 0));
        }
        return hash;
    };

    struct Choice {
        std::shared_ptr<const Snapshot> at;
        std::size_t program;
    };
    std::unordered_set<std::uint64_t> known;
    std::vector<Choice> unexplored;
    for (;;) {
        while (known.insert(fingerprint()).second) {
            std::vector<std::size_t> runnable;
            for (std::size_t i = 0; i < count; ++i) {
                if (walk.fibers[i].can_run()) {
                    runnable.push_back(i);
                }
            }
            if (runnable.empty()) {
                world->check();
                break;
            }
            if (runnable.size() > 1) {
                const auto here = std::make_shared<const Snapshot>(memory, count);
                for (const auto program : std::span{runnable}.subspan(1)) {
                    unexplored.push_back({here, program});
                }
            }
            run(walk.fibers[runnable.front()]);
        }
        if (unexplored.empty()) {
            return known.size();
        }
        const auto next = unexplored.back();
        unexplored.pop_back();
        next.at->restore(memory);
        run(walk.fibers[next.program]);
    }
}

}  // namespace mullion::walked
