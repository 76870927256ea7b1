// SPDX-License-Identifier: Apache-2.0
// Checks that an address is not the guest's: what is done there ends in an access fault as on bare hardware.
#pragma once

#include <cstdint>

#include "probe/expect.hpp"
#include "probe/trap.hpp"

namespace probe {

/// Expects that a read of a byte there ends in an access fault.
inline void read_is_refused(std::uint64_t address) {
    expect_trap("a read outside", load_access_fault, address, try_load<std::uint8_t>(address).trap);
}

/// Expects the same of reads, writes and jumps.
inline void all_is_refused(std::uint64_t address) {
    read_is_refused(address);
    const auto aligned = address & ~std::uint64_t{7};
    expect_trap("a wide read outside", load_access_fault, aligned, try_load<std::uint64_t>(aligned).trap);
    expect_trap("a write outside", store_access_fault, address, try_store<std::uint8_t>(address, 1));
    expect_trap("a wide write outside", store_access_fault, aligned, try_store<std::uint64_t>(aligned, 1));
    const auto even = address & ~std::uint64_t{1};
    expect_trap("a jump outside", instruction_access_fault, even, try_execute(even));
}

}  // namespace probe
