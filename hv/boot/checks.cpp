// SPDX-License-Identifier: Apache-2.0
#include "boot/checks.hpp"

#include "arch/boot.hpp"
#include "arch/csr.hpp"
#include "arch/firmware.hpp"
#include "arch/irq/irq.hpp"
#include "arch/memory.hpp"
#include "arch/panic.hpp"
#include "arch/timer/timer.hpp"
#include "core/sbi_numbers.hpp"
#include "core/tables.hpp"
#include "core/text.hpp"
#include "core/wait.hpp"
#include "run/sbi_port.hpp"

namespace mullion::boot {

void refuse_hart(const Hart& hart, std::string_view why) {
    arch::refuse_machine((Text{} << "hart " << static_cast<std::uint64_t>(hart.id) << ": " << why).view());
}

void refuse_lack(const Hart& hart, Extension extension) {
    refuse_hart(hart, (Text{} << "lacks " << extensions[static_cast<std::size_t>(extension)].name
                              << ", which the board file declares")
                          .view());
}

namespace {

void require_extension(SbiExtension extension, std::string_view name) {
    if (arch::firmware::probe_extension(extension).value == 0) {
        arch::refuse_machine((Text{} << "the SBI firmware lacks the " << name << " extension").view());
    }
}

/// A hart that a boot loader has just let go may be on its way for a while (SBI HSM, STOP_PENDING).
bool comes_to_stop(const Hart& hart) {
    const auto limit = arch::now() + description.board.timebase_frequency;  // a second
    auto state = HsmState::stop_pending;
    const auto has_settled = [&] {
        state = static_cast<HsmState>(arch::firmware::hart_status(hart.id).value);
        return state != HsmState::stop_pending;
    };
    const auto late = [limit] { return arch::now() > limit; };
    await_machine<Wait::settled>(has_settled, late, arch::pause);
    return state == HsmState::stopped;
}

}  // namespace

void check_hypervisor_extension(const Hart& hart) {
    if (!arch::has_hypervisor_extension()) {
        refuse_hart(hart, "has no hypervisor extension");
    }
}

void check_firmware() {
    // Bit 31 and all above are 0 (SBI Base, get_spec_version).
    constexpr std::uint64_t major_2 = 2ULL << 24;
    const auto version = arch::firmware::get_spec_version().value;
    if (version == 0 || version >> 31 != 0) {
        arch::refuse_machine("the SBI firmware tells no version of the specification");
    }
    if (version < major_2) {
        arch::refuse_machine("the SBI firmware is older than version 2.0");
    }
    require_extension(SbiExtension::hsm, "HSM");
    require_extension(SbiExtension::srst, "SRST");
    if (arch::irq::needs_sbi_ipi) {
        require_extension(SbiExtension::ipi, "IPI");
    }
    if (arch::timer::needs_sbi_time) {
        require_extension(SbiExtension::time, "TIME");
    }
    run::machine_ids = {arch::firmware::machine_vendor_id().value, arch::firmware::machine_arch_id().value,
                        arch::firmware::machine_impl_id().value};
}

void check_controller() {
    if (const auto wrong = arch::irq::initialise()) {
        arch::refuse_machine(wrong->view());
    }
}

void check_reserved() {
    if (const auto reserved = arch::reserved_in_use()) {
        Text line;
        (line << "the firmware's tree reserves ").hex(reserved->range.base.value) << " to ";
        line.hex(reserved->range.end().value - 1)
            << ", where the description has " << (reserved->guest == nullptr ? "mullion" : reserved->guest->name);
        arch::refuse_machine(line.view());
    }
}

void check_harts_present(std::uint64_t boot_hart) {
    for (std::size_t i = 0; i < description.board.harts.size(); ++i) {
        if (hgatp[i] == 0 || i == boot_hart) {
            continue;
        }
        const auto& hart = description.board.harts[i];
        if (arch::firmware::hart_status(hart.id).error != SbiError::success) {
            refuse_hart(hart, "the firmware knows no such hart");
        }
        if (!comes_to_stop(hart)) {
            refuse_hart(hart, "is not stopped, so it cannot be started");
        }
    }
}

void check_features(const Hart& hart) {
    if (hart.features.has(Extension::sstc) && !arch::has_vstimecmp()) {
        refuse_hart(hart, "lacks Sstc, which the board file declares");
    }
    if (const auto wrong = arch::irq::check_hart(hart)) {
        refuse_hart(hart, wrong->view());
    }
    if (has_state_enables(hart.features) && !arch::has_hstateen0()) {
        refuse_hart(hart, "lacks Smstateen, which the board file declares");
    }
}

void check_instructions(const Hart& hart) {
    const auto require = [&hart](Extension extension, bool present) {
        if (hart.features.has(extension) && !present) {
            refuse_lack(hart, extension);
        }
    };
    require(Extension::zknh, arch::has_hash_instructions());
    require(Extension::d, arch::has_float_registers());
    require(Extension::v, arch::has_vector_extension());
    require(Extension::zve32x, arch::has_vector_registers());
}

}  // namespace mullion::boot
