// SPDX-License-Identifier: Apache-2.0
// What the SBI proxy needs of the machine, by role. run/sbi_port.hpp implements it on target, the unit tests fake it.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>

#include "core/address.hpp"
#include "core/message.hpp"
#include "core/sbi_numbers.hpp"
#include "vm/software_events.hpp"
#include "vm/vcpu.hpp"

namespace mullion {

/// Stands for all ASIDs, which have 16 bits.
inline constexpr std::uint32_t every_asid = 1U << 16;

/// Pages of VS-stage translations to forget.
struct Fence {
    Gva start;                        ///< page aligned; without meaning when `pages` is 0
    std::uint64_t pages = 0;          ///< at most fence_page_limit; 0 is the whole address space
    std::uint32_t asid = every_asid;  ///< 16 bits, or every_asid

    constexpr bool operator==(const Fence& other) const {
        return pages == other.pages && asid == other.asid && (pages == 0 || start == other.start);
    }
};

/// Above this many pages one fence of everything costs less than a fence for each page.
inline constexpr std::uint64_t fence_page_limit = 64;

/// How a guest asked to end.
struct Ending {
    SrstType type = SrstType::shutdown;
    SrstReason reason = SrstReason::no_reason;

    constexpr bool operator==(const Ending&) const = default;
};

/// Values legal for mvendorid, marchid, mimpid.
struct MachineIds {
    std::uint64_t vendor = 0;
    std::uint64_t arch = 0;
    std::uint64_t impl = 0;
};

/// Why a load of guest memory failed: the exception that the guest's own load would have raised.
struct GuestFault {
    std::uint64_t cause = 0;  ///< scause
    std::uint64_t value = 0;  ///< stval

    constexpr bool operator==(const GuestFault&) const = default;
};

// In all of these: everything acts on the calling hart unless a target is named; interrupts are off throughout.

/// The guest's timer and software interrupts.
template <class Port>
concept InterruptPort = requires(Port& port, VCpu& target, std::uint64_t time) {
    /// Sets VSTIP at that time; with one in the future the pending interrupt is gone on return.
    { port.set_timer(time) } -> std::same_as<void>;
    /// Sets VSSIP of the target, which may be the caller. Earlier stores of the caller, the guest's among them, are
    /// visible to the target when it is interrupted.
    { port.raise_software_interrupt(target) } -> std::same_as<void>;
    /// Takes back the caller's VSSIP, and returns whether it was pending.
    { port.clear_software_interrupt() } -> std::same_as<bool>;
};

/// How a hart tells another something.
template <class Port>
concept SendPort = requires(Port& port, VCpu& target, Message message) {
    /// Interrupts the target, which may be the caller, so that it does what the message says (vm/messages.hpp),
    /// wherever it is. Earlier stores are visible to it then.
    { port.send(target, message) } -> std::same_as<void>;
};

/// What harts ask of each other: to fence, and to stop.
template <class Port>
concept RequestPort = SendPort<Port> && requires(Port& port, Fence fence) {
    /// Executes FENCE.I.
    { port.local_fence_i() } -> std::same_as<void>;
    /// Executes HFENCE.VVMA over the range; waits for nothing.
    { port.local_sfence(fence) } -> std::same_as<void>;
    /// Pauses in a waiting loop.
    { port.relax() } -> std::same_as<void>;
    /// Leaves the guest no timer and no event on a hart that stops, and nothing of the guest's that interrupts it.
    { port.quiet() } -> std::same_as<void>;
    /// Enters the park loop: poll_start (vm/sbi/hsm.hpp) until there is an entry. Does not return on target.
    { port.park() } -> std::same_as<void>;
};

/// How a guest's hart starts.
template <class Port>
concept StartPort = RequestPort<Port> && requires(Port& port) {
    /// Returns the guests' software events; null where the image has none.
    { port.events() } -> std::same_as<const SoftwareEvents*>;
};

/// How a hart leaves its guest for longer than a call: suspended, or at the guest's end.
template <class Port>
concept LeavePort = requires(Port& port, Gpa entry, std::uint64_t number, Ending ending) {
    /// Returns when an interrupt that the guest has enabled is pending, or after a message; may return early.
    { port.suspend_retentive() } -> std::same_as<void>;
    /// Makes the guest's state `suspended` until an interrupt that the guest has enabled is pending; meanwhile the hart
    /// obeys orders and takes typed bytes. Requires: it is the guest's only STARTED hart.
    { port.suspend_system() } -> std::same_as<void>;
    /// Enters VS-mode with vsatp = 0, vsstatus.SIE = 0, a0 = the guest's hart id, a1 = opaque. Does not return on
    /// target.
    { port.resume_at(entry, number, number) } -> std::same_as<void>;
    /// Ends the calling hart's guest (vm/life/end.hpp). Does not return on target.
    { port.end_guest(ending) } -> std::same_as<void>;
};

/// The guest's console.
template <class Port>
concept ConsoleBytesPort = requires(Port& port, std::span<const std::uint8_t> output, std::span<std::uint8_t> input) {
    /// Returns the number of bytes taken, perhaps 0; there is room again in the long run. The bytes are guest memory,
    /// which the guest's other harts may change meanwhile: it reads each once.
    { port.console_write(output) } -> std::same_as<std::size_t>;
    /// Returns the number of bytes stored.
    { port.console_read(input) } -> std::same_as<std::size_t>;
};

/// The guest's memory, and the call itself as the guest sees it.
template <class Port>
concept CallerPort = requires(Port& port, Hpa hpa, std::uint64_t number, Gva gva, GuestFault fault) {
    /// Maps guest RAM that vm/guest_memory.hpp has found.
    { port.guest_memory(hpa, number) } -> std::same_as<std::span<std::uint8_t>>;
    /// Loads a doubleword of the guest's virtual memory, with the rights of the mode that called.
    { port.load_guest(gva) } -> std::same_as<std::expected<std::uint64_t, GuestFault>>;
    /// Raises an exception to VS-mode as if the ECALL had raised it: the guest finds it in sepc.
    { port.raise_at_call(fault) } -> std::same_as<void>;
    /// Lets the guest make the ECALL once more, unless an interrupt comes first.
    { port.repeat_call() } -> std::same_as<void>;
    /// Returns where the guest makes the call, for reports.
    { port.guest_pc() } -> std::same_as<std::uint64_t>;
};

/// All that the SBI proxy needs of the machine; what a room needs besides is a port of its own (rooms/*_port.hpp).
template <class Port>
concept SbiPort = InterruptPort<Port> && StartPort<Port> && LeavePort<Port> && ConsoleBytesPort<Port> &&
    CallerPort<Port> && requires(Port& port) {
    /// Returns mvendorid, marchid and mimpid as the firmware told them at boot.
    { port.machine_ids() } -> std::same_as<MachineIds>;
};

}  // namespace mullion
