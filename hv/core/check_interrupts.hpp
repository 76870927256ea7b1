// SPDX-License-Identifier: Apache-2.0
// The part of the law (core/check.hpp) about a guest's interrupt controller and the sources behind it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "core/aplic.hpp"
#include "core/description.hpp"
#include "core/finding.hpp"
#include "core/plic.hpp"

namespace mullion::law {

/// `found` is called with each Finding.
template <class Found>
class InterruptCheck {
 public:
    constexpr InterruptCheck(const Description& description, std::uint32_t guest, Found& found)
        : d_(description), guest_(description.guests[guest]), index_(guest), found_(found) {}

    constexpr void all() {
        controller();
        if (guest_.num_sources() == 0 || guest_.num_sources() > aplic_max_source || guest_.uart.source == 0 ||
            guest_.uart.source > guest_.num_sources()) {
            tell(Rule::too_many_sources);
        }
        watchdog();
        for (std::size_t i = 0; i < guest_.sources.size(); ++i) {
            source(i);
        }
    }

 private:
    constexpr void tell(Rule rule, std::size_t item = 0, std::size_t other_guest = 0, std::size_t other = 0) {
        found_(Finding{rule, index_, static_cast<std::uint32_t>(item), static_cast<std::uint32_t>(other_guest),
                       static_cast<std::uint32_t>(other)});
    }

    /// What an IMSIC's guests see sends messages, which only interrupt files take.
    constexpr void controller() {
        const bool has_files = d_.board.imsic.exists();
        if (guest_.aplic.exists() != has_files || guest_.plic.exists() == has_files) {
            tell(Rule::wrong_controller);
        }
        const auto harts = guest_.harts.size();
        if (guest_.plic.exists() &&
            (harts > plic::max_contexts / plic::contexts_of_hart || guest_.plic.size < plic::size_for_harts(harts))) {
            tell(Rule::contexts_outside_plic);
        }
    }

    constexpr void watchdog() {
        const auto source = guest_.watchdog.source;
        const bool is_own = source != 0 && source <= guest_.num_sources() && source != guest_.uart.source &&
                            std::ranges::find(guest_.sources, source, &Source::number) == guest_.sources.end();
        if (guest_.watchdog.exists() && !is_own) {
            tell(Rule::watchdog_source_invalid);
        }
    }

    constexpr void source(std::size_t item) {
        const auto number = guest_.sources[item].number;
        if (number == 0 || number > guest_.num_sources() || number > d_.board.num_sources()) {
            tell(Rule::source_invalid, item);
        }
        if (number == d_.board.uart.source || number == guest_.uart.source) {
            tell(Rule::source_is_uarts, item);
        }
        once(item);
    }

    /// Looks back only, so that each pair is told once, at the later place.
    constexpr void once(std::size_t item) {
        for (std::uint32_t g = 0; g <= index_; ++g) {
            const auto& others = d_.guests[g].sources;
            const auto end = g == index_ ? item : others.size();
            for (std::size_t k = 0; k < end; ++k) {
                if (others[k].number == guest_.sources[item].number) {
                    tell(Rule::source_taken, item, g, k);
                }
            }
        }
    }

    const Description& d_;
    const Guest& guest_;
    const std::uint32_t index_;
    Found& found_;
};

}  // namespace mullion::law
