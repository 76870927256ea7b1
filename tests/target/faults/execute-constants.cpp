// SPDX-License-Identifier: Apache-2.0
#include "core/tables.hpp"
#include "fault.hpp"

void mullion::faults::commit() {
    execute(layout.stage2.base);
}
