// SPDX-License-Identifier: Apache-2.0
#include "arch/imsic.hpp"

#include "arch/csr.hpp"
#include "arch/mmio.hpp"
#include "core/imsic_layout.hpp"
#include "core/tables.hpp"

namespace mullion::arch::imsic {
namespace {

namespace reg = csr::imsic;

constexpr unsigned identities_per_register = 64;  // RV64 has only the even-numbered registers (AIA 3.8.3)

void write_own(std::uint64_t which, std::uint64_t value) {
    write<Csr::siselect>(which);
    write<Csr::sireg>(value);
}

void write_guest(std::uint64_t which, std::uint64_t value) {
    write<Csr::vsiselect>(which);
    write<Csr::vsireg>(value);
}

void message(Hpa file, std::uint32_t identity) {
    memory_before_device();
    store<std::uint32_t>(file, identity);
}

unsigned registers_in_use() {
    return description.board.imsic.num_ids / identities_per_register + 1;
}

}  // namespace

void initialise() {
    for (unsigned i = 0; i < registers_in_use(); ++i) {
        write_own(reg::eip0 + 2 * i, 0);
        write_own(reg::eie0 + 2 * i, 0);
    }
    write_own(reg::eie0, bit(Message::software) | bit(Message::attention) | bit(Message::uart) | bit(Message::request));
    write_own(reg::eithreshold, 0);
    write_own(reg::eidelivery, 1);
    set_bits<Csr::sie>(csr::interrupt::se);
}

// Another claim would tell, too, that there is no more: at the price of another change of the file.
[[gnu::hot]] Messages claim() {
    Messages found = 0;
    while (const auto identity = swap<Csr::stopei>(0) >> 16) {
        found |= bit(static_cast<Message>(identity));
        if ((read<Csr::sip>() & csr::interrupt::se) == 0) {
            break;
        }
    }
    return found;
}

[[gnu::hot]] void send(const Hart& to, Message what) {
    message(interrupt_file(description.board.imsic, to.imsic_index, 0), static_cast<std::uint32_t>(what));
}

[[gnu::hot]] void send_to_guest(const Hart& to, std::uint32_t identity) {
    message(interrupt_file(description.board.imsic, to.imsic_index, guest_file), identity);
}

void reset_guest_file() {
    write_guest(reg::eidelivery, 0);
    write_guest(reg::eithreshold, 0);
    for (unsigned i = 0; i < registers_in_use(); ++i) {
        write_guest(reg::eie0 + 2 * i, 0);
        write_guest(reg::eip0 + 2 * i, 0);
    }
    write<Csr::vsiselect>(0);
}

bool take_from_guest_file(std::uint32_t identity) {
    write<Csr::vsiselect>(reg::eip0 + 2 * (identity / identities_per_register));
    const auto mask = std::uint64_t{1} << identity % identities_per_register;
    const bool pending = (read<Csr::vsireg>() & mask) != 0;
    clear_bits<Csr::vsireg>(mask);
    write<Csr::vsiselect>(0);
    return pending;
}

}  // namespace mullion::arch::imsic
