// SPDX-License-Identifier: Apache-2.0
// What every emulated device is to the guest's one dispatch (vm/devices.hpp).
#pragma once

#include <cstdint>
#include <limits>

namespace mullion {

/// What an access to a device, or the time, leaves to be done: bits.
enum class Effect : std::uint64_t {
    none = 0,
    line = 1,      ///< interrupt() may have changed
    deadline = 2,  ///< deadline() may have changed
    output = 4,    ///< something was said that the machine has to see out
    reset = 8,     ///< the guest is to be reset
};

constexpr Effect operator|(Effect a, Effect b) {
    return Effect(static_cast<std::uint64_t>(a) | static_cast<std::uint64_t>(b));
}
constexpr bool has(Effect effects, Effect effect) {
    return (static_cast<std::uint64_t>(effects) & static_cast<std::uint64_t>(effect)) != 0;
}

/// To a load: a register's value, and what the load leaves to be done. One word, as compilers return two by way of
/// memory.
class Answer {
 public:
    constexpr Answer(std::uint32_t value, Effect effect = Effect::none)
        : bits_(static_cast<std::uint64_t>(effect) << 32 | value) {}

    constexpr std::uint32_t value() const { return static_cast<std::uint32_t>(bits_); }
    constexpr Effect effect() const { return static_cast<Effect>(bits_ >> 32); }

 private:
    std::uint64_t bits_;
};

/// Not synchronized: the caller holds the guest's device lock around every call.
class EmulatedDevice {
 public:
    static constexpr std::uint64_t never = std::numeric_limits<std::uint64_t>::max();

    /// The register at `offset`, which is below the device's size, and a multiple of 4 where registers are words.
    virtual Answer read(std::uint32_t offset) = 0;
    virtual Effect write(std::uint32_t offset, std::uint32_t value) = 0;
    /// As at the start of a guest, and after its end.
    virtual void reset() = 0;

    /// The level of its interrupt's wire.
    virtual bool interrupt() const = 0;
    /// When expire() is due, in ticks of `time`.
    virtual std::uint64_t deadline() const { return never; }
    /// What the time has brought. May be called too early.
    virtual Effect expire() { return Effect::none; }

 protected:
    constexpr EmulatedDevice() = default;
    ~EmulatedDevice() = default;
};

/// What the devices' wires lead to.
class EmulatedController : public EmulatedDevice {
 public:
    /// Drives the wire of an emulated device.
    virtual void set_line(std::uint32_t source, bool level) = 0;

    bool interrupt() const final { return false; }

 protected:
    ~EmulatedController() = default;
};

}  // namespace mullion
