// SPDX-License-Identifier: Apache-2.0
// Answers the SBI Debug Console extension.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "core/address.hpp"
#include "core/description.hpp"
#include "core/sbi_numbers.hpp"
#include "vm/guest_memory.hpp"
#include "vm/sbi/extension.hpp"
#include "vm/sbi/port.hpp"
#include "vm/vcpu.hpp"

namespace mullion {

/// A buffer in guest physical memory, as functions get it.
struct ConsoleBuffer {
    std::uint64_t num_bytes = 0;
    std::uint64_t base_addr_lo = 0;
    std::uint64_t base_addr_hi = 0;
};

/// Passes the buffer to `transfer`, a piece of contiguous host memory at a time, until that does not use up a piece.
/// Returns the number of bytes used. The whole buffer is checked first, so after an error nothing was moved.
template <SbiPort Port, class Transfer>
SbiResult move_bytes(VCpu& self, Port& port, ConsoleBuffer buffer, Rights needed, Transfer transfer) {
    Gpa at{buffer.base_addr_lo};
    if (buffer.base_addr_hi != 0 || !is_guest_memory(self.guest, at, buffer.num_bytes, needed)) {
        return {SbiError::invalid_param};
    }
    std::uint64_t moved = 0;
    while (moved < buffer.num_bytes) {
        const auto piece = find_piece(self.guest, at + moved, buffer.num_bytes - moved, needed);
        const auto now = transfer(port.guest_memory(piece->base, piece->size));
        moved += now;
        if (now < piece->size) {
            break;
        }
    }
    return {SbiError::success, moved};
}

/// Writes a byte, for the blocking functions. Without room returns false, and the guest repeats its ECALL, so a0 and a1
/// must stay; interrupts to it and to the hypervisor are taken in between.
template <SbiPort Port>
bool console_write_byte(Port& port, std::uint8_t byte) {
    const std::array<std::uint8_t, 1> bytes{byte};
    if (port.console_write(bytes) == 0) {
        port.repeat_call();
        return false;
    }
    return true;
}

template <SbiPort Port>
SbiResult sbi_dbcn(VCpu& self, Port& port, DbcnFunction function, ConsoleBuffer buffer) {
    switch (function) {
        case DbcnFunction::console_write:
            return move_bytes(self, port, buffer, Rights::r,
                              [&](std::span<const std::uint8_t> bytes) { return port.console_write(bytes); });
        case DbcnFunction::console_read:
            return move_bytes(self, port, buffer, Rights::rw,
                              [&](std::span<std::uint8_t> bytes) { return port.console_read(bytes); });
        case DbcnFunction::console_write_byte:
            return console_write_byte(port, static_cast<std::uint8_t>(buffer.num_bytes))
                       ? SbiResult{}
                       : SbiResult{static_cast<SbiError>(buffer.num_bytes), buffer.base_addr_lo};
    }
    return {SbiError::not_supported};
}

template <SbiPort Port>
inline constexpr auto dbcn_row =
    sbi_row<Port>(SbiExtension::dbcn, Exit::sbi_dbcn, [](VCpu& self, Port& port, const SbiCall& call) {
        return sbi_dbcn(self, port, static_cast<DbcnFunction>(call.function), {call.a0, call.a1, call.a2});
    });

}  // namespace mullion
