// SPDX-License-Identifier: Apache-2.0
// Typed bytes on their way to a guest. One hart at a time puts (it holds the console lock), one takes (it holds the
// guest's device lock); the two may be different harts.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>

namespace mullion {

class InputQueue {
 public:
    /// False: full, and the byte is dropped, as by a terminal that types into a busy machine.
    bool put(std::uint8_t byte) {
        const auto end = end_.load(std::memory_order_relaxed);
        // Acquire pairs with take(): the slot has been read before it is written again.
        if (end - begin_.load(std::memory_order_acquire) == bytes_.size()) {
            return false;
        }
        bytes_[end % bytes_.size()] = byte;
        end_.store(end + 1, std::memory_order_release);
        return true;
    }

    std::optional<std::uint8_t> take() {
        const auto begin = begin_.load(std::memory_order_relaxed);
        // Acquire pairs with put(): the byte is there before the index says so.
        if (begin == end_.load(std::memory_order_acquire)) {
            return std::nullopt;
        }
        const auto byte = bytes_[begin % bytes_.size()];
        begin_.store(begin + 1, std::memory_order_release);
        return byte;
    }

    /// By the side that takes.
    void clear() { begin_.store(end_.load(std::memory_order_acquire), std::memory_order_release); }

 private:
    std::array<std::uint8_t, 256> bytes_{};
    std::atomic<std::uint32_t> begin_{0};
    std::atomic<std::uint32_t> end_{0};
};

}  // namespace mullion
