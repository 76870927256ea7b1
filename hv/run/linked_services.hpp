// SPDX-License-Identifier: Apache-2.0
// What this image has of the services that a description may leave out (core/services.hpp). hv/services.cpp, which is
// compiled for each description, fills it in, and nothing else refers to a room: so the linker keeps those that are
// wanted.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "arch/hart.hpp"
#include "arch/iommu/iommu.hpp"
#include "core/description.hpp"
#include "core/text.hpp"
#include "vm/console_action.hpp"
#include "vm/crash_record.hpp"
#include "vm/life/policies.hpp"
#include "vm/sbi/extension.hpp"
#include "vm/software_events.hpp"
#include "vm/vcpu.hpp"

namespace mullion::run {

struct HartLifePort;
struct HartPort;
struct Vm;

using SbiRoom = SbiRow<HartPort>;

/// An SBI extension that keeps something on each hart.
struct StateRoom : SbiRoom {
    /// Sets the calling hart up for it, and notes what the hart offers. Ends the machine with a line if a register does
    /// not take its value. On each hart of a guest at boot.
    void (*configure)(const Hart& hart, VCpu& self);
    /// Gives what the guest set up on the hart its value at a hart's start. On the hart, while it is parked and before
    /// it enters its guest.
    void (*reset)(VCpu& self);
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

/// Returns whether the guest's images have the digests that the description was built with; says which differs. They
/// are looked at where they are kept: no guest and no device that Mullion grants on its own reaches that memory. That
/// takes long: meanwhile alarms, keys and messages are taken.
using VerifyImages = bool(const Vm& vm);

/// The machine's PCI functions, of which guests have some.
struct PciFunctions {
    /// Ends all DMA that firmware left going on, and gives guests' functions the description's BARs. Returns what
    /// differs from the description. By the boot hart, before the IOMMU lets anything through.
    std::optional<Text> (*initialise)();
    /// Resets the guest's functions, and returns whether nothing that they did before goes on; says which does.
    /// Requires: none of the guest's harts runs. May take some 100 ms: meanwhile alarms, keys and messages are taken.
    bool (*bring_to_rest)(const Guest& guest);

    // What the IOMMU refuses interrupts a hart of one guest, by a message that wants attention: at most once a second.

    /// Counts what was refused since the last call.
    arch::iommu::Refused (*take_refused)();
    /// Does what follows if the IOMMU has interrupted. On a hart that attention was called to.
    void (*look_at_refused)(const Vm& vm);
    /// Prints how many were refused, for each function that there were some of.
    void (*print_refused)(const Guest& guest);
    /// Returns whether the guest is to end: its functions were refused something in this life, and its policy says so.
    bool (*end)(const Guest& guest);
    /// Returns whether the function may do DMA: it was not refused too often in this life of its guest.
    bool (*may_do_dma)(std::uint8_t number);
    /// Returns when watch() is due, in ticks: never, but for the guest whose hart is interrupted.
    std::uint64_t (*watch_due)(const Guest& guest);
    /// Has the IOMMU interrupt again, if that is due. Requires: the harts' interrupt files are enabled.
    void (*watch)();
};

/// Checks and clears the channels that the guest keeps (keeps_channel()), before any guest enters. On each hart of the
/// guest, one after the other. A channel that is not there keeps the guest from starting.
using PrepareChannels = void(const Hart& hart, Vm& vm);

/// Does what the operator's key asks for: all that is no input of a guest's. Requires: the caller has not the console's
/// lock, as most of it prints.
using ObeyKey = void(const ConsoleAction& action);

/// The SBI extensions, in the order in which a call is looked for.
extern const std::span<const SbiRoom* const> sbi_rooms;
/// Those of sbi_rooms that keep something.
extern const std::span<const StateRoom* const> state_rooms;
/// Null: guests have no software events.
extern const SoftwareEvents* const software_events;
/// Null: the console has no keys.
extern ObeyKey* const obey_key;
/// Null: no guest has a policy of its ends (core/check.hpp).
extern const Policies<HartLifePort>* const policies;
/// Null: no guest is to be verified (core/check.hpp).
extern VerifyImages* const verify_images;
/// Null: there are no channels.
extern PrepareChannels* const prepare_channels;
/// Null: the board has no PCI functions that could be a guest's.
extern const PciFunctions* const pci_functions;
/// Null: one line is all that is told of a guest that did something fatal.
extern const CrashReports* const crash_reports;
/// `mullion_crashes`, a record for each guest (storage.cpp).
extern const std::span<CrashRecord> crashes;

}  // namespace mullion::run
