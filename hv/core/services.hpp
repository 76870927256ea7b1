// SPDX-License-Identifier: Apache-2.0
// Names what a description may leave out of its image (`services` of the partitions node).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mullion {

enum class Service : std::uint8_t {
    pmu,
    sse,
    fwft,
    susp,
    sta,
    legacy,
    verification,  ///< of images before a start
    crash_report,  ///< beyond one line, which is always printed
    terminal,      ///< the console's keys, zoom, and prompts that are drawn again
    policies,      ///< what follows a life's end, where it is not what follows without a policy; and orderly stops
    count
};

inline constexpr std::size_t service_count = static_cast<std::size_t>(Service::count);

/// Their names in `services`, in the order of Service.
inline constexpr std::array<std::string_view, service_count> service_names{
    "pmu", "sse", "fwft", "susp", "sta", "legacy", "verification", "crash-report", "terminal", "policies"};

constexpr std::string_view name_of(Service service) {
    return service_names[static_cast<std::size_t>(service)];
}

/// A set of services.
struct Services {
    std::uint32_t bits = 0;  ///< bit n: service n

    static constexpr Services all() { return {(std::uint32_t{1} << service_count) - 1}; }

    constexpr bool has(Service service) const { return (bits >> static_cast<unsigned>(service) & 1) != 0; }
    constexpr Services with(Service service) const {
        return {bits | std::uint32_t{1} << static_cast<unsigned>(service)};
    }
    constexpr Services without(Service service) const {
        return {bits & ~(std::uint32_t{1} << static_cast<unsigned>(service))};
    }

    constexpr bool operator==(const Services&) const = default;
};

}  // namespace mullion
