// SPDX-License-Identifier: Apache-2.0
// Configuration space of the guest's PCI functions, and DMA of one of them. What a device must not reach it is sent to
// all the same: that nothing comes of it elsewhere, tests/target/dma_test.cpp sees.
#include <array>

#include "probe/cases.hpp"
#include "probe/devices.hpp"
#include "probe/expect.hpp"
#include "probe/pci.hpp"
#include "probe/trap.hpp"

namespace probe {
namespace {

void other_functions_are_absent() {
    std::uint64_t own = 0;
    for (std::uint64_t function = 0; function < pci::functions; ++function) {
        if (pci::is_there(function)) {
            ++own;
            continue;
        }
        for (const std::uint64_t offset : {0x04, 0x10, 0x34, 0x3c, 0x100, 0xffc}) {
            expect_equal("of an absent function", pci::no_function, pci::read(function, offset));
        }
        expect_equal("a byte of one", 0xff, pci::read<std::uint8_t>(function, 0xb));
        pci::write<std::uint32_t>(function, pci::command, 6);
    }
    expect("the guest has a function", own != 0);
}

template <class Body>
void for_each_function(Body body) {
    for (std::uint64_t function = 0; function < pci::functions; ++function) {
        if (pci::is_there(function)) {
            body(function);
        }
    }
}

void parts_are_parts_of_words() {
    for_each_function([](std::uint64_t function) {
        for (std::uint64_t offset = 0; offset < 0x100; offset += 4) {
            const auto word = pci::read(function, offset);
            for (std::uint64_t i = 0; i < 4; ++i) {
                expect_equal("a byte", word >> (8 * i) & 0xff, pci::read<std::uint8_t>(function, offset + i));
            }
            for (std::uint64_t i = 0; i < 4; i += 2) {
                expect_equal("a halfword", word >> (8 * i) & 0xffff, pci::read<std::uint16_t>(function, offset + i));
            }
        }
    });
}

void other_widths_fault() {
    const auto at = pci::space(0);
    expect_trap("a doubleword", load_access_fault, at, try_load<std::uint64_t>(at).trap);
    expect_trap("a doubleword stored", store_access_fault, at + 8, try_store<std::uint64_t>(at + 8, 0));
    const auto end = at + pci::functions * 4096;
    expect_trap("behind the bus", load_access_fault, end, try_load<std::uint32_t>(end).trap);
}

void bars_stay_in_place() {
    for_each_function([](std::uint64_t function) {
        for (unsigned slot = 0; slot < 6; ++slot) {
            const auto at = pci::bar0 + slot * 4;
            const auto before = pci::read(function, at);
            pci::write<std::uint32_t>(function, at, 0x8020'0000);
            expect_equal("a BAR after another address was written", before, pci::read(function, at));
            const auto bar = pci::bar(function, slot);
            expect_equal("a BAR after its size was asked for", before, pci::read(function, at));
            expect("its size is a power of two", (bar.size & (bar.size - 1)) == 0);
            expect("it is aligned to its size", bar.size == 0 || bar.base % bar.size == 0);
            slot += (before & 7) == 4 ? 1 : 0;
        }
    });
}

/// Writes what is left alone of command, and more than one byte at a time next to it.
void ports_and_pins_stay_off() {
    for_each_function([](std::uint64_t function) {
        pci::write<std::uint32_t>(function, pci::command, 0xffff'ffff);
        expect_equal("port space", 0, pci::read(function, pci::command) & 1);
        expect_equal("the pin", 0, pci::read(function, 0x3c) >> 8 & 0xff);
        pci::write<std::uint16_t>(function, pci::command, 0);
        expect_equal("memory and bus master", 0, pci::read(function, pci::command) & 6);
    });
}

// --- edu -------------------------------------------------------------------------------------------------------------

/// No image has it as it is: whoever looks for it finds what was moved.
std::uint64_t pattern() {
    static volatile std::uint64_t inverted = ~std::uint64_t{0x6d75'6c6c'696f'6e21};
    return ~inverted;
}

pci::Edu edu() {
    const auto found = pci::Edu::find();
    found->turn_on();
    return *found;
}

void dma_reaches_own_memory() {
    alignas(64) static std::array<std::uint64_t, 8> from, to;
    from.fill(pattern());
    to.fill(0);
    const auto device = edu();
    device.load(reinterpret_cast<std::uint64_t>(from.data()), sizeof from);
    device.store(reinterpret_cast<std::uint64_t>(to.data()), sizeof to);
    for (const auto word : to) {
        expect_equal("a word that a device moved", pattern(), word);
    }
}

/// The pattern is moved to everything that is not the guest's: below, between and behind its windows, to where the
/// machine has the hypervisor, other guests and interrupt files, and beyond every G-stage mode.
void dma_reaches_nothing_else() {
    alignas(64) static std::array<std::uint64_t, 8> from;
    from.fill(pattern());
    const auto device = edu();
    device.load(reinterpret_cast<std::uint64_t>(from.data()), sizeof from);
    const auto& files = machine().imsic;
    for (const std::uint64_t to :
         {std::uint64_t{0x1000}, std::uint64_t{0x1000'0000}, files.base + machine().harts * machine().imsic_stride,
          std::uint64_t{0x8000'0000}, std::uint64_t{0x8020'0000}, std::uint64_t{0x9000'0000},
          std::uint64_t{0x9080'0000}, std::uint64_t{0x9400'0000}, std::uint64_t{0xf000'0000}, std::uint64_t{1} << 41,
          std::uint64_t{1} << 50, std::uint64_t{1} << 59, std::uint64_t{1} << 63}) {
        if (!machine().has_memory(to)) {
            device.store(to, 16);
        }
    }
    dma_reaches_own_memory();
}

/// What the device moves from elsewhere is nothing of elsewhere: its buffer keeps what it had.
void dma_reads_nothing_else() {
    alignas(64) static std::array<std::uint64_t, 2> own;
    const auto device = edu();
    for (const std::uint64_t from : {std::uint64_t{0x8020'0000}, std::uint64_t{0x9400'0000}, std::uint64_t{1} << 41}) {
        own.fill(pattern());
        device.load(reinterpret_cast<std::uint64_t>(own.data()), sizeof own);
        if (machine().has_memory(from)) {
            continue;
        }
        device.load(from, sizeof own);
        own.fill(0);
        device.store(reinterpret_cast<std::uint64_t>(own.data()), sizeof own);
        expect("it is what it was, or nothing", own[0] == pattern() || own[0] == 0 || own[0] == ~std::uint64_t{0});
    }
}

/// Each transfer is a thousand refused accesses, ten a second: after some of them the device loses its DMA, and does
/// not get it back.
void floods_end_dma() {
    const auto device = edu();
    for (int n = 0; device.is_master(); ++n) {
        expect("the flood is ended", n < 600);
        device.store(0x1000, pci::Edu::buffer_bytes);
    }
    device.turn_on();
    expect("it stays ended", !device.is_master());
}

void messages_reach_own_files() {
    imsic::clear();
    const auto device = edu();
    for (const std::uint32_t identity : {3u, 70u}) {
        imsic::enable(identity);
        device.set_message(imsic::file(this_hart().id), identity);
        device.interrupt();
        expect("the message has come", wait_until([&] { return imsic::is_pending(identity); }));
        imsic::claim();
    }
}

/// A message to a file that is not the guest's goes nowhere, and the next one comes all the same.
void messages_reach_no_other_files() {
    imsic::clear();
    const auto device = edu();
    device.set_message(machine().imsic.base + machine().harts * machine().imsic_stride, 5);
    device.interrupt();
    messages_reach_own_files();
    expect("nothing but what was sent here", !imsic::is_pending(5));
}

[[gnu::section(".cases"), gnu::used]] constexpr std::array cases{
    Case{"pci.absent", other_functions_are_absent, When::always, Needs::pci},
    Case{"pci.parts", parts_are_parts_of_words, When::always, Needs::pci},
    Case{"pci.widths", other_widths_fault, When::on_mullion, Needs::pci},
    Case{"pci.bars", bars_stay_in_place, When::on_mullion, Needs::pci},
    Case{"pci.command", ports_and_pins_stay_off, When::on_mullion, Needs::pci},
    Case{"edu.own_memory", dma_reaches_own_memory, When::always, Needs::edu},
    Case{"edu.elsewhere", dma_reaches_nothing_else, When::on_mullion, Needs::edu},
    Case{"edu.reads", dma_reads_nothing_else, When::on_mullion, Needs::edu},
    Case{"edu.flood", floods_end_dma, When::by_name, Needs::edu},
    Case{"edu.messages", messages_reach_own_files, When::always, Needs::edu},
    Case{"edu.other_files", messages_reach_no_other_files, When::on_mullion, Needs::edu},
};

}  // namespace
}  // namespace probe
