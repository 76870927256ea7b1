// SPDX-License-Identifier: Apache-2.0
#include "boot/checks.hpp"

#include "arch/boot.hpp"
#include "arch/csr.hpp"
#include "arch/deadline.hpp"
#include "arch/firmware.hpp"
#include "arch/irq/irq.hpp"
#include "arch/memory.hpp"
#include "arch/panic.hpp"
#include "arch/timer/timer.hpp"
#include "core/sbi_numbers.hpp"
#include "core/tables.hpp"
#include "core/text.hpp"
#include "core/wait.hpp"

namespace mullion::boot {

void refuse_hart(const Hart& hart, std::string_view why) {
    arch::refuse_machine((Text{} << "hart " << static_cast<std::uint64_t>(hart.id) << ": " << why).view());
}

Text lack_of(Extension extension) {
    return Text{} << "lacks " << extensions[static_cast<std::size_t>(extension)].name
                  << ", which the board file declares";
}

void refuse_lack(const Hart& hart, Extension extension) {
    refuse_hart(hart, lack_of(extension).view());
}

namespace {

void require(const Hart& hart, Extension extension, bool (*is_there)()) {
    if (hart.features.has(extension) && !is_there()) {
        refuse_lack(hart, extension);
    }
}

void require_extension(SbiExtension extension, std::string_view name) {
    if (arch::firmware::probe_extension(extension).value == 0) {
        arch::refuse_machine((Text{} << "the SBI firmware lacks the " << name << " extension").view());
    }
}

/// Returns the hart's state, once it is STOP_PENDING no more, or a second has passed: one that a boot loader has just
/// let go may be on its way (SBI HSM).
SbiResult await_settled(const Hart& hart) {
    SbiResult status;
    const auto has_settled = [&] {
        status = arch::firmware::hart_status(hart.id);
        return static_cast<HsmState>(status.value) != HsmState::stop_pending;
    };
    await_machine<Wait::settled>(has_settled, arch::Deadline{description.board, 1000}, arch::pause);
    return status;
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
        const auto settled = await_settled(hart);
        if (settled.error != SbiError::success) {
            refuse_hart(hart, "the firmware knows no such hart");
        }
        if (static_cast<HsmState>(settled.value) != HsmState::stopped) {
            refuse_hart(hart, "is not stopped, so it cannot be started");
        }
    }
}

void check_features(const Hart& hart) {
    require(hart, Extension::sstc, arch::has_vstimecmp);
    require(hart, Extension::sscofpmf, arch::has_scountovf);
    if (const auto wrong = arch::irq::check_hart(hart)) {
        refuse_hart(hart, wrong->view());
    }
    if (has_state_enables(hart.features) && !arch::has_hstateen0()) {
        refuse_lack(hart, Extension::smstateen);
    }
}

void check_instructions(const Hart& hart) {
    require(hart, Extension::zknh, arch::has_hash_instructions);
    require(hart, Extension::d, arch::has_float_registers);
    require(hart, Extension::v, arch::has_vector_extension);
    require(hart, Extension::zve32x, arch::has_vector_registers);
}

}  // namespace mullion::boot
