// SPDX-License-Identifier: Apache-2.0
// What the SBI proxy needs of the machine. hv/arch implements it on target, the unit tests fake it.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>

#include "core/address.hpp"
#include "core/sbi.hpp"
#include "vm/vcpu.hpp"

namespace mullion {

/// No ASID, which has 16 bits: the translations of all of them.
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

/// Everything acts on the calling hart unless it names a target. Interrupts are off throughout.
///
/// set_timer                VSTIP at that time; with one in the future the pending interrupt is gone on return
/// raise_software_interrupt VSSIP of the target, which may be the caller. Earlier stores of the caller, the guest's
///                          among them, are visible to the target when it is interrupted
/// clear_software_interrupt takes back the caller's VSSIP; whether it was pending
/// kick                     makes the target, wherever it is, call serve_requests (guest, suspend_retentive), or its
///                          park loop look. Earlier stores are visible to it then. The caller itself only from outside
///                          its guest
/// start                    the same for a target that is in the park loop, or that is the caller and parks next
/// local_fence_i            FENCE.I
/// local_sfence             HFENCE.VVMA over the range; waits for nothing
/// relax                    a pause in a waiting loop
/// quiet                    on a hart that stops: the guest has no timer or event on it any more, and nothing of the
///                          guest's interrupts it
/// park                     enters the park loop: poll_start (vm/sbi/hsm.hpp) until there is an entry. Does not return
///                          on target
/// suspend_retentive        returns when an interrupt that the guest has enabled is pending, or after a kick; may
///                          return early
/// suspend_system           the guest's state is `suspended` until an interrupt that the guest has enabled is pending;
///                          meanwhile the hart obeys orders and takes typed bytes. The guest's only STARTED hart
/// resume_at                enters VS-mode with vsatp = 0, vsstatus.SIE = 0, a0 = the guest's hart id, a1 = opaque.
/// Does
///                          not return on target
/// end_guest                ends the calling hart's guest (vm/life/end.hpp).
///                          Does not return on target
/// console_write            the number of bytes taken, perhaps 0; there is room again in the long run. The bytes are
///                          guest memory, which the guest's other harts may change meanwhile: read each once
/// console_read             the number of bytes stored
/// guest_memory             the hypervisor's mapping of guest RAM that vm/guest_memory.hpp has found
/// load_guest               a doubleword of the guest's virtual memory, with the rights of the mode that called
/// raise_at_call            an exception to VS-mode as if the ECALL had raised it: the guest finds it in sepc
/// repeat_call              the guest goes on with the ECALL once more, unless an interrupt comes first
/// guest_pc                 where the guest makes the call, for reports
/// henvcfg                  its value
/// set_henvcfg              writes it, so that it counts from the next guest instruction on; the value that it holds
/// delegate_misaligned      whether the firmware lets VS-mode have (or keeps) misaligned loads and stores from now on
/// enter_event              what follows the call, or the interrupt that brought the hart here, begins in VS-mode at an
///                          address with a6 (the hart id) and a7 as given (SBI SSE, "Software Event Injection"); what
///                          was interrupted
/// leave_event              goes on where a handler wants to, with what was interrupted ("Software Event Completion")
/// keep_overflow            whether the overflows of the hart's counters come to sse::raise_overflow instead of the
/// guest machine_ids              mvendorid, marchid, mimpid as the firmware told at boot
template <class Port>
concept SbiPort = requires(Port& port, VCpu& target, std::uint64_t number, Gpa gpa, Hpa hpa, Fence fence, Ending ending,
                           Gva gva, GuestFault fault, std::span<const std::uint8_t> output, const SseFrame& frame,
                           std::span<std::uint8_t> input) {
    { port.set_timer(number) } -> std::same_as<void>;
    { port.raise_software_interrupt(target) } -> std::same_as<void>;
    { port.clear_software_interrupt() } -> std::same_as<bool>;
    { port.kick(target) } -> std::same_as<void>;
    { port.start(target) } -> std::same_as<void>;
    { port.local_fence_i() } -> std::same_as<void>;
    { port.local_sfence(fence) } -> std::same_as<void>;
    { port.relax() } -> std::same_as<void>;
    { port.quiet() } -> std::same_as<void>;
    { port.park() } -> std::same_as<void>;
    { port.suspend_retentive() } -> std::same_as<void>;
    { port.suspend_system() } -> std::same_as<void>;
    { port.resume_at(gpa, number, number) } -> std::same_as<void>;
    { port.end_guest(ending) } -> std::same_as<void>;
    { port.console_write(output) } -> std::same_as<std::size_t>;
    { port.console_read(input) } -> std::same_as<std::size_t>;
    { port.guest_memory(hpa, number) } -> std::same_as<std::span<std::uint8_t>>;
    { port.load_guest(gva) } -> std::same_as<std::expected<std::uint64_t, GuestFault>>;
    { port.raise_at_call(fault) } -> std::same_as<void>;
    { port.repeat_call() } -> std::same_as<void>;
    { port.guest_pc() } -> std::same_as<std::uint64_t>;
    { port.henvcfg() } -> std::same_as<std::uint64_t>;
    { port.set_henvcfg(number) } -> std::same_as<std::uint64_t>;
    { port.delegate_misaligned(bool{}) } -> std::same_as<bool>;
    { port.enter_event(number, number, number) } -> std::same_as<SseFrame>;
    { port.leave_event(frame) } -> std::same_as<void>;
    { port.keep_overflow(bool{}) } -> std::same_as<void>;
    { port.machine_ids() } -> std::same_as<MachineIds>;
};

}  // namespace mullion
