// SPDX-License-Identifier: Apache-2.0
// A memory that is as weak as C++ allows, for walks over what a machine may do with the orders that code states. It
// follows the view semantics of RC11, the repaired C++11 model, for atomic accesses and fences:
//
// - Each place keeps its messages (values that were stored) in modification order. A program may read any that is not
//   older than its view of the place, and store before newer ones that it has not seen.
// - A view says of each place which message is the oldest that may still be read. A message of a release carries the
//   writer's view, and an acquire that reads it joins that; a read-modify-write comes right after what it reads, and
//   carries that message's view on. A fence does the same for the relaxed accesses before or after it.
// - Seq_cst fences join one global view and take it over. A seq_cst access is not older than that view, and comes after
//   the seq_cst stores that the program knew before; it is no fence for other accesses.
// - An Owned has one message. Who accesses it without knowing the last access, by whomever, makes a race.
//
// It does not have two freedoms. No load comes after a later store (load buffering), which C++ and RVWMO allow without
// a dependency or an order, and RC11 does not. And of two seq_cst loads the one that is made first is first, where C++
// demands less; all mappings of C++ to RISC-V begin such a load with a full fence. RVWMO itself is stronger: a store is
// there for all other harts at the same time, and dependencies order.
//
// Messages that no program can read any more are dropped, so that states stay few. A program that never accesses a
// place keeps none: which do is learned from a walk, which is repeated when one turns out to.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <stdexcept>
#include <string_view>
#include <tuple>
#include <utility>

#include "walked/fibers.hpp"

namespace mullion::walked {

class WeakMemory final : public Memory {
 public:
    static constexpr std::size_t max_places = 48;
    static constexpr std::size_t max_messages = 10;

    void begin(std::size_t programs) override {
        if (!is_incomplete_) {
            readers_.fill(0);
            modifiers_.fill(0);
        }
        is_incomplete_ = false;
        programs_ = programs;
        places_ = 0;
        owned_ = 0;
        state_ = {};
    }
    std::span<std::byte> state() override {
        const auto unused = (max_places - places_) * sizeof(Messages);
        return {reinterpret_cast<std::byte*>(&state_), sizeof(state_) - unused};
    }
    std::uint64_t bits() const override;
    bool needs_another_walk() override { return is_incomplete_; }
    bool ends_round(bool steady) override;

    /// Add a place while a walk begins, and return its number.
    std::size_t add(std::uint64_t value) {
        if (places_ == max_places) {
            throw std::logic_error("too many places");
        }
        auto& there = state_.messages[places_];
        there.count = 1;
        there.all[0].value = value;
        return places_++;
    }
    std::size_t add_owned() {
        const auto place = add(0);
        owned_ |= bit(place);
        for (auto& program : state_.known) {
            program.now.at[place] = program.with_read.at[place] = 1;
        }
        return place;
    }

    std::uint64_t newest(std::size_t place) const { return state_.messages[place].newest().value; }

    std::uint64_t load(std::size_t place, std::memory_order order);
    void store(std::size_t place, std::uint64_t value, std::memory_order order);
    /// Stores `next` of what it reads; returns what that was.
    std::uint64_t modify(std::size_t place, auto next, std::memory_order order);
    /// Returns what it read: `value` is stored if that is `expected`.
    std::uint64_t compare_exchange(std::size_t place, std::uint64_t expected, std::uint64_t value,
                                   std::memory_order order);
    void fence(std::memory_order order);
    /// Like modify(), of a device: the hart sees nothing of it, and everything that it did or read is before it (`fence
    /// iorw, o`).
    void deliver(std::size_t place, auto next);
    /// Notes an access to what one program owns. Returns false if the last one need not have come before.
    bool own(std::size_t place);

 private:
    /// For each place the number of a message.
    struct View {
        std::array<std::uint8_t, max_places> at{};

        void join(const View& other) {
            for (std::size_t i = 0; i < max_places; ++i) {
                at[i] = std::max(at[i], other.at[i]);
            }
        }
        bool operator==(const View&) const = default;
    };

