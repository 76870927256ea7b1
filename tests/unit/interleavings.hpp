// SPDX-License-Identifier: Apache-2.0
// Walks every interleaving of a few programs. A program is a coroutine that waits before each access to what it shares;
// a schedule is a list of choices, and each is run from a fresh world. A program may have parts, which it awaits.
#pragma once

#include <coroutine>
#include <cstddef>
#include <functional>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace mullion {

class Program {
 public:
    struct promise_type;
    using Handle = std::coroutine_handle<promise_type>;

    /// Back to the program whose part has ended.
    struct End {
        bool await_ready() noexcept { return false; }
        std::coroutine_handle<> await_suspend(Handle part) noexcept {
            auto& promise = part.promise();
            if (promise.root == &promise) {
                return std::noop_coroutine();
            }
            promise.root->current = promise.caller;
            return promise.caller;
        }
        void await_resume() noexcept {}
    };

    struct promise_type {
        std::function<bool()> ready = [] { return true; };  ///< of a root, like `current`
        promise_type* root = this;                          ///< of the program that this is a part of
        Handle current = Handle::from_promise(*this);       ///< where it goes on
        Handle caller;

        Program get_return_object() { return Program{Handle::from_promise(*this)}; }
        std::suspend_always initial_suspend() { return {}; }
        End final_suspend() noexcept { return {}; }
        void return_void() {}
        void unhandled_exception() { throw; }
    };

    explicit Program(Handle handle) : handle_(handle) {}
    Program(Program&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
    Program& operator=(Program&&) = delete;
    ~Program() {
        if (handle_) {
            handle_.destroy();
        }
    }

    bool can_run() const { return !handle_.done() && handle_.promise().ready(); }
    void run() { handle_.promise().current.resume(); }

    bool await_ready() const { return false; }
    Handle await_suspend(Handle caller) {
        auto& promise = handle_.promise();
        promise.root = caller.promise().root;
        promise.caller = caller;
        promise.root->current = handle_;
        return handle_;
    }
    void await_resume() const {}

 private:
    Handle handle_;
};

/// `co_await until(f)`: goes on when it is chosen and f holds. `co_await step()`: when it is chosen.
struct until {
    std::function<bool()> ready;

    explicit until(std::function<bool()> condition) : ready(std::move(condition)) {}
    bool await_ready() const { return false; }
    void await_suspend(Program::Handle handle) { handle.promise().root->ready = ready; }
    void await_resume() const {}
};
inline until step() {
    return until([] { return true; });
}

/// `world` makes a fresh World with `programs` (a vector<Program>) and `check()`, which runs at the end of each
/// schedule, when no program can go on. Returns the number of schedules.
template <class World>
std::size_t walk_interleavings() {
    struct Choice {
        std::size_t taken;
        std::size_t of;
    };
    std::vector<Choice> schedule;
    for (std::size_t schedules = 1;; ++schedules) {
        World world;
        for (std::size_t depth = 0;; ++depth) {
            std::vector<Program*> runnable;
            for (auto& program : world.programs) {
                if (program.can_run()) {
                    runnable.push_back(&program);
                }
            }
            if (runnable.empty()) {
                break;
            }
            if (depth == schedule.size()) {
                schedule.push_back({0, runnable.size()});
            }
            runnable[schedule[depth].taken]->run();
        }
        world.check();
        while (!schedule.empty() && ++schedule.back().taken == schedule.back().of) {
            schedule.pop_back();
        }
        if (schedule.empty()) {
            return schedules;
        }
    }
}

/// The same for larger worlds: goes on only where a state is new. `make()` gives a fresh world (a unique_ptr) that has
/// besides `fingerprint()`, which tells two states apart, positions and locals of the programs included. Returns the
/// number of states.
template <class Make>
std::size_t walk_states(Make make) {
    std::set<std::string> seen;
    std::vector<std::vector<std::size_t>> unexplored{{}};
    while (!unexplored.empty()) {
        auto schedule = std::move(unexplored.back());
        unexplored.pop_back();
        const auto world = make();
        for (const auto program : schedule) {
            world->programs[program].run();
        }
        while (seen.insert(world->fingerprint()).second) {
            std::vector<std::size_t> runnable;
            for (std::size_t i = 0; i < world->programs.size(); ++i) {
                if (world->programs[i].can_run()) {
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
            world->programs[runnable.front()].run();
            schedule.push_back(runnable.front());
        }
    }
    return seen.size();
}

}  // namespace mullion
