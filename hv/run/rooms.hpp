// SPDX-License-Identifier: Apache-2.0
// The rooms: what a description may have in its image or leave out (core/services.hpp), each a file of hv/rooms. For
// those files and hv/services.cpp.
#pragma once

#include "arch/guest_hart.hpp"
#include "rooms/sse_delivery.hpp"
#include "run/linked_services.hpp"
#include "run/sbi_port.hpp"

namespace mullion::rooms {

/// What events need (rooms/sse_port.hpp) on this machine.
struct SseHartPort : run::HartPort {
    SseFrame enter_event(std::uint64_t pc, std::uint64_t hart, std::uint64_t arg) {
        return arch::guest_hart::enter_event(pc, hart, arg);
    }
    void leave_event(const SseFrame& frame) { arch::guest_hart::leave_event(frame); }
    void keep_overflow(bool keep) { arch::guest_hart::keep_overflow(run::board_hart(run::this_vcpu()), keep); }
};

/// Makes the table's row of an extension whose port, `port`, has more than HartPort.
template <const auto& row, auto& port>
constexpr run::SbiRoom room_of() {
    return {row.first, row.last, row.exit,
            [](VCpu& self, run::HartPort&, const SbiCall& call) { return row.answer(self, port, call); }};
}

extern const run::StateRoom pmu;
extern const run::SbiRoom sse;
extern const run::StateRoom fwft;
extern const run::SbiRoom susp;
extern const run::SbiRoom sta;
extern const run::SbiRoom legacy;

extern const sse::Events<SseHartPort> software_events;

extern run::ObeyKey obey_key;
extern const Policies<run::HartLifePort> policies;
extern run::VerifyImages verify_images;
extern run::PrepareChannels prepare_channels;
extern const run::CrashReports crash_reports;
extern const run::PciFunctions pci_functions;

}  // namespace mullion::rooms
