// SPDX-License-Identifier: Apache-2.0
// An APLIC in direct delivery mode (AIA 4.8), and the firmware's IPIs beside it. Every source has priority 1 and every
// threshold is 0 (none).
#pragma once

#include <cstdint>
#include <optional>

#include "arch/irq/domain.hpp"
#include "arch/irq/irq.hpp"
#include "arch/irq/tried.hpp"
#include "arch/irq/without_imsic.hpp"
#include "arch/memory.hpp"
#include "arch/missing.hpp"
#include "arch/mmio.hpp"
#include "arch/order.hpp"

namespace mullion::arch::irq {

class AplicDriver : public WithoutImsic {
 public:
    explicit constexpr AplicDriver(const Board& board) : board_(board) {}

    std::optional<Text> initialise() const {
        const auto base = board_.aplic.base;
        bool complete = probe_load(base) == 0 && probe_load(base + idc::structures) == 0;
        for (std::size_t i = 0; complete && i < board_.harts.size(); ++i) {
            set(board_.harts[i], idc::idelivery, 0);
            complete = takes_threshold(board_.harts[i]);
        }
        if (!complete || !domain::initialise(domain::Delivery::direct)) {
            return missing("APLIC domain with direct delivery to each hart", base);
        }
        return domain::check_sources();
    }

    void initialise_hart(const Hart& self) const {
        set(self, idc::iforce, 0);
        set(self, idc::ithreshold, 0);
        set(self, idc::idelivery, 1);
        enable_interrupts();
    }

    void prepare(const Source& source, const Hart&) const { domain::prepare(source); }

    void route(std::uint32_t source, const Hart& to) const {
        domain::set_direct_target(source, to);
        domain::set_enabled(source, true);
    }

    void unroute(std::uint32_t source, const Hart&) const { domain::set_enabled(source, false); }

    // A level source stays pending as long as its wire is up, and no longer (AIA 4.7): masked, it is not delivered
    // again. QEMU's APLIC keeps one pending whose wire went down; claimed, it forgets it.
    std::uint32_t claim(const Hart& self) const {
        const auto source = load<std::uint32_t>(idc_register(self, idc::claimi)) >> idc::identity_shift;
        order::after_claim();
        if (source == 0 || (!domain::input(source) && is_level(domain::mode(source)))) {
            return 0;
        }
        domain::set_enabled(source, false);
        return source;
    }

    // What QEMU's APLIC keeps pending is forgotten here, too: that costs less than an interrupt for nothing.
    void release(std::uint32_t source, const Hart& routed) const {
        if (domain::pending(source) && !domain::input(source)) {
            if (const auto as_it_is = domain::mode(source); is_level(as_it_is)) {
                domain::prepare({source, as_it_is});
                return route(source, routed);
            }
        }
        domain::set_enabled(source, true);
    }

    // An edge was forgotten when it was claimed; for a level this does nothing that its wire does not (AIA 4.7).
    void put_back(std::uint32_t source, const Hart&) const { domain::set_pending(source); }

    bool pending(std::uint32_t source) const { return domain::pending(source); }

 private:
    Hpa idc_register(const Hart& hart, std::uint32_t reg) const {
        return board_.aplic.base + idc::offset(hart.context, reg);
    }
    void set(const Hart& hart, std::uint32_t reg, std::uint32_t value) const {
        store<std::uint32_t>(idc_register(hart, reg), value);
    }

    /// Whether the hart's IDC structure is there: it takes a threshold.
    bool takes_threshold(const Hart& hart) const {
        set(hart, idc::ithreshold, 1);
        const bool taken = load<std::uint32_t>(idc_register(hart, idc::ithreshold)) == 1;
        set(hart, idc::ithreshold, 0);
        return taken;
    }

    const Board& board_;
};

}  // namespace mullion::arch::irq
