// SPDX-License-Identifier: Apache-2.0
// Holds what a description says about when a guest starts and what follows when it ends. Defaults are those of a
// partition without a policy.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

namespace mullion {

/// Why a guest's life ended, if the operator did not end it.
enum class Cause : std::uint8_t { shutdown, reboot, crash, watchdog };

inline constexpr std::size_t cause_count = 4;

/// What follows the end of a guest's life.
enum class Action : std::uint8_t { stay_off, restart, halt_machine };

/// Returns the word for it in a description.
constexpr std::string_view name_of(Action action) {
    switch (action) {
        case Action::stay_off:
            return "stay-off";
        case Action::restart:
            return "restart";
        case Action::halt_machine:
            return "halt-machine";
    }
    return "?";
}

/// Allows at most `restarts` restarts in any `seconds`; the next one leaves the guest off. 0 and 0: no limit.
struct RestartLimit {
    static constexpr std::uint32_t max_restarts = 16;
    static constexpr std::uint32_t max_seconds = 86'400;

    std::uint32_t restarts = 0;
    std::uint32_t seconds = 0;

    constexpr bool operator==(const RestartLimit&) const = default;
    constexpr bool is_none() const { return restarts == 0 && seconds == 0; }
};

struct Reaction {
    Action action = Action::stay_off;
    RestartLimit limit;  ///< of `restart`

    constexpr bool operator==(const Reaction&) const = default;
};

/// How a guest is asked to end when the operator wants it to.
enum class StopRequest : std::uint8_t {
    none,            ///< it is ended without asking
    sysrq,           ///< Linux: serial breaks followed by keys, which sync, remount read-only and power off
    software_event,  ///< its global software event (SBI SSE)
};

/// Returns the word for it in a description.
constexpr std::string_view name_of(StopRequest request) {
    switch (request) {
        case StopRequest::none:
            return "none";
        case StopRequest::sysrq:
            return "sysrq";
        case StopRequest::software_event:
            return "software-event";
    }
    return "?";
}

/// How to ask a guest to end, and how long to wait before it is ended anyway.
struct Stop {
    static constexpr std::uint32_t min_seconds = 3;  ///< the keys take two
    static constexpr std::uint32_t max_seconds = 600;

    StopRequest request = StopRequest::none;
    std::uint32_t seconds = 0;

    constexpr bool operator==(const Stop&) const = default;
};

/// When a guest starts by itself: a delay after boot, or after another guest's start.
struct StartOrder {
    static constexpr std::uint32_t at_boot = std::numeric_limits<std::uint32_t>::max();

    std::uint32_t after = at_boot;  ///< index into Description::guests
    std::uint32_t delay_ms = 0;
    bool by_operator = false;  ///< never by itself. Requires: the other members have their defaults

    constexpr bool operator==(const StartOrder&) const = default;
};

struct Policy {
    Reaction shutdown{Action::stay_off, {}};
    Reaction reboot{Action::restart, {}};
    Reaction crash{Action::stay_off, {}};
    Reaction watchdog{Action::restart, {}};
    StartOrder start;
    Stop stop;
    bool restart_with_dma = false;   ///< a guest with Guest::unprotected_dma may be started again
    bool stop_on_dma_fault = false;  ///< it ends when the IOMMU refuses its functions something

    constexpr bool operator==(const Policy&) const = default;

    /// Returns whether anything is to follow an end that does not follow without a policy, or the guest is to be asked.
    constexpr bool decides_ends() const {
        const Policy without;
        return shutdown != without.shutdown || reboot != without.reboot || crash != without.crash ||
               watchdog != without.watchdog || stop != without.stop;
    }

    constexpr const Reaction& to(Cause cause) const {
        switch (cause) {
            case Cause::shutdown:
                return shutdown;
            case Cause::reboot:
                return reboot;
            case Cause::crash:
                return crash;
            default:
                return watchdog;
        }
    }
};

}  // namespace mullion
