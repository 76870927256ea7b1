// SPDX-License-Identifier: Apache-2.0
#include "rooms/sse.hpp"

#include "run/rooms.hpp"

namespace mullion::rooms {

namespace {
constinit SseHartPort sse_port;
}

constinit const run::SbiRoom sse = room_of<sse_row<SseHartPort>, sse_port>();
constinit const sse::Events<SseHartPort> software_events{sse_port};

}  // namespace mullion::rooms
