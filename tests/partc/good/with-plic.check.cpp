// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"

namespace mullion {
namespace {

constexpr auto& alpha = description.guests[0];
constexpr auto& beta = description.guests[1];
constexpr auto& board = description.board;

static_assert(board.controller() == InterruptController::plic && !board.imsic.exists() && !board.aplic.exists());
static_assert(board.plic.base == Hpa{0xc00'0000} && board.plic.size == 0x40'0000 && board.plic.num_sources == 31);

// A hart's context is the place of its interrupt 9 among all that the PLIC's node names.
static_assert(board.harts[0].context == 6 && board.harts[1].context == 3);
static_assert(board.harts[2].context == 4 && board.harts[3].context == 1);

// No guest reaches an interrupt file, and no hart has the CSRs for one.
static_assert(std::ranges::none_of(alpha.windows,
                                   [](const Window& w) { return w.kind == WindowKind::interrupt_file; }));
static_assert(!board.harts[0].features.has(Extension::ssaia));

static_assert(alpha.devices[0] == VirtualDevice{DeviceKind::plic, {0xc00'0000}, 0x40'0000, 0, 9} &&
              alpha.devices.size() == 2);
static_assert(alpha.sources[0] == Source{9, SourceMode::level1});
static_assert(beta.controller().parameter == 9 && beta.device(DeviceKind::watchdog).source == 9 &&
              beta.device(DeviceKind::uart16550).source == 7);

}  // namespace
}  // namespace mullion
