// SPDX-License-Identifier: Apache-2.0
// Fakes a machine for a guest's VirtualPlic: the guest's harts, and wired sources with gateways, which interrupt the
// hart that they are routed to. settle() lets everything happen that is pending.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace mullion::test {

class FakePlic {
 public:
    struct Source {
        bool wire = false;
        bool pending = false;  ///< in the machine's controller
        bool held = false;     ///< claimed by the hypervisor
        std::optional<std::uint32_t> hart;
    };

    void route(std::uint32_t source, std::uint32_t hart) {
        note("route ", source, " hart ", hart);
        defects += sources[source].hart.has_value() || sources[source].held ? 1 : 0;
        sources[source].hart = hart;
    }
    void unroute(std::uint32_t source, std::uint32_t hart) {
        note("unroute ", source, " hart ", hart);
        defects += sources[source].hart == hart ? 0 : 1;
        sources[source].hart.reset();
    }
    void release(std::uint32_t source, std::uint32_t hart) {
        note("release ", source, " hart ", hart);
        auto& s = sources[source];
        defects += s.held && s.hart == hart ? 0 : 1;
        s.held = false;
        s.pending = s.wire;
    }
    void put_back(std::uint32_t source) {
        auto& s = sources[source];
        defects += s.held && !s.hart ? 0 : 1;
        s.held = false;
        s.pending = s.wire;
    }
    bool pending(std::uint32_t source) const {
        const auto at = sources.find(source);
        return at != sources.end() && at->second.pending;
    }
    std::uint32_t calling_hart() const { return caller; }
    void set_external(bool level) { external[caller] = level; }
    void send(std::uint32_t hart, Message message) {
        defects += message == Message::attention ? 0 : 1;
        note("send ", hart);
        defects += hart == caller ? 1 : 0;
        calls.insert(hart);
    }

    /// Drives a device's wire.
    void drive(std::uint32_t source, bool level) {
        auto& s = sources[source];
        s.wire = level;
        s.pending = s.pending || (level && !s.held);
    }

    /// Claims a source that interrupts now, on its hart, which becomes the calling one; returns nothing if there is
    /// none.
    std::optional<std::uint32_t> claim() {
        for (auto& [number, s] : sources) {
            if (s.pending && s.hart) {
                s.pending = false;
                s.held = true;
                caller = *s.hart;
                return number;
            }
        }
        return std::nullopt;
    }

    /// Handles interrupts and calls until there are none, then restores the calling hart.
    void settle(auto& domain) {
        const auto before = caller;
        while (const auto source = claim()) {
            domain.arrive(*source);
        }
        while (!calls.empty()) {
            caller = *calls.begin();
            calls.erase(calls.begin());
            domain.refresh();
        }
        caller = before;
    }

    /// Returns what was requested of the machine since the last call.
    std::vector<std::string> take_history() { return std::exchange(history, {}); }

    std::uint32_t caller = 0;
    std::map<std::uint32_t, Source> sources;
    std::map<std::uint32_t, bool> external;  ///< VSEIP of each hart
    std::set<std::uint32_t> calls;
    int defects = 0;  ///< requests that break the port's rules
    std::vector<std::string> history;

 private:
    void note(const auto&... parts) {
        std::ostringstream text;
        (text << ... << parts);
        history.push_back(text.str());
    }
};

}  // namespace mullion::test
