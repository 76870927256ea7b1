// SPDX-License-Identifier: Apache-2.0
// Fakes a machine's APLIC and interrupt files for a guest's VirtualAplic: a small model of the physical domain (AIA 4.7
// in MSI mode), and the history of all requests.
#pragma once

#include <cstdint>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "core/aplic_registers.hpp"

namespace mullion::test {

class FakeAplic {
 public:
    struct Source {
        SourceMode mode = SourceMode::inactive;
        bool wire = false;
        bool enabled = false;
        bool pending = false;
        std::uint32_t hart = unspecified;
        std::uint32_t eiid = unspecified;
    };
    static constexpr std::uint32_t unspecified = 0xdead;

    void send_msi(std::uint32_t hart, std::uint32_t eiid) { note("msi hart ", hart, " id ", eiid); }

    void physical_source_mode(std::uint32_t source, SourceMode mode) {
        note("mode ", source, " ", static_cast<int>(mode));
        auto& s = sources[source];
        if (s.mode == SourceMode::inactive || mode == SourceMode::inactive) {
            s = {.mode = mode, .wire = s.wire};  // the bits are zero, the target is unspecified (AIA 4.5.2)
        }
        s.mode = mode;
    }
    void physical_target(std::uint32_t source, std::uint32_t hart, std::uint32_t eiid) {
        note("target ", source, " hart ", hart, " id ", eiid);
        sources[source].hart = hart;
        sources[source].eiid = eiid;
    }
    void physical_enable(std::uint32_t source, bool on) {
        note(on ? "enable" : "disable", " ", source);
        auto& s = sources[source];
        s.enabled = on && s.mode != SourceMode::inactive;
        forward(s);
    }
    void physical_set_pending(std::uint32_t source) {
        note("set ", source);
        auto& s = sources[source];
        s.pending = s.pending || (s.mode != SourceMode::inactive && (!is_level(s.mode) || input(s)));
        forward(s);
    }
    void physical_clear_pending(std::uint32_t source) {
        note("clear ", source);
        sources[source].pending = false;
    }
    bool physical_pending(std::uint32_t source) { return sources[source].pending; }
    bool physical_input(std::uint32_t source) { return input(sources[source]); }

    /// Drives a device's wire, which is not part of the history.
    void drive(std::uint32_t source, bool level) {
        auto& s = sources[source];
        const bool before = input(s);
        s.wire = level;
        if (!before && input(s)) {
            s.pending = true;
        }
        forward(s);
    }

    /// Returns what happened since the last call.
    std::vector<std::string> take_history() { return std::exchange(history, {}); }

    std::map<std::uint32_t, Source> sources;
    std::vector<std::string> history;
    std::vector<Source> forwarded;  ///< the state of the sources at each MSI of the physical domain

 private:
    static bool input(const Source& s) { return rectified_input(s.mode, s.wire); }

    void forward(Source& s) {
        if (s.enabled && s.pending) {
            s.pending = false;
            forwarded.push_back(s);
        }
    }

    void note(const auto&... parts) {
        std::ostringstream text;
        (text << ... << parts);
        history.push_back(text.str());
    }
};

}  // namespace mullion::test
