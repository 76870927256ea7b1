// SPDX-License-Identifier: Apache-2.0
// Fakes a guest of three harts, and a machine that records requests. Functions that do not return on target throw here.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <expected>
#include <functional>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "fake_pmu.hpp"
#include "rooms/fwft.hpp"
#include "rooms/legacy.hpp"
#include "rooms/pmu.hpp"
#include "rooms/pmu_port.hpp"
#include "rooms/sse.hpp"
#include "rooms/sta.hpp"
#include "rooms/susp.hpp"
#include "vm/sbi/dbcn.hpp"
#include "vm/sbi/dispatch.hpp"
#include "vm/sbi/hsm.hpp"
#include "vm/sbi/port.hpp"
#include "vm/sbi/srst.hpp"

namespace mullion {

struct Parked {};
struct Ended {
    Ending ending;
};
struct Resumed {
    Gpa address;
    std::uint64_t hart_id;
    std::uint64_t opaque;
};

struct FakeSbiPort {
    void set_timer(std::uint64_t time) { timers.push_back(time); }
    void raise_software_interrupt(VCpu& target) { interrupted.push_back(target.index); }
    bool clear_software_interrupt() { return std::exchange(software_interrupt, false); }
    void send(VCpu& target, Message message) {
        ASSERT_TRUE(message == Message::request || message == Message::attention);
        requested.push_back(target.index);
        on_request(target);
    }
    void local_fence_i() { ++fence_is; }
    void local_sfence(Fence fence) {
        fences.push_back(fence);
        on_sfence();
    }
    void relax() { on_relax(); }
    void quiet() { ++quieted; }
    void park() { throw Parked{}; }
    void suspend_retentive() { on_suspend(); }
    void suspend_system() { on_suspend(); }
    void resume_at(Gpa at, std::uint64_t hart_id, std::uint64_t opaque) { throw Resumed{at, hart_id, opaque}; }
    void end_guest(Ending ending) { throw Ended{ending}; }
    std::size_t console_write(std::span<const std::uint8_t> bytes) {
        const auto taken = bytes.first(std::min(bytes.size(), room));
        output.append(taken.begin(), taken.end());
        room -= taken.size();
        return taken.size();
    }
    std::size_t console_read(std::span<std::uint8_t> bytes) {
        const auto count = std::min(bytes.size(), input.size());
        std::copy_n(input.begin(), count, bytes.begin());
        input.erase(0, count);
        return count;
    }
    std::span<std::uint8_t> guest_memory(Hpa at, std::uint64_t size) {
        for (auto& bank : banks) {
            if (HostRange{bank.at, bank.bytes.size()}.contains(at, size)) {
                return std::span{bank.bytes}.subspan(at - bank.at, size);
            }
        }
        throw std::out_of_range("not the memory of the guest");
    }
    std::expected<std::uint64_t, GuestFault> load_guest(Gva at) {
        const auto word = words.find(at.value);
        return word != words.end() ? std::expected<std::uint64_t, GuestFault>{word->second}
                                   : std::unexpected{GuestFault{13, at.value}};
    }
    void raise_at_call(GuestFault fault) { raised.push_back(fault); }
    void repeat_call() { ++repeated; }
    std::uint64_t guest_pc() { return 0x8000'0040; }
    std::uint64_t henvcfg() { return environment; }
    std::uint64_t set_henvcfg(std::uint64_t value) {
        const bool pmm_held = (refused_pmm != (value & mullion::henvcfg::pmm)) || refused_pmm == 0;
        environment = pmm_held ? value : value & ~mullion::henvcfg::pmm;
        return environment;
    }
    bool delegate_misaligned(bool delegate) {
        delegated.push_back(delegate);
        return firmware_delegates;
    }
    SseFrame enter_event(std::uint64_t pc, std::uint64_t hart_id, std::uint64_t arg) {
        entered.push_back({pc, hart_id, arg});
        return interrupted_frame;
    }
    void leave_event(const SseFrame& frame) { left.push_back(frame); }
    void keep_overflow(bool keep) { overflow_kept.push_back(keep); }
    void reset_shadow_stack() { ++shadow_stacks_reset; }
    const SoftwareEvents* events() const { return software_events; }
    std::span<const SbiRow<FakeSbiPort>* const> extensions() const;
    std::uint64_t forget_compares(std::uint64_t number) { return number; }
    MachineIds machine_ids() { return {0x11, 0x22, 0x33}; }
    std::uint64_t firmware_counters() { return pmu.firmware_counters(); }
    SbiResult counter_info(std::uint64_t counter) { return pmu.counter_info(counter); }
    SbiResult configure_counter(CounterSet set, std::uint64_t flags, PmuEvent event) {
        return pmu.configure_counter(set, flags, event);
    }
    SbiResult start_counters(CounterSet set, std::uint64_t flags, std::uint64_t value) {
        return pmu.start_counters(set, flags, value);
    }
    SbiResult stop_counters(CounterSet set, std::uint64_t flags) { return pmu.stop_counters(set, flags); }
    std::optional<std::uint64_t> read_counter(std::uint64_t number) { return pmu.read_counter(number); }
    std::uint64_t overflown_counters() { return pmu.overflown; }

    struct Bank {
        Hpa at;
        std::vector<std::uint8_t> bytes;
    };

    const SoftwareEvents* software_events = nullptr;
    FakePmu pmu;
    std::vector<std::uint64_t> timers;
    std::vector<std::uint32_t> interrupted;
    bool software_interrupt = false;
    std::uint64_t environment = 0;
    std::uint64_t refused_pmm = 0;  ///< a length that the hart lacks
    std::vector<bool> delegated;
    bool firmware_delegates = true;
    std::vector<std::array<std::uint64_t, 3>> entered;  ///< by events: pc, a6, a7
    SseFrame interrupted_frame{0x100, 2, 0x66, 0x77};
    std::vector<SseFrame> left;
    std::vector<bool> overflow_kept;
    std::vector<std::uint32_t> requested;
    std::map<std::uint64_t, std::uint64_t> words;  ///< virtual memory: what is not there faults
    std::vector<GuestFault> raised;
    int repeated = 0;  ///< calls that the guest makes again
    int quieted = 0;
    int shadow_stacks_reset = 0;
    std::vector<Fence> fences;
    int fence_is = 0;
    std::string output;
    std::size_t room = 1000;
    std::string input;
    std::vector<Bank> banks{{{0xa000'0000}, std::vector<std::uint8_t>(2 * page_size)},
                            {{0xc000'0000}, std::vector<std::uint8_t>(page_size)},
                            {{0xd000'0000}, std::vector<std::uint8_t>(page_size)}};
    std::function<void(VCpu&)> on_request = [](VCpu&) {};
    std::function<void()> on_relax = [] { throw std::runtime_error("waits for something that nobody does"); };
    std::function<void()> on_suspend = [] {};
    std::function<void()> on_sfence = [] {};
};

static_assert(PmuPort<FakeSbiPort>);

/// Returns all rows that exist.
inline std::span<const SbiRow<FakeSbiPort>* const> FakeSbiPort::extensions() const {
    static constexpr std::array<const SbiRow<FakeSbiPort>*, 10> rows{
        &base_row<FakeSbiPort>, &hsm_row<FakeSbiPort>,   &srst_row<FakeSbiPort>, &dbcn_row<FakeSbiPort>,
        &pmu_row<FakeSbiPort>,  &sse_row<FakeSbiPort>,   &fwft_row<FakeSbiPort>, &susp_row<FakeSbiPort>,
        &sta_row<FakeSbiPort>,  &legacy_row<FakeSbiPort>};
    return rows;
}

/// Calls like ecall_entry (run/exits.cpp).
inline SbiResult fake_sbi_call(VCpu& self, FakeSbiPort& port, const SbiCall& call) {
    return sbi_call(self, port, call.a0, call.a1, call.a2, call.a3, call.a4, call.function, call.extension,
                    [&](auto&&...) { return sbi_table_call(self, port, call); });
}

/// Two windows that are adjacent for the guest but not in the machine, one that is read-only, one that is not
/// executable, and a device.
inline constexpr std::array<Window, 5> fake_windows{{
    {{0x1000'0000}, {0x1000'0000}, page_size, Rights::rw, WindowKind::device},
    {{0x8000'0000}, {0xa000'0000}, 2 * page_size, Rights::rwx, WindowKind::memory},
    {{0x8000'2000}, {0xc000'0000}, page_size, Rights::rw, WindowKind::memory},
    {{0x8000'3000}, {0xd000'0000}, page_size, Rights::rx, WindowKind::memory},
    {{0x9000'0000}, {0xe000'0000}, page_size, Rights::rwx, WindowKind::interrupt_file},
}};
inline constexpr std::array<std::uint32_t, 3> fake_hart_indices{4, 7, 2};

struct FakeHarts {
    Guest guest{.name = "alpha",
                .harts = fake_hart_indices,
                .windows = fake_windows,
                .loads = {},
                .sources = {},
                .devices = {},
                .entry = {0x8000'0000},
                .tree = {0x8000'1000}};
    std::array<VCpu, 3> harts{VCpu{guest, harts, 0, HartId{14}}, VCpu{guest, harts, 1, HartId{17}},
                              VCpu{guest, harts, 2, HartId{12}}};

    void set(std::uint32_t hart, HsmState state) {
        harts[hart].state.store(static_cast<std::uint32_t>(state), std::memory_order_seq_cst);
    }
    HsmState state(std::uint32_t hart) const { return hsm::state_of(harts[hart]); }
};

struct FakeGuest : FakeHarts {
    FakeGuest() { port.software_events = &events; }

    FakeSbiPort port;
    sse::Events<FakeSbiPort> events{port};

    /// Makes a call on hart 0.
    template <class Function>
    SbiResult call(SbiExtension extension, Function function, std::uint64_t a0 = 0, std::uint64_t a1 = 0,
                   std::uint64_t a2 = 0, std::uint64_t a3 = 0, std::uint64_t a4 = 0) {
        return fake_sbi_call(
            harts[0], port,
            {a0, a1, a2, a3, a4, static_cast<std::uint64_t>(function), static_cast<std::uint64_t>(extension)});
    }
};

inline constexpr SbiResult sbi_success{};
inline SbiResult sbi_failure(SbiError error) {
    return {error, 0};
}

}  // namespace mullion
