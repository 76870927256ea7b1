// SPDX-License-Identifier: Apache-2.0
// What interrupts a hart of the hypervisor's, beside its timer and wired sources.
#pragma once

#include <cstdint>

namespace mullion::arch {

/// The values are identities in supervisor-level interrupt files.
enum class Message : std::uint32_t {
    software = 1,   ///< raise VSSIP: an SBI IPI
    attention = 2,  ///< look at what others ask of this hart
    uart = 3,       ///< the physical UART, where its interrupt is an MSI
    request = 4,    ///< serve what a sibling asks for (vm/sbi/requests.hpp), and look at software events; nothing else
};

/// A set of them.
using Messages = std::uint32_t;

constexpr Messages bit(Message message) {
    return Messages{1} << static_cast<std::uint32_t>(message);
}
constexpr bool has(Messages messages, Message message) {
    return (messages & bit(message)) != 0;
}

}  // namespace mullion::arch
