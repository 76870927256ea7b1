// SPDX-License-Identifier: Apache-2.0
// Typed bytes and breaks on their way to a guest. One hart at a time puts (it holds the console lock), one takes (it
// holds the guest's device lock); the two may be different harts.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>

namespace mullion {

class InputQueue {
 public:
    /// Beside the bytes: the line was held low, as by the Break key of a terminal.
    static constexpr std::uint16_t line_break = 0x100;

    /// A byte or a break. False: full, and it is dropped, as by a terminal that types into a busy machine.
    bool put(std::uint16_t typed) {
        const auto end = end_.load(std::memory_order_relaxed);
        // Acquire pairs with take(): the slot has been read before it is written again.
        if (end - begin_.load(std::memory_order_acquire) == typed_.size()) {
            return false;
        }
        typed_[end % typed_.size()] = typed;
        end_.store(end + 1, std::memory_order_release);
        return true;
    }

    std::optional<std::uint16_t> take() {
        const auto begin = begin_.load(std::memory_order_relaxed);
        // Acquire pairs with put(): the byte is there before the index says so.
        if (begin == end_.load(std::memory_order_acquire)) {
            return std::nullopt;
        }
        const auto typed = typed_[begin % typed_.size()];
        begin_.store(begin + 1, std::memory_order_release);
        return typed;
    }

    /// By the side that takes.
    void clear() { begin_.store(end_.load(std::memory_order_acquire), std::memory_order_release); }

 private:
    std::array<std::uint16_t, 256> typed_{};
    std::atomic<std::uint32_t> begin_{0};
    std::atomic<std::uint32_t> end_{0};
};

}  // namespace mullion
