// SPDX-License-Identifier: Apache-2.0
#include "boot/configuration.hpp"

#include "arch/guest_hart.hpp"
#include "arch/iommu/iommu.hpp"
#include "arch/irq/irq.hpp"
#include "arch/panic.hpp"
#include "boot/checks.hpp"
#include "core/isa.hpp"
#include "core/text.hpp"
#include "run/linked_services.hpp"

namespace mullion::boot {
namespace {

/// Names the extensions behind the bits, where the table of them knows.
[[noreturn]] void refuse_csr(const Hart& hart, const arch::guest_hart::Refusal& refusal) {
    Text line;
    (line << refusal.name << " does not take bits ").hex(refusal.missing);
    for (std::size_t i = 0; i < extensions.size(); ++i) {
        const auto bits = refusal.name == "henvcfg"     ? extensions[i].henvcfg
                          : refusal.name == "hstateen0" ? extensions[i].hstateen0
                                                        : 0;
        if (hart.features.has(static_cast<Extension>(i)) && (bits & refusal.missing) != 0) {
            line << ": " << lack_of(static_cast<Extension>(i)).view();
            break;
        }
    }
    refuse_hart(hart, line.view());
}

}  // namespace

void configure_dma() {
    if (run::pci_functions != nullptr) {
        if (const auto wrong = run::pci_functions->initialise()) {
            arch::refuse_machine(wrong->view());
        }
    }
    if (arch::iommu::driver_of_board != nullptr) {
        if (const auto wrong = arch::iommu::driver_of_board->initialise()) {
            arch::refuse_machine(wrong->view());
        }
    }
}

void configure_controller() {
    if (const auto wrong = arch::irq::initialise()) {
        arch::refuse_machine(wrong->view());
    }
}

void configure_hart(const Hart& hart, std::uint64_t hgatp) {
    if (const auto refusal = arch::guest_hart::configure(hart, hgatp)) {
        refuse_csr(hart, *refusal);
    }
    arch::guest_hart::open_counters(arch::guest_hart::fixed_counters);
}

}  // namespace mullion::boot
