// SPDX-License-Identifier: Apache-2.0
#include "arch/aplic_direct.hpp"

#include "arch/aplic.hpp"
#include "arch/mmio.hpp"
#include "core/tables.hpp"

namespace mullion::arch::aplic::direct {
namespace {

Hpa idc_register(const Hart& hart, std::uint32_t reg) {
    return description.board.aplic.base + idc::offset(hart.context, reg);
}

void set(const Hart& hart, std::uint32_t reg, std::uint32_t value) {
    store<std::uint32_t>(idc_register(hart, reg), value);
}

/// Whether the hart's IDC structure is there: it takes a threshold.
bool takes_threshold(const Hart& hart) {
    set(hart, idc::ithreshold, 1);
    const bool taken = load<std::uint32_t>(idc_register(hart, idc::ithreshold)) == 1;
    set(hart, idc::ithreshold, 0);
    return taken;
}

}  // namespace

bool initialise() {
    bool complete = true;
    for (const auto& hart : description.board.harts) {
        set(hart, idc::idelivery, 0);
        complete = complete && takes_threshold(hart);
    }
    return aplic::initialise(Delivery::direct) && complete;
}

void initialise_hart(const Hart& self) {
    set(self, idc::iforce, 0);
    set(self, idc::ithreshold, 0);
    set(self, idc::idelivery, 1);
}

// An inactive source is masked and not pending (AIA 4.5.2).
void prepare(const Source& source) {
    set_mode(source.number, SourceMode::inactive);
    set_mode(source.number, source.mode);
}

void route(std::uint32_t source, const Hart& to) {
    store<std::uint32_t>(description.board.aplic.base + aplic_offset_of_source(AplicRegister::target, source),
                         direct_target(to.context, 1));
    set_enabled(source, true);
}

// A level source stays pending as long as its wire is up, and no longer (AIA 4.7): masked, it is not delivered again.
// QEMU's APLIC keeps one pending whose wire went down; claimed, it forgets it.
std::uint32_t claim(const Hart& self) {
    const auto source = load<std::uint32_t>(idc_register(self, idc::claimi)) >> idc::identity_shift;
    if (source == 0 || (!input(source) && is_level(mode(source)))) {
        return 0;
    }
    set_enabled(source, false);
    return source;
}

// What QEMU's APLIC keeps pending is forgotten here, too: that costs less than an interrupt for nothing.
void release(std::uint32_t source, const Hart& routed) {
    if (pending(source) && !input(source)) {
        if (const auto as_it_is = mode(source); is_level(as_it_is)) {
            prepare({source, as_it_is});
            return route(source, routed);
        }
    }
    set_enabled(source, true);
}

// An edge was forgotten when it was claimed; for a level this does nothing that its wire does not (AIA 4.7).
void put_back(std::uint32_t source) {
    set_pending(source);
}

}  // namespace mullion::arch::aplic::direct
