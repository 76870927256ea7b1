// SPDX-License-Identifier: Apache-2.0
// The end of a machine that cannot be trusted any more: a defect of Mullion, or broken hardware. No guest gets here.
#pragma once

#include <string_view>

#include "arch/hart.hpp"

namespace mullion::arch {

/// Prints without a lock, keeps the text in `mullion_epitaph` for a debugger, and ends the machine as failed.
[[noreturn]] void panic(std::string_view why);

/// Ends a machine that is not the one this image was built for: one line, no dump.
[[noreturn]] void refuse_machine(std::string_view why);

extern "C" [[noreturn]] void own_trap_panic(const HartContext& context);

}  // namespace mullion::arch
