// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"

namespace mullion {
namespace {

constexpr auto& alpha = description.guests[0];
constexpr auto& beta = description.guests[1];
constexpr Gpa first{1ULL << 40};
constexpr Gpa second{(1ULL << 40) + 0x20'0000};
constexpr Gpa fixed{0xc000'0000};

static_assert(description.channels.size() == 3);
static_assert(description.channels[0].name == "small" && description.channels[0].memory.size == page_size);
static_assert(description.channels[1].name == "telemetry" && description.channels[1].memory.size == 0x20'0000);
static_assert(description.channels[2].name == "fixed" && description.channels[2].memory.size == 0x1'0000);

constexpr bool is_channel(const Guest& guest, Gpa at, std::size_t channel, Rights rights) {
    const auto window = window_at(guest, at);
    return window.at == at && window.kind == WindowKind::channel && window.rights == rights &&
           window.host() == description.channels[channel].memory;
}

static_assert(is_channel(alpha, first, 0, Rights::rw) && is_channel(beta, first, 0, Rights::rw));
static_assert(is_channel(alpha, second, 1, Rights::r) && is_channel(beta, second, 1, Rights::rw));
static_assert(is_channel(alpha, fixed, 2, Rights::rw) && is_channel(beta, fixed, 2, Rights::rw));
static_assert(std::ranges::count(alpha.windows, WindowKind::channel, &Window::kind) == 3);

}  // namespace
}  // namespace mullion
