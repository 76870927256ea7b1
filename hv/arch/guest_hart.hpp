// SPDX-License-Identifier: Apache-2.0
// The VS-level state of the calling hart: what a guest's hart starts with, and what it may use.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/description.hpp"
#include "core/sse_frame.hpp"

namespace mullion::arch::guest_hart {

/// A CSR that does not hold what was written to it.
struct Refusal {
    std::string_view name;
    std::uint64_t missing = 0;  ///< bits that differ
};

/// Delegation, enables and address translation for the hart's whole life; never changed afterwards.
std::optional<Refusal> configure(const Hart& hart, std::uint64_t hgatp);

/// The bits of henvcfg that SBI FWFT may change (core/henvcfg.hpp) that the hart declares and, as
/// its firmware has set it up, keeps.
std::uint64_t firmware_features(const Hart& hart);

/// Writes henvcfg, and forgets what was translated under the old value. What it holds then.
std::uint64_t set_environment(std::uint64_t value);

/// cycle, time and instret, by their bits in hcounteren.
inline constexpr std::uint64_t fixed_counters = 7;

/// Lets the guest read those counters, by their bits in hcounteren, and no others.
void open_counters(std::uint64_t numbers);

/// Local counter overflow interrupts (Sscofpmf) reach the guest: delegated, else as virtual interrupts that the
/// hypervisor forwards (AIA 6.3.2). False: this hart can do neither.
bool route_overflow(const Hart& hart);

/// The overflow interrupt that the hart has taken becomes the guest's.
void forward_overflow();

/// Whether overflow interrupts come to the hypervisor, whatever the guest has masked; false: as route_overflow() has
/// it.
void keep_overflow(const Hart& hart, bool keep);

/// The overflow interrupt that the hart has taken is over.
void clear_overflow();

/// Guest virtual addresses are guest physical ones, and the hart's privilege in the guest is the supervisor's.
void leave_translation();

/// As firmware leaves it after a reset: every VS CSR, a guest interrupt file, floating-point and vector registers. On a
/// hart that is quiet (quiesce). Leaves nothing of an earlier life; a software interrupt that came since then stays
/// pending.
void reset(const Hart& hart);

/// What reset() leaves where shadow stacks are not among the firmware's features: ssp is not there to be written.
void reset_shadow_stack();

/// Enters VS-mode at `pc` with a0, a1 as given and every other register 0 (SBI HSM hart_start).
[[noreturn]] void start(std::uint64_t pc, std::uint64_t a0, std::uint64_t a1);

/// Enters VS-mode as a non-retentive resume does (SBI HSM hart_suspend): translation and interrupts off, sstatus,
/// scounteren, floating-point and vector registers as at a start, interrupt files and timers as they are.
[[noreturn]] void resume(const Hart& hart, std::uint64_t pc, std::uint64_t a0, std::uint64_t a1);

/// Nothing of the guest wakes or interrupts the hart any more, but a timer of SBI TIME.
void quiesce(const Hart& hart);

/// VSEIP of a hart without a guest interrupt file.
void set_external(bool pending);

/// Software interrupts that the hypervisor raised and the guest has not seen.
void drop_pending_interrupts();

/// Of these those that the guest could clear itself in sip: whether there was one.
bool take_back_software_interrupt();

/// Whether an interrupt that the guest has enabled is pending for it.
bool interrupt_pending();

/// An exception to VS-mode as the hart would take it: sepc of the exit is the instruction that it names.
void inject(std::uint64_t cause, std::uint64_t value);

/// The exit returns to VS-mode at `pc`, with a6 and a7 as given and interrupts off, as SBI SSE has it ("Software Event
/// Injection"): what was interrupted, beside what is now in the guest's sepc and sstatus.
SseFrame enter_event(std::uint64_t pc, std::uint64_t a6, std::uint64_t a7);

/// The way back ("Software Event Completion"): to the guest's sepc, and the registers as before the event.
void leave_event(const SseFrame& frame);

}  // namespace mullion::arch::guest_hart
