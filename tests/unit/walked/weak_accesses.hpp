// SPDX-License-Identifier: Apache-2.0
// Defines what accesses and fences do to weak memory, and what becomes of messages.
#pragma once

#include "walked/weak_memory.hpp"

namespace mullion::walked {

inline std::size_t WeakMemory::begin_access(std::array<std::uint8_t, max_places>& users, std::size_t place,
                                            std::memory_order order) {
    const auto user = static_cast<std::uint8_t>(1U << self());
    is_incomplete_ = is_incomplete_ || (users[place] & user) == 0;
    users[place] |= user;
    state_.rounds[self()].places |= bit(place);
    const bool is_seq_cst = order == std::memory_order_seq_cst;
    if (is_seq_cst) {
        publish();
    }
    return std::max(mine().now.at[place], is_seq_cst ? state_.everyone.at[place] : std::uint8_t{0});
}

inline void WeakMemory::publish() {
    for (std::size_t place = 0; place < places_; ++place) {
        auto number = mine().now.at[place];
        while (number > 0 && !state_.messages[place].all[number].is_seq_cst) {
            --number;
        }
        state_.everyone.at[place] = std::max(state_.everyone.at[place], number);
    }
}

inline void WeakMemory::read(std::size_t place, std::size_t number, std::memory_order order) {
    auto view = state_.messages[place].all[number].view;
    view.at[place] = static_cast<std::uint8_t>(number);
    state_.rounds[self()].found_news |= number > mine().now.at[place];
    mine().now.at[place] = std::max(mine().now.at[place], view.at[place]);
    mine().with_read.join(view);
    if (acquires(order)) {
        mine().now.join(view);
    }
    drop_unreadable();
}

inline void WeakMemory::write(std::size_t place, std::size_t number, Message message) {
    auto& there = state_.messages[place];
    if (there.count == max_messages) {
        throw std::logic_error("too many messages");
    }
    message.view.at[place] = 0;
    std::copy_backward(there.all.begin() + static_cast<std::ptrdiff_t>(number),
                       there.all.begin() + static_cast<std::ptrdiff_t>(there.count),
                       there.all.begin() + static_cast<std::ptrdiff_t>(there.count + 1));
    ++there.count;
    there.all[number] = message;
    for_each_view([&](View& view) { view.at[place] += view.at[place] >= number ? 1 : 0; });
    mine().now.at[place] = mine().with_read.at[place] = static_cast<std::uint8_t>(number);
    drop_unreadable();
}

inline void WeakMemory::write_after(std::size_t place, std::size_t read, std::uint64_t value, const View& view,
                                    bool is_seq_cst) {
    const auto& before = state_.messages[place].all[read];
    Message message{value, before.view, true, is_seq_cst};
    message.view.join(view);
    message.view.at[place] = 0;
    // Where it changes nothing, nobody can tell the two apart.
    if (!message.tells_the_same_as(before) || (read != 0 && before.is_seq_cst != is_seq_cst)) {
        write(place, read + 1, message);
    }
}

inline std::uint64_t WeakMemory::load(std::size_t place, std::memory_order order) {
    const auto oldest = begin_access(readers_, place, order);
    const auto& there = state_.messages[place];
    Candidates candidates;
    for (auto i = there.count; i-- > oldest;) {
        if (i == oldest || !there.all[i].tells_the_same_as(there.all[i - 1])) {
            candidates.add(i);
        }
    }
    const auto chosen = candidates.choose();
    const auto value = there.all[chosen].value;
    read(place, chosen, order);
    return value;
}

inline void WeakMemory::store(std::size_t place, std::uint64_t value, std::memory_order order) {
    const auto oldest = begin_access(readers_, place, order);
    Candidates candidates;
    for (auto i = state_.messages[place].count; i > oldest; --i) {
        if (state_.messages[place].can_insert_at(i)) {
            candidates.add(i);
        }
    }
    const auto chosen = candidates.choose();
    write(place, chosen, {value, view_of_store(order), false, order == std::memory_order_seq_cst});
}

inline WeakMemory::Candidates WeakMemory::modifiable(std::size_t place, std::size_t oldest) const {
    const auto& there = state_.messages[place];
    Candidates candidates;
    for (auto i = there.count; i-- > oldest;) {
        if (there.can_insert_at(i + 1)) {
            candidates.add(i);
        }
    }
    return candidates;
}

inline std::uint64_t WeakMemory::modify(std::size_t place, auto next, std::memory_order order) {
    const auto& there = state_.messages[place];
    const auto chosen = modifiable(place, begin_access(modifiers_, place, order)).choose();
    const auto value = there.all[chosen].value;
    const auto behind = there.count - chosen;  // the read may drop what is before
    read(place, chosen, order);
    write_after(place, there.count - behind, next(value), view_of_store(order), order == std::memory_order_seq_cst);
    return value;
}

inline std::uint64_t WeakMemory::compare_exchange(std::size_t place, std::uint64_t expected, std::uint64_t value,
                                                  std::memory_order order) {
    const auto oldest = begin_access(readers_, place, order);
    const auto& there = state_.messages[place];
    Candidates candidates;
    for (auto i = there.count; i-- > oldest;) {
        if (there.all[i].value != expected || there.can_insert_at(i + 1)) {
            candidates.add(i);
        }
    }
    const auto chosen = candidates.choose();
    const auto found = there.all[chosen].value;
    const auto behind = there.count - chosen;
    read(place, chosen, order);  // where it fails, C++ takes the order without its release
    if (found == expected) {
        write_after(place, there.count - behind, value, view_of_store(order), order == std::memory_order_seq_cst);
    }
    return found;
}

inline void WeakMemory::fence(std::memory_order order) {
    auto& known = mine();
    if (acquires(order)) {
        known.now = known.with_read;
    }
    if (order == std::memory_order_seq_cst) {
        known.now.join(state_.everyone);
        known.with_read = state_.everyone = known.now;
        for (std::size_t place = 0; place < places_; ++place) {  // of which a fence alone says nothing
            state_.everyone.at[place] *= (owned_ & bit(place)) == 0 ? 1 : 0;
        }
    }
    if (releases(order)) {
        known.released = known.now;
    }
    drop_unreadable();
}

inline void WeakMemory::deliver(std::size_t place, auto next) {
    const auto seen = begin_access(modifiers_, place, std::memory_order_relaxed);
    const auto& with_read = mine().with_read;
    const auto chosen = modifiable(place, std::max<std::size_t>(seen, with_read.at[place])).choose();
    write_after(place, chosen, next(state_.messages[place].all[chosen].value), with_read, false);
}

inline bool WeakMemory::own(std::size_t place) {
    const bool is_mine = mine().now.at[place] != 0;
    for_each_view([place](View& view) { view.at[place] = 0; });
    mine().now.at[place] = mine().with_read.at[place] = 1;
    return is_mine;
}

inline void WeakMemory::for_each_view(auto function) {
    for (auto& known : std::span{state_.known}.first(programs_)) {
        function(known.now);
        function(known.with_read);
        function(known.released);
    }
    function(state_.everyone);
    for (auto& there : std::span{state_.messages}.first(places_)) {
        for (auto& message : std::span{there.all}.first(there.count)) {
            function(message.view);
        }
    }
}

/// Returns whether the program may still read the oldest message. One that only modifies can only use the last of those
/// that are glued.
inline bool WeakMemory::needs_oldest(std::size_t program, std::size_t place) const {
    const bool reads = (readers_[place] >> program & 1) != 0;
    const bool modifies = (modifiers_[place] >> program & 1) != 0;
    return !walk.fibers[program].done && state_.known[program].now.at[place] == 0 &&
           (reads || (modifies && !state_.messages[place].all[1].is_glued));
}

inline void WeakMemory::drop_unreadable() {
    const auto may_drop = [this](std::size_t place) {
        bool needed = state_.messages[place].count == 1;
        for (std::size_t i = 0; i < programs_; ++i) {
            needed = needed || needs_oldest(i, place);
        }
        return !needed;
    };
    for (std::size_t place = 0; place < places_; ++place) {
        auto& there = state_.messages[place];
        while (may_drop(place)) {
            std::copy(there.all.begin() + 1, there.all.begin() + static_cast<std::ptrdiff_t>(there.count),
                      there.all.begin());
            --there.count;
            there.all[0].is_glued = there.all[0].is_seq_cst = false;
            for_each_view([place](View& view) { view.at[place] -= view.at[place] != 0 ? 1 : 0; });
        }
    }
}

/// Shows a program that waits the newest value of each place that it reads in every round of its loop.
inline bool WeakMemory::ends_round(bool steady) {
    const auto round = std::exchange(state_.rounds[self()], {});
    bool is_news = round.found_news;
    for (std::size_t place = 0; steady && place < places_; ++place) {
        const auto newest = static_cast<std::uint8_t>(state_.messages[place].count - 1);
        if ((round.places & bit(place)) != 0 && mine().now.at[place] < newest) {
            is_news = true;
            mine().now.at[place] = mine().with_read.at[place] = newest;
        }
    }
    drop_unreadable();
    return is_news || !steady;
}

inline std::uint64_t WeakMemory::bits() const {
    std::uint64_t hash = 0;
    const auto add = [&](const View& view) {
        for (const auto word : std::bit_cast<std::array<std::uint64_t, max_places / 8>>(view)) {
            hash = mixed(hash, word);
        }
    };
    for (std::size_t i = 0; i < programs_; ++i) {
        if (!walk.fibers[i].done) {
            add(state_.known[i].now);
            add(state_.known[i].with_read);
            add(state_.known[i].released);
        }
    }
    add(state_.everyone);
    for (const auto& there : std::span{state_.messages}.first(places_)) {
        hash = mixed(hash, there.count);
        for (const auto& message : std::span{there.all}.first(there.count)) {
            hash = mixed(hash, message.value);
            hash = mixed(hash, (message.is_glued ? 1U : 0U) + (message.is_seq_cst ? 2U : 0U));
            add(message.view);
        }
    }
    return hash;
}

}  // namespace mullion::walked
