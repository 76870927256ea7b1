// SPDX-License-Identifier: Apache-2.0
// Lists every word that a description may use. docs/bindings has a schema and an example for each (tests/schema).
#pragma once

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>

#include "diagnostics.hpp"
#include "emulated.hpp"
#include "tree.hpp"

namespace mullion::partc {

/// What a kind of node may contain.
struct Vocabulary {
    std::string_view node;
    std::span<const std::string_view> properties;
    std::span<const std::string_view> nodes;  ///< its children, without unit addresses
};

namespace words {

using List = std::string_view[];

inline constexpr List partitions_properties{"compatible", "services"};
/// Own properties, then those that ask for an emulated device.
inline constexpr auto partition_properties = [] {
    constexpr std::array own{"compatible", "#address-cells",        "#size-cells", "cpus",  "devices",
                             "bootargs",   "allow-unprotected-dma", "overlay",     "verify"};
    std::array<std::string_view, own.size() + std::ranges::count_if(emulated_kinds, &EmulatedKind::is_asked_for)> all;
    auto* next = std::ranges::copy(own, all.begin()).out;
    for (const auto& kind : emulated_kinds) {
        if (kind.is_asked_for()) {
            *next++ = kind.property();
        }
    }
    return all;
}();
inline constexpr List partition_nodes{"memory", "kernel", "ramdisk", "serial", "policy"};
inline constexpr List memory_properties{"device_type", "reg", "host-address", "identity"};
inline constexpr List kernel_properties{"image", "load", "entry"};
inline constexpr List ramdisk_properties{"image"};
inline constexpr List serial_properties{"reg", "reg-shift", "reg-io-width"};
inline constexpr List channel_properties{"compatible", "size", "guest-address", "read-write", "read-only"};
inline constexpr List policy_properties{"on-shutdown",  "on-shutdown-limit", "on-reboot",         "on-reboot-limit",
                                        "on-crash",     "on-crash-limit",    "on-watchdog",       "on-watchdog-limit",
                                        "start-after",  "start-delay-ms",    "start-by-operator", "stop-request",
                                        "stop-timeout", "restart-with-dma",  "on-dma-fault"};

// Children of `partitions` are partitions and channels, which choose their names.
inline constexpr Vocabulary partitions{"partitions", partitions_properties, {}};
inline constexpr Vocabulary partition{"partition", partition_properties, partition_nodes};
inline constexpr Vocabulary memory{"memory", memory_properties, {}};
inline constexpr Vocabulary kernel{"kernel", kernel_properties, {}};
inline constexpr Vocabulary ramdisk{"ramdisk", ramdisk_properties, {}};
inline constexpr Vocabulary serial{"serial", serial_properties, {}};
inline constexpr Vocabulary policy{"policy", policy_properties, {}};
inline constexpr Vocabulary channel{"channel", channel_properties, {}};

inline constexpr std::array all{partitions, partition, memory, kernel, ramdisk, serial, policy, channel};

}  // namespace words

/// Reports each property that the vocabulary lacks; `in` begins the message: "partition 'alpha': ".
void check_properties(const Node& node, const std::string& in, const Vocabulary& vocabulary, Diagnostics& diagnostics);

/// Returns a line for each kind of node: "kernel: image load entry"; its children have braces: "memory{}".
std::string vocabulary();

}  // namespace mullion::partc
