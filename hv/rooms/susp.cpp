// SPDX-License-Identifier: Apache-2.0
#include "rooms/susp.hpp"

#include "run/rooms.hpp"

namespace mullion::rooms {

constinit const run::SbiRoom susp{susp_row<run::HartPort>};

}  // namespace mullion::rooms
