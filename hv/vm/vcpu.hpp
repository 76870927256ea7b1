// SPDX-License-Identifier: Apache-2.0
// A guest's hart. One for ever on one physical hart: nothing here is ever switched.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <string_view>

#include "core/address.hpp"
#include "core/atomic.hpp"
#include "core/description.hpp"
#include "core/pmu_numbers.hpp"
#include "core/sbi_numbers.hpp"
#include "vm/alarms.hpp"
#include "vm/exit_log.hpp"
#include "vm/fault_watch.hpp"
#include "vm/pmu_counters.hpp"
#include "vm/sse_events.hpp"

namespace mullion {

/// Why a hart left its guest. SBI calls count by extension, so that a busy guest's list says what to look at.
enum class Exit : std::uint8_t {
    sbi_base,
    sbi_time,
    sbi_ipi,
    sbi_rfence,
    sbi_hsm,
    sbi_srst,
    sbi_dbcn,
    sbi_pmu,
    sbi_susp,
    sbi_sta,
    sbi_fwft,
    sbi_sse,
    sbi_legacy,
    sbi_other,
    mmio_uart,
    mmio_aplic,
    mmio_plic,
    mmio_watchdog,
    guest_fault,          ///< an access outside every window
    virtual_instruction,  ///< an instruction that VS- or VU-mode may not execute
    injected,             ///< any other exception handed on to VS-mode
    external_interrupt,   ///< the hart's own supervisor-level interrupt file, or a wired source
    software_interrupt,   ///< from another hart, where there are no interrupt files
    timer_interrupt,
    counter_overflow,  ///< of a counter that the guest has
    count
};

inline constexpr std::size_t exit_causes = static_cast<std::size_t>(Exit::count);

constexpr std::string_view name_of(Exit cause) {
    constexpr std::array<std::string_view, exit_causes> names{"sbi base",
                                                              "sbi time",
                                                              "sbi ipi",
                                                              "sbi rfence",
                                                              "sbi hsm",
                                                              "sbi srst",
                                                              "sbi dbcn",
                                                              "sbi pmu",
                                                              "sbi susp",
                                                              "sbi sta",
                                                              "sbi fwft",
                                                              "sbi sse",
                                                              "sbi legacy",
                                                              "sbi other",
                                                              "mmio uart",
                                                              "mmio aplic",
                                                              "mmio plic",
                                                              "mmio watchdog",
                                                              "guest fault",
                                                              "virtual instruction",
                                                              "injected",
                                                              "external interrupt",
                                                              "software interrupt",
                                                              "timer interrupt",
                                                              "counter overflow"};
    return names[static_cast<std::size_t>(cause)];
}

/// Where a started or resumed hart begins: pc and a1 (a0 is its hart id).
struct HartEntry {
    Gpa address;
    std::uint64_t opaque = 0;

    constexpr bool operator==(const HartEntry&) const = default;
};

/// Requests for one kind of remote fence, counted. Any hart of the guest raises `requested`, only the hart itself
/// raises `done`; every request up to `done` is served (vm/sbi/requests.hpp has the order that must hold).
struct FenceTickets {
    Atomic<std::uint64_t> requested{0};
    Atomic<std::uint64_t> done{0};
};

constexpr std::size_t message_index(FirmwareEvent event) {
    return static_cast<std::size_t>(event) - static_cast<std::size_t>(FirmwareEvent::ipi_sent);
}
inline constexpr std::size_t message_events = message_index(FirmwareEvent::sfence_vma_asid_received) + 1;

/// What SBI FWFT keeps beside henvcfg.
struct FirmwareFeatures {
    std::uint64_t henvcfg = 0;          ///< bits that the hart keeps and a feature stands for; found at boot
    bool delegates_misaligned = false;  ///< the firmware offers to; found at boot
    bool misaligned = false;            ///< it does
    std::uint8_t locked = 0;            ///< a bit for each FwftFeature
};

/// Its own cache lines: a busy neighbour, perhaps another guest's, must not slow it down. And a power of two in size,
/// so that an IPI finds a sibling by a shift.
struct alignas(2048) VCpu {
    /// `of` and `all` outlive the VCpu. `all` are the guest's harts by guest hart id, this one among them.
    constexpr VCpu(const Guest& of, std::span<VCpu> all, std::uint64_t guest_hart_id, HartId physical)
        : guest(of), siblings(all), index(guest_hart_id), hart(physical) {}

    /// On this hart only. Every Exit has a place: that is not checked at each exit.
    void count(Exit cause) { ++exits.data()[static_cast<std::size_t>(cause)]; }
    /// Firmware events that are messages between harts, from ipi_sent on: counted on the hart that the event is of.
    Atomic<std::uint64_t>& messages_of(FirmwareEvent event) { return messages[message_index(event)]; }
    const Atomic<std::uint64_t>& messages_of(FirmwareEvent event) const { return messages[message_index(event)]; }

    std::uint64_t exits_of(Exit cause) const { return exits[static_cast<std::size_t>(cause)]; }
    std::uint64_t all_exits() const { return std::accumulate(exits.begin(), exits.end(), std::uint64_t{0}); }

    const Guest& guest;
    std::span<VCpu> siblings;
    std::uint64_t index;  ///< the guest's hart id
    HartId hart;

    Atomic<std::uint32_t> state{
        static_cast<std::uint32_t>(HsmState::stopped)};  ///< vm/hart_states.hpp alone touches it
    Owned<HartEntry> entry;                              ///< published by `state` (vm/hart_states.hpp)

    FenceTickets fence_i;
    FenceTickets sfence;
    FirmwareFeatures firmware_features;  ///< rooms/fwft.hpp

    Atomic<std::uint32_t> stop_ordered{0};  ///< the guest ends: this hart stops at its next look
    /// Of the first hart, for the guest: how many harts want that none starts (vm/hart_states.hpp, is_alone).
    Atomic<std::uint32_t> starts_forbidden{0};

    /// Plain and not atomic on purpose: GCC before 14 makes an AMO of every atomic store, and this is on every exit's
    /// path. Only the hart itself writes; whoever prints them for another hart reads a whole, perhaps old, doubleword.
    std::array<std::uint64_t, exit_causes> exits{};

    Alarms alarms;                                                 ///< on this hart only
    std::array<Atomic<std::uint64_t>, message_events> messages{};  ///< never reset
    Pmu pmu;
    SseEvents sse;
    /// The guest has set up something on the hart by SBI calls that a start resets (MessagePort::reset_extensions). Set
    /// on this hart, and by whoever begins the guest's life.
    Atomic<std::uint32_t> has_settings{0};
    ExitLog log;          ///< by this hart; cleared while it is stopped
    FaultWatch faulting;  ///< likewise
};

static_assert(std::has_single_bit(sizeof(VCpu)));

/// For a message to another hart. Relaxed: a count orders nothing.
inline void count_message(VCpu& sender, VCpu& target, FirmwareEvent sent) {
    sender.messages_of(sent).fetch_add(1, std::memory_order_relaxed);
    target.messages_of(received(sent)).fetch_add(1, std::memory_order_relaxed);
}

}  // namespace mullion
