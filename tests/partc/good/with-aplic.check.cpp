// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"

namespace mullion {
namespace {

constexpr auto& alpha = description.guests[0];
constexpr auto& beta = description.guests[1];
constexpr auto& board = description.board;

static_assert(board.controller() == InterruptController::aplic && !board.plic.exists());
static_assert(board.console.source == 7 && board.console.mode == SourceMode::level1);

// The numbers that the APLIC knows harts by are its own.
static_assert(board.harts[0].context == 6 && board.harts[3].context == 0);

// Each wire has the mode that the board's tree gives it; a guest's tree has no say.
constexpr std::array<Source, 3> wires{{{20, SourceMode::level1}, {21, SourceMode::level0}, {8, SourceMode::edge1}}};
static_assert(std::ranges::equal(beta.sources, wires));

// alpha's controller has two contexts for each of two harts; that of the guest with one hart lies behind its memory.
static_assert(alpha.devices[0] ==
              VirtualDevice{DeviceKind::plic, {0x400'0000}, 0x20'4000, 0, alpha.devices[0].parameter});
static_assert(beta.devices[0] == VirtualDevice{DeviceKind::plic, {0x440'0000}, 0x20'2000, 0, 21});

}  // namespace
}  // namespace mullion
