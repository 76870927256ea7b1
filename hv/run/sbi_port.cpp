// SPDX-License-Identifier: Apache-2.0
#include "run/sbi_port.hpp"

namespace mullion::run {

constinit MachineIds machine_ids;
constinit HartPort hart_port;

}  // namespace mullion::run
