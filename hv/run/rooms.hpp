// SPDX-License-Identifier: Apache-2.0
// The services that a description may leave out (core/services.hpp), as the rest of the hypervisor knows them. Each is
// a file of hv/rooms, and nothing but hv/services.cpp, which is compiled for each description, refers to one: so the
// linker keeps those that are wanted.
#pragma once

#include <span>
#include <string_view>

#include "arch/hart.hpp"
#include "core/description.hpp"
#include "rooms/sse_delivery.hpp"
#include "run/sbi_port.hpp"
#include "run/vm.hpp"
#include "vm/crash_record.hpp"
#include "vm/sbi/extension.hpp"
#include "vm/vcpu.hpp"

namespace mullion::run {

using SbiRoom = SbiRow<HartPort>;

/// An SBI extension that keeps something on each hart.
struct StateRoom : SbiRoom {
    /// Checks what the board file declares of it, and notes what the hart offers. On each hart of a guest at boot.
    void (*prepare)(const Hart& hart, VCpu& self);
    /// Gives what the guest set up on the hart its value at a hart's start. On the hart, while it is parked and before
    /// it enters its guest.
    void (*reset)(VCpu& self, HartPort& port);
};

/// Reports of guests that did something fatal: to the console, and kept in memory for a debugger.
struct CrashReports {
    /// Notes what the CSRs say of the trap, before anything else changes them. Requires: all registers of the context
    /// are the guest's. On the hart that crashed.
    CrashRecord (*record)(const arch::HartContext& context);
    /// On that hart, STOPPED like all of its guest. Waits while the console is busy, at most 5 s, and takes interrupts
    /// meanwhile; what it could not say by then is dropped, and `mullion_crashes` has it.
    void (*print)(const Vm& vm, const CrashRecord& record, std::string_view why);
};

// Extensions that every image has, beside those that are answered first.
extern const SbiRoom base;
extern const SbiRoom hsm;
extern const SbiRoom srst;
extern const SbiRoom dbcn;

// What this image has.

// sbi_rooms and software_events are declared beside the port that asks for them (run/sbi_port.hpp).

/// Those of sbi_rooms that keep something.
extern const std::span<const StateRoom* const> state_rooms;
/// Returns whether the guest's images have the digests that the description was built with; says which differs. They
/// are looked at where they are kept: no guest and no device that Mullion grants on its own reaches that memory. That
/// takes long: meanwhile alarms, keys and messages are taken. Null: no guest is to be verified (core/check.hpp).
using VerifyImages = bool(const Vm& vm);
extern VerifyImages* const verify_images;
/// Null: one line is all.
extern const CrashReports* const crash_reports;
/// `mullion_crashes`, a record for each guest (storage.cpp).
extern const std::span<CrashRecord> crashes;

}  // namespace mullion::run

namespace mullion::rooms {

extern const run::StateRoom pmu;
extern const run::SbiRoom sse;
extern const run::StateRoom fwft;
extern const run::SbiRoom susp;
extern const run::SbiRoom sta;
extern const run::SbiRoom legacy;

extern const sse::Events<run::HartPort> software_events;

extern run::VerifyImages verify_images;
extern const run::CrashReports crash_reports;

}  // namespace mullion::rooms
