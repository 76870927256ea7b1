// SPDX-License-Identifier: Apache-2.0
// Dispatches a guest's SBI calls to the extensions. Of a guest's arguments only those for hardware counters (PMU) and
// misaligned accesses (FWFT) reach the firmware.
#pragma once

#include <cstdint>

#include "core/csr_numbers.hpp"
#include "core/sbi_numbers.hpp"
#include "vm/sbi/base.hpp"
#include "vm/sbi/extension.hpp"
#include "vm/sbi/ipi.hpp"
#include "vm/sbi/rfence.hpp"
#include "vm/sbi/time.hpp"
#include "vm/vcpu.hpp"

namespace mullion {

/// Answers a call by the table of the image's extensions.
template <SbiTablePort Port>
SbiResult sbi_table_call(VCpu& self, Port& port, const SbiCall& call) {
    self.log.add({csr::cause::ecall_vs, port.guest_pc(), call.extension, call.function});
    const auto* row = find_row(port, call.extension);
    if (row == nullptr) {
        self.count(Exit::sbi_other);
        return {SbiError::not_supported};
    }
    self.count(row->exit);
    return row->answer(self, port, call);
}

/// Answers a call from the guest's a0-a4, a6 (function) and a7 (extension), and returns a0 and a1; every other register
/// is preserved. Functions that end or restart the hart do not return on target. Frequent calls are compared first and
/// need no stack frame; for the others `cold` gets the unchanged registers and calls sbi_table_call out of line.
template <SbiTablePort Port, class Cold>
[[gnu::always_inline]] inline SbiResult sbi_call(VCpu& self, Port& port, std::uint64_t a0, std::uint64_t a1,
                                                 std::uint64_t a2, std::uint64_t a3, std::uint64_t a4,
                                                 std::uint64_t function, std::uint64_t extension, Cold cold) {
    // The shortest call, which needs no table: benchmarks measure the least cost of a call by it.
    if (static_cast<SbiExtension>(extension) == SbiExtension::base &&
        static_cast<BaseFunction>(function) == BaseFunction::get_spec_version) {
        self.count(Exit::sbi_base);
        return {SbiError::success, sbi_spec_version};
    }
    // Otherwise the compiler joins other functions of Base with the call at the end, and creates the stack frame of
    // that before the first compare.
    extension = port.forget_compares(extension);
    const auto id = static_cast<SbiExtension>(extension);
    if (id == SbiExtension::time) {
        self.count(Exit::sbi_time);
        return sbi_time(port, static_cast<TimeFunction>(function), a0);
    }
    if (id == SbiExtension::ipi) {
        self.count(Exit::sbi_ipi);
        return sbi_ipi(a0, a1, self, static_cast<IpiFunction>(function), port);
    }
    if (id == SbiExtension::rfence) {
        self.count(Exit::sbi_rfence);
        return sbi_rfence(a0, a1, a2, a3, a4, self, static_cast<RfenceFunction>(function), port);
    }
    return cold(a0, a1, a2, a3, a4, self, function, extension);
}

}  // namespace mullion
