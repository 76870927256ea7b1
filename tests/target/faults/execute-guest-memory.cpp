// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "arch/hart.hpp"
#include "core/tables.hpp"
#include "fault.hpp"

namespace mullion::faults {

void commit() {
    const auto own = arch::this_hart().index;
    for (const auto& guest : description.guests) {
        if (std::ranges::find(guest.harts, own) != guest.harts.end()) {
            const auto memory = std::ranges::find(guest.windows, WindowKind::memory, &Window::kind);
            execute(memory->to);
        }
    }
}

}  // namespace mullion::faults
