// SPDX-License-Identifier: Apache-2.0
#include <span>

#include "core/tables.hpp"
#include "fault.hpp"

void mullion::faults::commit() {
    const volatile auto beyond = mullion::hgatp.size();
    load_from({mullion::hgatp[beyond]});
}
