// SPDX-License-Identifier: Apache-2.0
// Holds the state of a guest's hart. It never moves to another physical hart, so nothing is ever switched.
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

/// Why a hart left its guest. SBI calls are counted by extension, so that the counts show what keeps a guest busy.
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
    guest_fault,          ///< an access outside every window
    virtual_instruction,  ///< an instruction that VS- or VU-mode may not execute
    injected,             ///< any other exception passed on to VS-mode
    external_interrupt,   ///< the hart's own supervisor-level interrupt file, or a wired source
    software_interrupt,   ///< from another hart, without interrupt files
    timer_interrupt,
    counter_overflow,  ///< of one of the guest's counters
    access,            ///< to an emulated device of the first kind; behind it each of the others: exit_of()
};

inline constexpr std::size_t exit_causes = static_cast<std::size_t>(Exit::access) + access_names.size();

/// What an access to a device of that kind counts as.
constexpr Exit exit_of(DeviceKind kind) {
    return static_cast<Exit>(static_cast<std::size_t>(Exit::access) + static_cast<std::size_t>(kind));
}

constexpr std::string_view name_of(Exit cause) {
    constexpr auto names = std::to_array<std::string_view>({"sbi base",
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
                                                            "guest fault",
                                                            "virtual instruction",
                                                            "injected",
                                                            "external interrupt",
                                                            "software interrupt",
                                                            "timer interrupt",
                                                            "counter overflow"});
    static_assert(names.size() == static_cast<std::size_t>(Exit::access));
    const auto i = static_cast<std::size_t>(cause);
    return i < names.size() ? names[i] : access_names[i - names.size()];
}

/// Where a started or resumed hart begins: pc and a1 (a0 is its hart id).
struct HartEntry {
    Gpa address;
    std::uint64_t opaque = 0;

    constexpr bool operator==(const HartEntry&) const = default;
};

/// Counts requests for one kind of remote fence. Any hart of the guest increments `requested`, only the hart itself
/// raises `done`; every request up to `done` is served (vm/sbi/requests.hpp has the memory order).
struct FenceTickets {
    Atomic<std::uint64_t> requested{0};
    Atomic<std::uint64_t> done{0};
};

constexpr std::size_t message_index(FirmwareEvent event) {
    return static_cast<std::size_t>(event) - static_cast<std::size_t>(FirmwareEvent::ipi_sent);
}
inline constexpr std::size_t message_events = message_index(FirmwareEvent::sfence_vma_asid_received) + 1;

/// What SBI FWFT keeps besides henvcfg.
struct FirmwareFeatures {
    std::uint64_t henvcfg = 0;          ///< bits of features that the hart implements; found at boot
    bool delegates_misaligned = false;  ///< the firmware can delegate them; found at boot
    bool misaligned = false;            ///< the firmware delegates them now
    std::uint8_t locked = 0;            ///< a bit for each FwftFeature
};

/// A guest's hart. It has cache lines of its own, so that a busy neighbour, perhaps another guest's, does not slow it
/// down, and a size that is a power of two, so that an IPI finds a sibling by a shift.
struct alignas(2048) VCpu {
    /// Requires: `of` and `all` outlive the VCpu; `all` are the guest's harts by guest hart id, including this one.
    constexpr VCpu(const Guest& of, std::span<VCpu> all, std::uint64_t guest_hart_id, HartId physical)
        : guest(of), siblings(all), index(guest_hart_id), hart(physical) {}

    /// Counts an exit. Requires: called on this hart. Not checked against the array's size, as every Exit has a place.
    void count(Exit cause) { ++exits.data()[static_cast<std::size_t>(cause)]; }
    /// Return the count of a firmware event that is a message between harts, from ipi_sent on; the hart that the event
    /// belongs to has it.
    Atomic<std::uint64_t>& messages_of(FirmwareEvent event) { return messages[message_index(event)]; }
    const Atomic<std::uint64_t>& messages_of(FirmwareEvent event) const { return messages[message_index(event)]; }

    std::uint64_t exits_of(Exit cause) const { return exits[static_cast<std::size_t>(cause)]; }
    std::uint64_t all_exits() const { return std::accumulate(exits.begin(), exits.end(), std::uint64_t{0}); }

    const Guest& guest;
    std::span<VCpu> siblings;
    std::uint64_t index;  ///< the guest's hart id
    HartId hart;

    /// Accessed only by vm/hart_states.hpp, as is `entry`, which `state` publishes.
    Atomic<std::uint32_t> state{static_cast<std::uint32_t>(HsmState::stopped)};
    Owned<HartEntry> entry;

    FenceTickets fence_i;
    FenceTickets sfence;
    FirmwareFeatures firmware_features;  ///< rooms/fwft.hpp

    Atomic<std::uint32_t> stop_ordered{0};  ///< the guest ends: this hart stops when it looks next
    /// Of the guest's first hart: how many harts ask that none starts (vm/hart_states.hpp, is_alone).
    Atomic<std::uint32_t> starts_forbidden{0};

    /// Not atomic on purpose: GCC before 14 turns atomic stores into AMOs, and every exit counts. Only the hart itself
    /// writes; a hart that prints another's counts reads whole, perhaps old, doublewords.
    std::array<std::uint64_t, exit_causes> exits{};

    Alarms alarms;                                                 ///< on this hart only
    std::array<Atomic<std::uint64_t>, message_events> messages{};  ///< never reset
    Pmu pmu;
    SseEvents sse;
    /// Not 0 if SBI calls have set up something on the hart that a start must reset (MessagePort::reset_hart).
    /// Set on this hart, and by the hart that begins the guest's life.
    Atomic<std::uint32_t> has_settings{0};
    ExitLog log;          ///< written by this hart; cleared while it is stopped
    FaultWatch faulting;  ///< likewise
};

static_assert(std::has_single_bit(sizeof(VCpu)));

/// Counts a message to another hart, on both harts. Relaxed, as counts order nothing.
inline void count_message(VCpu& sender, VCpu& target, FirmwareEvent sent) {
    sender.messages_of(sent).fetch_add(1, std::memory_order_relaxed);
    target.messages_of(received(sent)).fetch_add(1, std::memory_order_relaxed);
}

}  // namespace mullion
