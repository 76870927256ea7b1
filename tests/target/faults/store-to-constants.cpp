// SPDX-License-Identifier: Apache-2.0
#include "core/tables.hpp"
#include "fault.hpp"

void mullion::faults::commit() {
    store_to(layout.rodata.base);
}
