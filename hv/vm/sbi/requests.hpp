// SPDX-License-Identifier: Apache-2.0
// What one hart of a guest asks of another: a fence, or to stop because the guest ends.
//
// A fence is a ticket: the sender adds one to the target's `requested`, sends it a request, and waits until `done` has
// reached what it then finds in `requested`. The target reads `requested`, fences everything, and stores what it read
// as `done`; so one fence serves all senders that came before it. Orders that must hold:
//
//   sender                                      target
//   (1) guest's stores; requested += 1          (2) load requested; fence
//       release and acquire: the fence comes after the stores that it is for, page table entries or instructions.
//   (4) load done; back to the guest            (3) fence; store done
//       release and acquire: nothing after the call happens before the target has forgotten the old translations.
//   (a) requested += 1; (b) load state          (c) state = STARTED; (d) load requested
//       all four seq_cst: either (b) finds STARTED, and the sender waits, or (d) finds the ticket, and the target
//       fences before it enters the guest. So harts that are not STARTED need no message and no waiting.
//
// Two harts that fence each other do not wait for ever: a waiting hart serves its own requests.
#pragma once

#include <atomic>
#include <cstdint>

#include "core/sbi_numbers.hpp"
#include "core/wait.hpp"
#include "vm/hart_states.hpp"
#include "vm/sbi/hart_mask.hpp"
#include "vm/sbi/port.hpp"
#include "vm/vcpu.hpp"

namespace mullion {

/// Stops the calling hart if its guest ends, and returns whether it did. Requires: the hart is STARTED, or about to
/// enter the guest.
template <RequestPort Port>
bool obey_stop(VCpu& self, Port& port) {
    if (self.stop_ordered.load(std::memory_order_seq_cst) == 0) {
        return false;
    }
    hsm::stop(self, [&port] { port.quiet(); });
    return true;
}

/// Does all that siblings asked of the calling hart. Does not return, on target, if the guest ends.
template <RequestPort Port>
[[gnu::hot]] void serve_requests(VCpu& self, Port& port) {
    if (obey_stop(self, port)) {
        port.park();
        return;
    }
    const auto serve = [](FenceTickets& tickets, auto fence) {
        const auto ticket = tickets.requested.load(std::memory_order_seq_cst);  // (2), (d)
        if (ticket != tickets.done.load(std::memory_order_relaxed)) {
            fence();
            tickets.done.store(ticket, std::memory_order_release);  // (3)
        }
    };
    serve(self.fence_i, [&] { port.local_fence_i(); });
    serve(self.sfence, [&] { port.local_sfence(Fence{}); });
}

/// Asks every other hart of the mask to fence. Returns whether the calling one is in the mask, too.
template <RequestPort Port>
[[gnu::noinline, gnu::hot]] bool ask_for_fence(VCpu& self, Port& port, HartMask harts, FenceTickets VCpu::*kind,
                                               FirmwareEvent sent) {
    bool include_self = false;
    harts.for_each(self.siblings, [&](VCpu& target) {
        if (&target == &self) {
            include_self = true;
            return;
        }
        (target.*kind).requested.fetch_add(1, std::memory_order_seq_cst);  // (1), (a)
        if (hsm::state_of(target) == HsmState::started) {                  // (b)
            port.send(target, Message::request);
            count_message(self, target, sent);
        }
    });
    return include_self;
}

/// Returns when all that ask_for_fence() asked have fenced.
template <RequestPort Port>
[[gnu::noinline, gnu::hot]] void await_fence(VCpu& self, Port& port, HartMask harts, FenceTickets VCpu::*kind) {
    harts.for_each(self.siblings, [&](VCpu& target) {
        if (&target == &self) {
            return;
        }
        // This is our ticket or a later one: the wait is bounded all the same, and there is no list to keep.
        const auto ticket = (target.*kind).requested.load(std::memory_order_seq_cst);
        await_hart<Wait::fence>(
            [&] {
                return (target.*kind).done.load(std::memory_order_acquire) >= ticket ||  // (4)
                       hsm::state_of(target) != HsmState::started;
            },
            [&] {
                serve_requests(self, port);
                port.relax();
            });
    });
}

/// Fences on every hart of the mask, and returns when all have: `local` on the calling hart, while the others are on
/// their way, and everything of the kind on those.
template <RequestPort Port>
void fence_harts(VCpu& self, Port& port, HartMask harts, FenceTickets VCpu::*kind, FirmwareEvent sent, auto local) {
    if (ask_for_fence(self, port, harts, kind, sent)) {
        local();
    }
    await_fence(self, port, harts, kind);
}

}  // namespace mullion
