// SPDX-License-Identifier: Apache-2.0
// SBI Hart State Management extension. The states and their races are in vm/hart_states.hpp.
#pragma once

#include <cstdint>
#include <optional>

#include "core/address.hpp"
#include "core/sbi_numbers.hpp"
#include "vm/guest_memory.hpp"
#include "vm/hart_states.hpp"
#include "vm/sbi/extension.hpp"
#include "vm/sbi/port.hpp"
#include "vm/sbi/requests.hpp"
#include "vm/vcpu.hpp"

namespace mullion {

template <StartPort Port>
SbiResult hart_start(VCpu& self, Port& port, std::uint64_t hart_id, HartEntry entry) {
    if (hart_id >= self.siblings.size()) {
        return {SbiError::invalid_param};
    }
    if (!is_entry(self.guest, entry.address)) {
        return {SbiError::invalid_address};
    }
    auto& target = self.siblings[hart_id];
    switch (hsm::claim_start(target)) {
        case HsmState::stopped:
            break;
        case HsmState::stop_pending:
            return {SbiError::failed};  // neither startable yet nor started
        default:
            return {SbiError::already_available};
    }
    if (hsm::must_abandon_start(target)) {
        hsm::abandon_start(target);
        return {SbiError::failed};
    }
    if (const auto* events = port.events()) {
        events->begin(target);
    }
    hsm::publish_start(target, entry);
    port.send(target, Message::request);
    return {};
}

/// Returns where the hart begins if somebody has started it, for the park loop. Fences everything then, as senders did
/// not wait for a hart that was not STARTED.
template <StartPort Port>
std::optional<HartEntry> poll_start(VCpu& self, Port& port) {
    const auto entry = hsm::take_start(self);
    if (!entry || obey_stop(self, port)) {
        return std::nullopt;
    }
    self.fence_i.requested.fetch_add(1, std::memory_order_seq_cst);
    self.sfence.requested.fetch_add(1, std::memory_order_seq_cst);
    serve_requests(self, port);
    return entry;
}

/// Takes the hart from STARTED to STARTED by way of SUSPENDED, and makes the fences that were asked for meanwhile.
template <SbiPort Port>
void suspend(VCpu& self, Port& port) {
    hsm::advance(self, HsmState::started, HsmState::suspend_pending);
    hsm::advance(self, HsmState::suspend_pending, HsmState::suspended);
    port.suspend_retentive();
    hsm::advance(self, HsmState::suspended, HsmState::resume_pending);
    hsm::advance(self, HsmState::resume_pending, HsmState::started);
    serve_requests(self, port);
}

/// Suspends the hart. Only the default types are valid (chapter's table of suspend errors).
template <SbiPort Port>
SbiResult hart_suspend(VCpu& self, Port& port, HsmSuspendType type, HartEntry resume) {
    switch (type) {
        case HsmSuspendType::default_retentive:
            suspend(self, port);
            return {};
        case HsmSuspendType::default_non_retentive:
            if (!is_entry(self.guest, resume.address)) {
                return {SbiError::invalid_address};
            }
            suspend(self, port);
            port.resume_at(resume.address, self.index, resume.opaque);
            return {};
    }
    return {SbiError::invalid_param};
}

template <SbiPort Port>
SbiResult sbi_hsm(VCpu& self, Port& port, HsmFunction function, std::uint64_t a0, HartEntry entry) {
    switch (function) {
        case HsmFunction::hart_start:
            return hart_start(self, port, a0, entry);
        case HsmFunction::hart_stop:
            hsm::stop(self, [&port] { port.quiet(); });
            port.park();
            return {};
        case HsmFunction::hart_get_status:
            if (a0 >= self.siblings.size()) {
                return {SbiError::invalid_param};
            }
            return {SbiError::success, static_cast<std::uint64_t>(hsm::state_of(self.siblings[a0]))};
        case HsmFunction::hart_suspend:
            // suspend_type is 32 bits wide.
            return hart_suspend(self, port, static_cast<HsmSuspendType>(static_cast<std::uint32_t>(a0)), entry);
    }
    return {SbiError::not_supported};
}

template <SbiPort Port>
inline constexpr auto hsm_row =
    sbi_row<Port>(SbiExtension::hsm, Exit::sbi_hsm, [](VCpu& self, Port& port, const SbiCall& call) {
        return sbi_hsm(self, port, static_cast<HsmFunction>(call.function), call.a0, {Gpa{call.a1}, call.a2});
    });

}  // namespace mullion
