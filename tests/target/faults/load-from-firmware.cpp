// SPDX-License-Identifier: Apache-2.0
#include "core/tables.hpp"
#include "fault.hpp"

void mullion::faults::commit() {
    load_from(description.board.firmware.base);
}
