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

/// Sets delegation, enables and address translation for the hart's whole life; they never change afterwards. Returns
/// the first CSR that does not hold its value.
std::optional<Refusal> configure(const Hart& hart, std::uint64_t hgatp);

/// Returns those bits of henvcfg that SBI FWFT may change (core/henvcfg.hpp), that the hart declares, and that it keeps
/// as its firmware has set it up.
std::uint64_t firmware_features(const Hart& hart);

/// Writes henvcfg, forgets what was translated under the old value, and returns what it holds.
std::uint64_t set_environment(std::uint64_t value);

/// cycle, time and instret, by their bits in hcounteren.
inline constexpr std::uint64_t fixed_counters = 7;

/// Lets the guest read those counters, by their bits in hcounteren, and no others.
void open_counters(std::uint64_t numbers);

/// Lets local counter overflow interrupts (Sscofpmf) reach the guest: delegated, else as virtual interrupts that the
/// hypervisor forwards (AIA 6.3.2). Returns whether the hart can do either.
bool route_overflow(const Hart& hart);

/// Makes the overflow interrupt that the hart has taken the guest's.
void forward_overflow();

/// Has overflow interrupts come to the hypervisor, whatever the guest has masked, or again as route_overflow() left
/// them.
void keep_overflow(const Hart& hart, bool keep);

/// Ends the overflow interrupt that the hart has taken.
void clear_overflow();

/// Makes guest virtual addresses guest physical ones, and the guest's privilege the supervisor's.
void leave_translation();

/// Resets every VS CSR, the guest interrupt file, floating-point and vector registers to what firmware leaves after a
/// reset: nothing of an earlier life stays but a software interrupt that came since quiesce(). Requires that.
void reset(const Hart& hart);

/// Clears the shadow stack pointer, which reset() cannot write while shadow stacks are off.
void reset_shadow_stack();

/// Enters VS-mode at `pc` with a0, a1 as given and every other register 0 (SBI HSM hart_start).
[[noreturn]] void start(std::uint64_t pc, std::uint64_t a0, std::uint64_t a1);

/// Enters VS-mode as a non-retentive resume does (SBI HSM hart_suspend): translation and interrupts off, sstatus,
/// scounteren, floating-point and vector registers as at a start, interrupt files and timers as they are.
[[noreturn]] void resume(const Hart& hart, std::uint64_t pc, std::uint64_t a0, std::uint64_t a1);

/// Lets nothing of the guest wake or interrupt the hart any more, but a timer of SBI TIME.
void quiesce(const Hart& hart);

/// Sets or clears VSEIP of a hart without a guest interrupt file.
void set_external(bool pending);

/// Drops software interrupts that the hypervisor raised and the guest has not seen.
void drop_pending_interrupts();

/// Clears the software interrupt that the guest could clear itself in sip, and returns whether there was one.
bool take_back_software_interrupt();

/// Returns whether an interrupt that the guest has enabled is pending for it.
bool interrupt_pending();

/// Raises an exception to VS-mode as the hart would take it, at the instruction that the exit's sepc names.
void inject(std::uint64_t cause, std::uint64_t value);

/// Has the exit return to VS-mode at `pc`, with a6 and a7 as given and interrupts off (SBI SSE, "Software Event
/// Injection"). Returns what was interrupted, beside what is now in the guest's sepc and sstatus.
SseFrame enter_event(std::uint64_t pc, std::uint64_t a6, std::uint64_t a7);

/// Has the exit return to the guest's sepc, with the registers as before the event ("Software Event Completion").
void leave_event(const SseFrame& frame);

}  // namespace mullion::arch::guest_hart
