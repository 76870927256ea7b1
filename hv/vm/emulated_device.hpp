// SPDX-License-Identifier: Apache-2.0
// Defines the interface of emulated devices to the dispatch of accesses (vm/devices.hpp).
#pragma once

#include <cstdint>
#include <limits>

namespace mullion {

/// What the caller has to do after an access to a device, or after expire(): a set of bits.
enum class Effect : std::uint64_t {
    none = 0,
    line = 1,      ///< interrupt() may have changed
    deadline = 2,  ///< deadline() may have changed
    output = 4,    ///< there is output that the caller has to move on
    reset = 8,     ///< the guest is to be reset
};

constexpr Effect operator|(Effect a, Effect b) {
    return Effect(static_cast<std::uint64_t>(a) | static_cast<std::uint64_t>(b));
}
constexpr bool has(Effect effects, Effect effect) {
    return (static_cast<std::uint64_t>(effects) & static_cast<std::uint64_t>(effect)) != 0;
}

/// The answer to a load: the register's value, and what the caller has to do. Packed into 64 bits, as compilers put a
/// pair together in memory before they return it.
class Answer {
 public:
    constexpr Answer(std::uint32_t value, Effect effect = Effect::none)
        : bits_(static_cast<std::uint64_t>(effect) << 32 | value) {}

    constexpr std::uint32_t value() const { return static_cast<std::uint32_t>(bits_); }
    constexpr Effect effect() const { return static_cast<Effect>(bits_ >> 32); }

 private:
    std::uint64_t bits_;
};

/// Requires: the caller holds the guest's device lock, for each call.
class EmulatedDevice {
 public:
    static constexpr std::uint64_t never = std::numeric_limits<std::uint64_t>::max();

    /// Read and write the register at `offset`. Requires: `offset` is below the device's size, and a multiple of 4 if
    /// registers are words.
    virtual Answer read(std::uint32_t offset) = 0;
    virtual Effect write(std::uint32_t offset, std::uint32_t value) = 0;
    /// Writes 1 or 2 bytes of a register, at a multiple of them. Only of a device whose RegisterWidth is `parts`.
    virtual Effect write_part(std::uint32_t /*offset*/, std::uint32_t /*bytes*/, std::uint32_t /*value*/) {
        return Effect::none;
    }
    /// Resets the device, at the start of a guest and after its end.
    virtual void reset() = 0;

    /// Returns the level of the device's interrupt wire.
    virtual bool interrupt() const = 0;
    /// Returns when expire() is due, in ticks of `time`.
    virtual std::uint64_t deadline() const { return never; }
    /// Handles what is due. May be called too early.
    virtual Effect expire() { return Effect::none; }

 protected:
    constexpr EmulatedDevice() = default;
    ~EmulatedDevice() = default;
};

/// A guest's interrupt controller, which devices' wires lead to.
class EmulatedController : public EmulatedDevice {
 public:
    /// Drives the wire of an emulated device.
    virtual void set_line(std::uint32_t source, bool level) = 0;

    bool interrupt() const final { return false; }

 protected:
    ~EmulatedController() = default;
};

}  // namespace mullion
