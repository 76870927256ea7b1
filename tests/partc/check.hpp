// SPDX-License-Identifier: Apache-2.0
// Supports good/NAME.check.cpp, which asserts about the constants that partc makes from good/NAME.dts; compiling it is
// the test.
#pragma once

#include "core/check.hpp"
#include "core/imsic_layout.hpp"
#include "description.hpp"

namespace mullion {

using generated::description;

static_assert(!first_finding(description), "what partc emits obeys the law");

/// Returns the guest's window that begins at `at`. Does not compile if there is none.
constexpr const Window& window_at(const Guest& guest, Gpa at) {
    return *std::ranges::find(guest.windows, at, &Window::at);
}

}  // namespace mullion
