// SPDX-License-Identifier: Apache-2.0
// The description of description.hpp with a channel: alpha may write to it, beta only reads.
#pragma once

#include <array>

#include "altered.hpp"

namespace mullion::channel {

inline constexpr HostRange memory{{0x9600'0000}, 0x2000};
inline constexpr Gpa at{0x1'4000'0000};
inline constexpr Channel channels[]{{"bell", memory}};

/// Returns a list of windows with one more, the last.
template <std::size_t Size>
constexpr auto and_also(const Window (&windows)[Size], const Window& window) {
    std::array<Window, Size + 1> more{};
    std::ranges::copy(windows, more.begin());
    more.back() = window;
    return more;
}

inline constexpr Window alpha_window{at, memory.base, memory.size, Rights::rw, WindowKind::channel};
inline constexpr Window beta_window{at, memory.base, memory.size, Rights::r, WindowKind::channel};

/// The description in which alpha and beta have these windows besides.
template <const Window& of_alpha, const Window& of_beta>
struct With {
    static constexpr auto alpha = and_also(generated::alpha_windows, of_alpha);
    static constexpr auto beta = and_also(generated::beta_windows, of_beta);
    static constexpr auto guests = [] {
        auto all = std::to_array(generated::guests);
        all[0].windows = alpha;
        all[1].windows = beta;
        return all;
    }();
    static constexpr Description d = [] {
        auto changed = altered::with_guests(guests);
        changed.channels = channels;
        return changed;
    }();
};

inline constexpr const Description& d = With<alpha_window, beta_window>::d;
constexpr Layout l = layout_of(d);
constexpr auto stage1 = build_stage1<stage1_size(d) / 8>(d, l);
constexpr auto stage2 = build_stage2<stage2_size(d) / 8>(d, l);
constexpr auto hgatp = hgatp_values<4>(d, l);
constexpr auto rows = boot_rows<4>(d, l);

constexpr std::size_t stage2_entry(std::size_t hart) {
    return altered::entry_for(stage2, l.stage2.base.value, hgatp[hart], at.value, 0);
}

template <const Window& of_alpha, const Window& of_beta>
constexpr bool windows_claim() {
    return proof::claim<proof::prove_windows(With<of_alpha, of_beta>::d, l)>();
}
template <const auto& tables>
constexpr bool stage2_claim() {
    return proof::claim<proof::prove_stage2(d, l, tables, hgatp)>();
}
template <const auto& tables>
constexpr bool stage1_claim() {
    return proof::claim<proof::prove_stage1<proof::own_limit(d)>(d, l, tables, rows)>();
}

}  // namespace mullion::channel
