// SPDX-License-Identifier: Apache-2.0
// What each good/NAME.check.cpp says about the constants that partc made of good/NAME.dts; compiling it is the test.
#pragma once

#include "core/check.hpp"
#include "core/imsic_layout.hpp"
#include "description.hpp"

namespace mullion {

using generated::description;

static_assert(!first_finding(description), "what partc emits obeys the law");

/// The window of `guest` that begins at `at`; does not compile when there is none.
constexpr const Window& window_at(const Guest& guest, Gpa at) {
    return *std::ranges::find(guest.windows, at, &Window::at);
}

}  // namespace mullion
