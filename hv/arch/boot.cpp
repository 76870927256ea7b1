// SPDX-License-Identifier: Apache-2.0
#include "arch/boot.hpp"

namespace mullion::arch {

extern "C" void secondary_entry();

Hpa secondary_entry_address() {
    return {reinterpret_cast<std::uint64_t>(&secondary_entry)};
}

}  // namespace mullion::arch
