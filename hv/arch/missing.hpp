// SPDX-License-Identifier: Apache-2.0
// Words what is said of a part of the machine that is not there.
#pragma once

#include <string_view>

#include "core/address.hpp"
#include "core/text.hpp"

namespace mullion::arch {

inline Text missing(std::string_view what, Hpa at) {
    Text line;
    (line << "no " << what << " at ").hex(at.value) << ", where the board file has it";
    return line;
}

}  // namespace mullion::arch
