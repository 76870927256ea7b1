// SPDX-License-Identifier: Apache-2.0
#include "policy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "channels.hpp"
#include "text.hpp"

namespace mullion::partc {
namespace {

constexpr std::array stop_requests{StopRequest::sysrq, StopRequest::software_event};
constexpr std::uint32_t default_stop_seconds = 20;
constexpr std::array actions{Action::stay_off, Action::restart, Action::halt_machine};

class PolicyReader {
 public:
    PolicyReader(const Tree& tree, const Node& node, GuestModel& guest, Diagnostics& diagnostics)
        : tree_(tree), node_(node), guest_(guest), diagnostics_(diagnostics) {}

    void read() {
        auto& policy = guest_.policy;
        reaction(Cause::shutdown, policy.shutdown);
        reaction(Cause::reboot, policy.reboot);
        reaction(Cause::crash, policy.crash);
        reaction(Cause::watchdog, policy.watchdog);
        start();
        stop(policy.stop);
        policy.restart_with_dma = node_.find("restart-with-dma") != nullptr;
        dma_fault(policy);
    }

 private:
    void error(const Position& at, const std::string& text) {
        diagnostics_.error(at, fmt::format("partition '{}': policy: {}", guest_.name, text));
    }

    void reaction(Cause cause, Reaction& reaction) {
        const auto name = property_of(cause);
        if (const auto* property = node_.find(name)) {
            const auto word = property->string();
            const auto* action = std::ranges::find(actions, word.value_or(""), [](Action a) { return name_of(a); });
            if (action == actions.end()) {
                error(property->at, fmt::format("{} is \"stay-off\", \"restart\" or \"halt-machine\"", name));
            } else {
                reaction.action = *action;
            }
        }
        if (const auto* property = node_.find(name + "-limit")) {
            const auto cells = property->cells();
            if (!cells || cells->size() != 2 || (cells->at(0) == 0 && cells->at(1) == 0)) {
                error(property->at, fmt::format("{0}-limit is a number of restarts and one of seconds, as {0}-limit = "
                                                "<3 60>",
                                                name));
            } else {
                reaction.limit = {cells->at(0), cells->at(1)};
            }
        }
    }

    void start() {
        auto& order = guest_.policy.start;
        order.by_operator = node_.find("start-by-operator") != nullptr;
        if (const auto* property = node_.find("start-delay-ms")) {
            const auto delay = node_.cell(property->name);
            if (!delay) {
                error(property->at, "start-delay-ms is one number of milliseconds");
            }
            order.delay_ms = delay.value_or(0);
        }
        if (const auto* property = node_.find("start-after")) {
            const auto phandle = node_.cell(property->name);
            guest_.start_after = phandle ? tree_.by_phandle(*phandle) : nullptr;
            if (guest_.start_after == nullptr || guest_.start_after->parent != guest_.node->parent ||
                is_channel(*guest_.start_after)) {
                error(property->at, "start-after is a reference to one partition, as start-after = <&beta>");
            }
        }
    }

    void stop(Stop& stop) {
        if (const auto* property = node_.find("stop-request")) {
            const auto word = property->string();
            const auto* request =
                std::ranges::find(stop_requests, word.value_or(""), [](StopRequest r) { return name_of(r); });
            if (request == stop_requests.end()) {
                error(property->at, "stop-request is \"sysrq\" or \"software-event\"");
                return;
            }
            stop = {*request, default_stop_seconds};
        }
        if (const auto* property = node_.find("stop-timeout")) {
            const auto seconds = node_.cell(property->name);
            if (stop.request == StopRequest::none) {
                error(property->at, "stop-timeout is for a guest that is asked to end: write stop-request beside it");
            } else {
                stop.seconds = seconds.value_or(0);
            }
        }
    }

    void dma_fault(Policy& policy) {
        if (const auto* property = node_.find("on-dma-fault")) {
            const auto word = property->string().value_or("");
            policy.stop_on_dma_fault = word == "stop";
            if (word != "nothing" && word != "stop") {
                error(property->at, "on-dma-fault is \"nothing\" or \"stop\"");
            }
        }
    }

    const Tree& tree_;
    const Node& node_;
    GuestModel& guest_;
    Diagnostics& diagnostics_;
};

}  // namespace

std::string property_of(Cause cause) {
    switch (cause) {
        case Cause::shutdown:
            return "on-shutdown";
        case Cause::reboot:
            return "on-reboot";
        case Cause::crash:
            return "on-crash";
        default:
            return "on-watchdog";
    }
}

void read_policy(const Tree& tree, const Node& node, GuestModel& guest, Diagnostics& diagnostics) {
    PolicyReader{tree, node, guest, diagnostics}.read();
}

std::string start_text(const GuestModel& guest) {
    const auto& start = guest.policy.start;
    if (start.by_operator) {
        return "when the operator says so";
    }
    const auto delay = start.delay_ms == 0 ? std::string{} : fmt::format("{} ms ", start.delay_ms);
    if (guest.start_after == nullptr) {
        return delay.empty() ? "at boot" : delay + "after boot";
    }
    return fmt::format("{}after {}", delay, guest.start_after->name);
}

std::string stop_text(const Stop& stop) {
    if (stop.request == StopRequest::none) {
        return "at once";
    }
    return fmt::format("asked by {}, ended after {} s", name_of(stop.request), stop.seconds);
}

std::string reaction_text(const Reaction& reaction) {
    if (reaction.limit.is_none()) {
        return std::string{name_of(reaction.action)};
    }
    return fmt::format("{}, at most {} time{} in {} s", name_of(reaction.action), reaction.limit.restarts,
                       reaction.limit.restarts == 1 ? "" : "s", reaction.limit.seconds);
}

}  // namespace mullion::partc
