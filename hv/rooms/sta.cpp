// SPDX-License-Identifier: Apache-2.0
#include "rooms/sta.hpp"

#include "run/rooms.hpp"

namespace mullion::rooms {

constinit const run::SbiRoom sta{sta_row<run::HartPort>};

}  // namespace mullion::rooms
