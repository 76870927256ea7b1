// SPDX-License-Identifier: Apache-2.0
#include "run/machine_ids.hpp"

#include "arch/firmware.hpp"

namespace mullion::run {

constinit MachineIds machine_ids;

void note_machine_ids() {
    namespace firmware = arch::firmware;
    machine_ids = {firmware::machine_vendor_id().value, firmware::machine_arch_id().value,
                   firmware::machine_impl_id().value};
}

}  // namespace mullion::run
