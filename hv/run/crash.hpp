// SPDX-License-Identifier: Apache-2.0
// The report of a guest that did something fatal: to the console, and kept in memory for a debugger.
#pragma once

#include <span>
#include <string_view>

#include "arch/hart.hpp"
#include "vm/crash_record.hpp"

namespace mullion::run {

/// `mullion_crashes`, a record for each guest (instances.cpp).
extern const std::span<CrashRecord> crashes;

/// On the hart that crashed, before anything else changes what its CSRs say of the trap; all registers of the context
/// are the guest's.
CrashRecord crash_record(const arch::HartContext& context);

/// On that hart, STOPPED like all of its guest. Waits while the console is busy, at most 5 s, and takes interrupts
/// meanwhile; what it could not say by then is dropped, and `mullion_crashes` has it.
void report_crash(const Vm& vm, const CrashRecord& record, std::string_view why);

}  // namespace mullion::run