    struct Message {
        std::uint64_t value = 0;
        View view;              ///< without its own place
        bool is_glued = false;  ///< to the one before, which it has read
        bool is_seq_cst = false;

        bool tells_the_same_as(const Message& other) const { return value == other.value && view == other.view; }
    };

    /// In modification order.
    struct Messages {
        std::array<Message, max_messages> all;
        std::size_t count = 0;

        const Message& newest() const { return all[count - 1]; }
        bool can_insert_at(std::size_t at) const { return at == count || !all[at].is_glued; }
    };

    struct Known {
        View now;
        View with_read;  ///< and of what was read relaxed: an acquire fence makes it the view
        View released;   ///< at the last release fence: what a relaxed store carries
    };

    /// What a program has done in this round of a loop that waits.
    struct Round {
        std::uint64_t places = 0;  ///< that it has accessed
        bool found_news = false;   ///< one of them was not what it was before
    };

    struct State {
        std::array<Known, std::tuple_size_v<decltype(Walk::fibers)>> known;
        View everyone;
        std::array<Round, std::tuple_size_v<decltype(Walk::fibers)>> rounds{};
        std::array<Messages, max_places> messages;
    };

    /// Numbers of messages, of which a walk chooses one.
    class Candidates {
     public:
        void add(std::size_t number) { numbers_[count_++] = static_cast<std::uint8_t>(number); }
        std::size_t choose() const { return numbers_[walked::choose(count_)]; }

     private:
        std::array<std::uint8_t, max_messages + 1> numbers_{};
        std::size_t count_ = 0;
    };

    static bool acquires(std::memory_order order) {
        return order == std::memory_order_acquire || order == std::memory_order_acq_rel ||
               order == std::memory_order_seq_cst;
    }
    static bool releases(std::memory_order order) {
        return order == std::memory_order_release || order == std::memory_order_acq_rel ||
               order == std::memory_order_seq_cst;
    }
    static std::uint64_t bit(std::size_t place) { return std::uint64_t{1} << place; }
    static std::size_t self() { return static_cast<std::size_t>(walk.current - walk.fibers.data()); }
    Known& mine() { return state_.known[self()]; }

    /// Begins an access of one of these kinds, and returns the oldest message that it may read.
    std::size_t begin_access(std::array<std::uint8_t, max_places>& users, std::size_t place, std::memory_order order);
    /// Returns what a read-modify-write may read.
    Candidates modifiable(std::size_t place, std::size_t oldest) const;
    void read(std::size_t place, std::size_t number, std::memory_order order);
    void write(std::size_t place, std::size_t number, Message message);
    /// Writes what was made of a message right after it.
    void write_after(std::size_t place, std::size_t read, std::uint64_t value, const View& view, bool is_seq_cst);
    const View& view_of_store(std::memory_order order) { return releases(order) ? mine().now : mine().released; }
    /// Puts the seq_cst stores that the program knows before all seq_cst accesses that come.
    void publish();
    void for_each_view(auto function);
    bool needs_oldest(std::size_t program, std::size_t place) const;
    void drop_unreadable();

    State state_;
    std::size_t places_ = 0;
    std::size_t programs_ = 0;
    std::uint64_t owned_ = 0;  ///< a bit for each place

    // Of all walks over the same programs, a bit for each program.
    std::array<std::uint8_t, max_places> readers_{};    ///< and writers
    std::array<std::uint8_t, max_places> modifiers_{};  ///< by nothing but modify() and deliver()
    bool is_incomplete_ = false;
};
inline WeakMemory weak;

/// Returns weak memory; the other one if MULLION_WALK=sequential, for what only weak memory can show (planted.sh).
inline Memory& weak_unless_told() {
    const char* const told = std::getenv("MULLION_WALK");
    return told != nullptr && std::string_view{told} == "sequential" ? sequential : static_cast<Memory&>(weak);
}

}  // namespace mullion::walked
