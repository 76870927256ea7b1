// SPDX-License-Identifier: Apache-2.0
// What a description says about a guest's life: what follows when it ends, and when it starts. An empty policy is the
// one of a partition that says nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

namespace mullion {

/// How a life ends without the operator.
enum class Cause : std::uint8_t { shutdown, reboot, crash, watchdog };

inline constexpr std::size_t cause_count = 4;

/// What follows.
enum class Action : std::uint8_t { stay_off, restart, halt_machine };

/// As a description writes it.
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

/// At most `restarts` restarts in any `seconds`; after that the guest stays off. 0 and 0: no limit.
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

/// How a guest is asked to end when its operator wants that.
enum class StopRequest : std::uint8_t {
    none,            ///< it is ended without being asked
    sysrq,           ///< Linux: breaks at the serial port, each with a key, that sync, remount and power off
    software_event,  ///< its global software event (SBI SSE)
};

/// As a description writes it.
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

/// A guest that has not ended so long after it was asked is ended.
struct Stop {
    static constexpr std::uint32_t min_seconds = 3;  ///< the keys take two
    static constexpr std::uint32_t max_seconds = 600;

    StopRequest request = StopRequest::none;
    std::uint32_t seconds = 0;

    constexpr bool operator==(const Stop&) const = default;
};

/// When a guest starts by itself: at boot, or when another one has started, and so much later.
struct StartOrder {
    static constexpr std::uint32_t at_boot = std::numeric_limits<std::uint32_t>::max();

    std::uint32_t after = at_boot;  ///< index into Description::guests
    std::uint32_t delay_ms = 0;
    bool by_operator = false;  ///< not by itself at all; then the others have their defaults

    constexpr bool operator==(const StartOrder&) const = default;
};

struct Policy {
    Reaction shutdown{Action::stay_off, {}};
    Reaction reboot{Action::restart, {}};
    Reaction crash{Action::stay_off, {}};
    Reaction watchdog{Action::restart, {}};
    StartOrder start;
    Stop stop;
    bool restart_with_dma = false;  ///< a guest with Guest::unprotected_dma may start a second time

    constexpr bool operator==(const Policy&) const = default;

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
