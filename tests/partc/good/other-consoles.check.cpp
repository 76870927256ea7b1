// SPDX-License-Identifier: Apache-2.0
#include "description.hpp"

using namespace mullion;
using generated::description;

constexpr auto& console = description.board.console;
static_assert(console.kind == Board::Console::Kind::dw_apb);
static_assert(console.base == Hpa{0x100'0000} && console.size == 0x400);
static_assert(console.reg_shift == 2 && console.io_width == 4);

static_assert(description.guests[0].device(DeviceKind::uart16550) ==
              VirtualDevice{DeviceKind::uart16550, {0x1000'0000}, 0x100, console.source, 0});
