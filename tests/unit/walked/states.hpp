// SPDX-License-Identifier: Apache-2.0
// Visits every state that programs (walked/fibers.hpp) can come to. Two states are the same if the shared memory is,
// and if each program has seen the same so far, since that decides what it does. If there are several ways to go on,
// the state is saved, to return to it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <span>
#include <stdexcept>
#include <unordered_set>
#include <vector>

#include "walked/fibers.hpp"

namespace mullion::walked {

/// A saved state of a walk: the world's bytes, those of its memory, and the programs.
class Snapshot {
 public:
    Snapshot(std::span<const std::byte> world, std::size_t programs) : version_(walk.version) {
        bytes_.reserve(world.size() + walk.memory->state().size() + programs * 4096);
        programs_.reserve(programs);
        keep(world);
        keep(walk.memory->state());
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
        put_back(walk.memory->state());
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

/// Walks all ways on from the state in which a world begins.
template <class World>
class Search {
 public:
    explicit Search(World& world)
        : world_(world), bytes_(reinterpret_cast<std::byte*>(&world), sizeof(world)), count_(world.programs.size()) {
        if (count_ > walk.fibers.size()) {
            throw std::logic_error("too many programs");
        }
        for (std::size_t i = 0; i < walk.fibers.size(); ++i) {
            prepare(walk.fibers[i], i < count_ ? world.programs[i] : std::function<void()>{});
        }
        walk.version = 0;
        walk.on_race = [this] { world_.race(); };
        walk.memory->begin(count_);
        for (auto* const each : walk.shared) {
            each->begin();
        }
    }

    /// Returns the number of states.
    std::size_t run_all() {
        run_on();
        while (!unexplored_.empty() && !walk.memory->needs_another_walk()) {
            const auto next = unexplored_.back();
            unexplored_.pop_back();
            next.at->restore(bytes_);
            go(next.program, next.way);
            run_on();
        }
        return known_.size();
    }

 private:
    struct Choice {
        std::shared_ptr<const Snapshot> at;
        std::size_t program;
        std::size_t way;
    };

    std::uint64_t fingerprint() const {
        auto hash = walk.memory->bits();
        for (const auto* const each : walk.shared) {
            hash = mixed(hash, each->bits());
        }
        for (const auto& fiber : std::span{walk.fibers}.first(count_)) {
            hash = mixed(hash, fiber.history * 2 + (fiber.can_run() ? 1 : 0));
        }
        return hash;
    }

    /// Runs a program to its next stop, each time in the first of the ways that it may go.
    void go(std::size_t program, std::size_t way) {
        walk.way = way;
        run(walk.fibers[program]);
        while (walk.fibers[program].ways != 0) {
            const auto here = std::make_shared<const Snapshot>(bytes_, count_);
            for (std::size_t other = 1; other < walk.fibers[program].ways; ++other) {
                unexplored_.push_back({here, program, other});
            }
            walk.way = 0;
            run(walk.fibers[program]);
        }
    }

    /// Runs the first program that can, until a state is known.
    void run_on() {
        while (known_.insert(fingerprint()).second) {
            std::vector<std::size_t> runnable;
            for (std::size_t i = 0; i < count_; ++i) {
                if (walk.fibers[i].can_run()) {
                    runnable.push_back(i);
                }
            }
            if (runnable.empty()) {
                return world_.check();
            }
            if (runnable.size() > 1) {
                const auto here = std::make_shared<const Snapshot>(bytes_, count_);
                for (const auto program : std::span{runnable}.subspan(1)) {
                    unexplored_.push_back({here, program, 0});
                }
            }
            go(runnable.front(), 0);
        }
    }

    World& world_;
    std::span<std::byte> bytes_;
    std::size_t count_;
    std::unordered_set<std::uint64_t> known_;
    std::vector<Choice> unexplored_;
};

/// Walks all interleavings and returns the number of states. `make()` returns a world (a unique_ptr) with `programs`
/// (functions), `race()`, which is called if two programs access at once what only one may, and `check()`, which is
/// called if none can continue. Requires: the world owns nothing outside of itself that changes.
template <class Make>
std::size_t walk_code(Make make, Memory& memory = sequential) {
    walk.memory = &memory;
    for (;;) {
        const auto world = make();
        const auto states = Search{*world}.run_all();
        if (!walk.memory->needs_another_walk()) {
            return states;
        }
    }
}

}  // namespace mullion::walked
