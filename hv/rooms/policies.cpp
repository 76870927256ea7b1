// SPDX-License-Identifier: Apache-2.0
#include "rooms/policies.hpp"

#include "run/life_port.hpp"
#include "run/rooms.hpp"

namespace mullion::rooms {

constinit const Policies<run::HartLifePort> policies = policies_of<run::HartLifePort>;

}  // namespace mullion::rooms
