// SPDX-License-Identifier: Apache-2.0
#include "run/sbi_port.hpp"

namespace mullion::run {

constinit MachineIds machine_ids;

}  // namespace mullion::run
