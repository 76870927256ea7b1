// SPDX-License-Identifier: Apache-2.0
// The rooms: what a description may have in its image or leave out (core/services.hpp), each a file of hv/rooms. For
// those files and hv/services.cpp.
#pragma once

#include "rooms/sse_delivery.hpp"
#include "run/sbi_port.hpp"
#include "run/services.hpp"

namespace mullion::rooms {

extern const run::StateRoom pmu;
extern const run::SbiRoom sse;
extern const run::StateRoom fwft;
extern const run::SbiRoom susp;
extern const run::SbiRoom sta;
extern const run::SbiRoom legacy;

extern const sse::Events<run::HartPort> software_events;

extern run::ObeyKey obey_key;
extern const Policies<run::HartLifePort> policies;
extern run::VerifyImages verify_images;
extern const run::CrashReports crash_reports;

}  // namespace mullion::rooms
