// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"

namespace mullion {
namespace {

constexpr auto& alpha = description.guests[0];
constexpr auto& beta = description.guests[1];
constexpr auto& gamma = description.guests[2];

static_assert(description.name == "every-format" && description.board.name == "board" && !description.color);

// The board's hart ids begin with 1; its interrupt files are in the opposite order.
static_assert(description.board.harts.size() == 4);
static_assert(description.board.harts[0].id == HartId{1} && description.board.harts[0].imsic_index == 3);
static_assert(description.board.harts[3].id == HartId{4} && description.board.harts[3].imsic_index == 0);
static_assert(description.board.harts[0].cboz_block == 128);
static_assert(description.board.harts[0].features.has(Extension::svpbmt));
static_assert(!description.board.harts[0].features.has(Extension::svade));
static_assert(description.board.imsic.num_ids == 255 && description.board.imsic.num_guest_ids == 63);
static_assert(description.board.ram.size() == 2 && description.board.console.reg_shift == 2);

// Equal files are linked once, and the trees with them.
static_assert(description.images.size() == 4 + 3);
static_assert(alpha.loads[1].image == gamma.loads[1].image);

// Harts in the order of the description, each with its own guest file.
static_assert(alpha.name == "alpha" && alpha.harts[0] == 3 && alpha.harts[1] == 1);
static_assert(window_at(alpha, {0x800'0000}).to == interrupt_file(description.board.imsic, 0, guest_file));
static_assert(window_at(alpha, {0x800'1000}).to == interrupt_file(description.board.imsic, 2, guest_file));

// A Linux Image goes 2 MiB into the memory. Its tree is at the top; its ramdisk 32 MiB below.
static_assert(alpha.entry == Gpa{0x8020'0000} && alpha.loads[0].to == alpha.entry);
static_assert(alpha.loads[1].to == Gpa{0x8400'0000 - 33 * mebi});
static_assert(alpha.tree == Gpa{align_down(0x8400'0000 - alpha.loads[2].size, page_size)});

// An ELF goes where its segments say; no load covers its bss, and nothing else lies there.
static_assert(beta.entry == Gpa{0x8020'0010} && beta.loads.size() == 3);
static_assert(beta.loads[0].to == Gpa{0x8020'0000} && beta.loads[0].size == 300);
static_assert(beta.loads[1].to == Gpa{0x8020'1000} && beta.loads[1].size == 20);
static_assert(beta.tree == Gpa{0x8021'0000 - 2 * page_size});

// A raw binary goes where it is told.
static_assert(gamma.entry == Gpa{0x4001'0020} && gamma.loads[0].to == Gpa{0x4001'0000});

// In a memory too small for that the ramdisk is at the top, and the tree below.
static_assert(gamma.loads[1].to == Gpa{0x4010'0000} && gamma.tree == Gpa{0x4010'0000 - 2 * page_size});

// Devices are at the board's addresses, and so are the emulated ones.
static_assert(alpha.sources.size() == 1 && alpha.sources[0].number == 9 && alpha.controller().parameter == 9);
static_assert(beta.sources[0].number == 8 && beta.controller().parameter == 8 && gamma.controller().parameter == 7);
static_assert(window_at(beta, {0x300'0000}).to == Hpa{0x300'0000});
static_assert(window_at(beta, {0x300'0000}).kind == WindowKind::device);
static_assert(gamma.device(DeviceKind::uart16550) == VirtualDevice{DeviceKind::uart16550, {0x1000'0000}, 0x100, 7, 0});
static_assert(beta.device(DeviceKind::uart16550) == VirtualDevice{DeviceKind::uart16550, {0x100'0000}, 0x400, 7, 2});

// The reset of a 16550: LCR, IER, FCR twice, MCR.
static_assert(beta.resets.size() == 5 && beta.resets[0].at == Gpa{0x300'0003} && beta.resets[0].bytes == 1);
static_assert(beta.resets[4].at == Gpa{0x300'0004} && gamma.resets.empty());

// What has no host address begins on a 2 MiB border where the guest's does.
static_assert(is_aligned(window_at(alpha, {0x8000'0000}).to.value, 2 * mebi));
static_assert(window_at(beta, {0x1000'0000}).rights == Rights::rwx);

}  // namespace
}  // namespace mullion
