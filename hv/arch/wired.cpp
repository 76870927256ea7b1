// SPDX-License-Identifier: Apache-2.0
#include "arch/wired.hpp"

#include "arch/aplic.hpp"
#include "arch/aplic_direct.hpp"
#include "arch/csr.hpp"
#include "arch/plic.hpp"
#include "core/tables.hpp"

namespace mullion::arch::wired {
namespace {

bool is_plic() {
    return board_kind.controller == InterruptController::plic;
}

}  // namespace

bool initialise() {
    return is_plic() ? plic::initialise() : aplic::direct::initialise();
}

void initialise_hart(const Hart& self) {
    is_plic() ? plic::initialise_hart(self) : aplic::direct::initialise_hart(self);
    set_bits<Csr::sie>(csr::interrupt::se);
}

void prepare(const Source& source, const Hart& by) {
    is_plic() ? plic::prepare(source.number, by) : aplic::direct::prepare(source);
}

void route(std::uint32_t source, const Hart& to) {
    is_plic() ? plic::set_enabled(source, to, true) : aplic::direct::route(source, to);
}

void unroute(std::uint32_t source, const Hart& from) {
    is_plic() ? plic::set_enabled(source, from, false) : aplic::set_enabled(source, false);
}

std::uint32_t claim(const Hart& self) {
    return is_plic() ? plic::claim(self) : aplic::direct::claim(self);
}

void release(std::uint32_t source, const Hart& routed) {
    is_plic() ? plic::complete(source, routed) : aplic::direct::release(source, routed);
}

// A PLIC ignores completions of what is not enabled.
void put_back(std::uint32_t source, const Hart& self) {
    if (!is_plic()) {
        return aplic::direct::put_back(source);
    }
    plic::set_enabled(source, self, true);
    plic::complete(source, self);
    plic::set_enabled(source, self, false);
}

bool pending(std::uint32_t source) {
    return is_plic() ? plic::pending(source) : aplic::pending(source);
}

}  // namespace mullion::arch::wired
