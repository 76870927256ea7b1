// SPDX-License-Identifier: Apache-2.0
// The interrupt controller that a guest sees: an APLIC where the machine has an IMSIC, else a PLIC.
#pragma once

#include <cstdint>
#include <span>

#include "core/description.hpp"
#include "core/tables.hpp"
#include "vm/aplic.hpp"
#include "vm/plic.hpp"

namespace mullion::run {

/// Not synchronized: the caller holds the guest's device lock around every call.
template <class Port>
class VirtualController {
 public:
    /// `contexts`: one for each of the guest's harts, where it has a PLIC.
    static constexpr VirtualController of(const Guest& guest, const Board& board, std::span<PlicContext> contexts,
                                          Port& port) {
        return guest.device(DeviceKind::plic).exists() ? VirtualController(guest, contexts, port)
                                                       : VirtualController(guest, board.imsic.num_ids, port);
    }

    /// Whether the guest has a PLIC: the same for all guests of a machine.
    static bool is_plic() { return board_kind.controller != InterruptController::imsic; }

    /// Means something only as is_plic() says.
    AplicDomain<Port>& aplic() { return aplic_; }
    PlicDomain<Port>& plic() { return plic_; }

    void reset() { is_plic() ? plic_.reset() : aplic_.reset(); }
    void set_line(std::uint32_t source, bool level) {
        is_plic() ? plic_.set_line(source, level) : aplic_.set_line(source, level);
    }
    std::uint32_t read(std::uint32_t offset) { return is_plic() ? plic_.read(offset) : aplic_.read(offset); }
    void write(std::uint32_t offset, std::uint32_t value) {
        is_plic() ? plic_.write(offset, value) : aplic_.write(offset, value);
    }

 private:
    constexpr VirtualController(const Guest& guest, std::uint32_t num_ids, Port& port) : aplic_(guest, num_ids, port) {}
    constexpr VirtualController(const Guest& guest, std::span<PlicContext> contexts, Port& port)
        : plic_(guest, contexts, port) {}

    /// Not a variant: what it would look up in every exit is known beforehand.
    union {
        AplicDomain<Port> aplic_;
        PlicDomain<Port> plic_;
    };
};

}  // namespace mullion::run
