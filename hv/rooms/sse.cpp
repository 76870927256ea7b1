// SPDX-License-Identifier: Apache-2.0
#include "rooms/sse.hpp"

#include "run/rooms.hpp"

namespace mullion::rooms {

constinit const run::SbiRoom sse{sse_row<run::HartPort>};
constinit const sse::Events<run::HartPort> software_events{run::hart_port};

}  // namespace mullion::rooms
