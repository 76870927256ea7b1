// SPDX-License-Identifier: Apache-2.0
#include "rooms/legacy.hpp"

#include "run/rooms.hpp"

namespace mullion::rooms {

constinit const run::SbiRoom legacy{legacy_row<run::HartPort>};

}  // namespace mullion::rooms
