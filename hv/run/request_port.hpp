// SPDX-License-Identifier: Apache-2.0
// What harts ask of each other (vm/sbi/port.hpp, StartPort) on this machine. It has no state: everything is the calling
// hart's.
#pragma once

#include "arch/csr.hpp"
#include "arch/fences.hpp"
#include "arch/hart.hpp"
#include "core/message.hpp"
#include "run/linked_services.hpp"
#include "run/vm.hpp"
#include "vm/sbi/port.hpp"

namespace mullion::run {

/// Leaves nothing of the guest's on a hart that is about to run no guest, or stops, and nothing that interrupts it.
void quiet();

struct HartRequestPort {
    void send(const VCpu& target, Message message) { run::send(target, message); }
    void local_fence_i() { arch::fence_i(); }

    void local_sfence(const Fence& fence) {
        const bool every_asid = fence.asid == mullion::every_asid;
        if (fence.pages == 0) {
            return every_asid ? arch::fence_vs_all() : arch::fence_vs_asid(fence.asid);
        }
        for (std::uint64_t page = 0; page < fence.pages; ++page) {
            const auto at = fence.start.value + page * page_size;
            every_asid ? arch::fence_vs_page(at) : arch::fence_vs_page_asid(at, fence.asid);
        }
    }

    void relax() { arch::pause(); }
    void quiet() { run::quiet(); }
    [[noreturn]] void park() { arch::park(); }
    const SoftwareEvents* events() { return software_events; }
};

static_assert(StartPort<HartRequestPort>);

}  // namespace mullion::run
