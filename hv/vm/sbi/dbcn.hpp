// SPDX-License-Identifier: Apache-2.0
// SBI Debug Console extension.
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

/// Guest memory as the functions with a buffer name it.
struct ConsoleBuffer {
    std::uint64_t num_bytes = 0;
    std::uint64_t base_addr_lo = 0;
    std::uint64_t base_addr_hi = 0;
};

/// Gives the buffer to `transfer` piece by piece, as far as its memory is contiguous in the machine, until a piece is
/// not used up. The whole buffer is checked first, so that an error means that nothing was moved.
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

/// The blocking functions: where there is no room, the guest makes its call again, and takes in between what interrupts
/// it or the hypervisor. False: it does, so that a0 and a1 must stay.
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
