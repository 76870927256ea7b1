// SPDX-License-Identifier: Apache-2.0
// Checks accesses that are only partly within a device. They end in an access fault, as on a bus that carries out
// nothing of it, and change no register and no byte of memory, except what hardware has stored before the trap. One or
// both of two adjacent virtual pages are a device's.
#include <algorithm>
#include <array>
#include <optional>
#include <span>

#include "probe/borders.hpp"
#include "probe/cases.hpp"
#include "probe/devices.hpp"
#include "probe/expect.hpp"
#include "probe/trap.hpp"

namespace probe {
namespace {

/// a0 = address, a1 = value, offset 0.
struct Operation {
    std::uint32_t instruction;
    unsigned bytes;
    bool store = false;
    bool zcb = false;          ///< an instruction of that extension
    bool conditional = false;  ///< without a reservation it may fail before it accesses anything
};

constexpr std::array integers{
    Operation{0x0005'1503, 2},               // lh
    Operation{0x0005'5503, 2},               // lhu
    Operation{0x0005'2503, 4},               // lw
    Operation{0x0005'6503, 4},               // lwu
    Operation{0x0005'3503, 8},               // ld
    Operation{0x0001'4108, 4},               // c.lw
    Operation{0x0001'6108, 8},               // c.ld
    Operation{0x0001'8548, 2, false, true},  // c.lh
    Operation{0x0001'8508, 2, false, true},  // c.lhu
    Operation{0x00b5'1023, 2, true},         // sh
    Operation{0x00b5'2023, 4, true},         // sw
    Operation{0x00b5'3023, 8, true},         // sd
    Operation{0x0001'c10c, 4, true},         // c.sw
    Operation{0x0001'e10c, 8, true},         // c.sd
    Operation{0x0001'8d0c, 2, true, true},   // c.sh
};
constexpr std::array floats{
    Operation{0x0005'2507, 4},        // flw
    Operation{0x0005'3507, 8},        // fld
    Operation{0x0001'2108, 8},        // c.fld
    Operation{0x00a5'2027, 4, true},  // fsw
    Operation{0x00a5'3027, 8, true},  // fsd
    Operation{0x0001'a108, 8, true},  // c.fsd
};
constexpr std::array atomics{
    Operation{0x1005'252f, 4},                                                              // lr.w
    Operation{0x1005'352f, 8},                                                              // lr.d
    Operation{.instruction = 0x18b5'252f, .bytes = 4, .store = true, .conditional = true},  // sc.w
    Operation{.instruction = 0x18b5'352f, .bytes = 8, .store = true, .conditional = true},  // sc.d
    Operation{0x00b5'252f, 4, true},                                                        // amoadd.w
    Operation{0x00b5'352f, 8, true},                                                        // amoadd.d
};

bool is_there(const Operation& operation) {
    return !operation.zcb || machine().has_extension("zcb");
}

/// The value that stores store; the memory's pattern has none of its bytes.
constexpr std::uint64_t stored = 0x1122'3344'5566'7788;

/// Accesses across the border, once for each byte of the access that may be the first after it. If both pages fault,
/// stval may have either part.
void cross(const Border& border, const Operation& operation) {
    for (unsigned below = 1; below < operation.bytes; ++below) {
        const auto at = border.address - below;
        const auto [trap, result] = run_instructions(Mode::supervisor, {operation.instruction}, at, stored);
        const auto fault = operation.store ? store_access_fault : load_access_fault;
        const auto misaligned = operation.store ? store_misaligned : load_misaligned;
        if (operation.conditional && !trap.taken) {
            expect("sc has failed", result != 0);
            continue;
        }
        if (trap.cause == misaligned) {
            expect_trap("a misaligned access that crosses a border", misaligned, at, trap);
            continue;
        }
        const bool at_its_own =
            (trap.value == at && border.below_faults) || (trap.value == border.address && border.above_faults);
        expect_trap("an access that crosses a border", fault, at_its_own ? trap.value : at, trap);
    }
}

void cross_all(std::span<const Operation> operations) {
    const WatchedDevices before;
    for_each_border([&](const Border& border) {
        for (const auto& operation : operations) {
            if (is_there(operation)) {
                fill_border();
                cross(border, operation);
                expect_filled(operation.store ? std::optional{stored} : std::nullopt);
            }
        }
    });
    before.expect_unchanged();
}

void integers_fault() {
    cross_all(integers);
}

void floats_fault() {
    set_csr<sstatus>(sstatus_fs);
    asm volatile(".option push\n.option arch, +d\nfmv.d.x fa0, %0\n.option pop" ::"r"(stored));
    cross_all(floats);
    clear_csr<sstatus>(sstatus_fs);
}

void atomics_fault() {
    cross_all(atomics);
}

/// The page borders between devices, and between them and nothing, that the guest has without translation.
void physical_borders_fault() {
    const WatchedDevices before;
    const auto devices = emulated_devices();
    for (const auto& device : std::span{devices.regions}.first(devices.size)) {
        for (const auto at : {device.base, device.end()}) {
            for (const auto& operation : integers) {
                if (is_there(operation)) {
                    cross({.address = at, .below_faults = true, .above_faults = true}, operation);
                }
            }
        }
    }
    before.expect_unchanged();
}

/// The registers of a serial port repeat over its size; within it accesses of any width access a byte.
void uart_ends_where_it_ends() {
    const auto& uart = machine().uart;
    const auto at = uart.base + uart::scratch;
    uart::write(uart::scratch, 0x5a);
    for (auto repeated = at; repeated < uart.end(); repeated += 8) {
        expect_equal("scratch", 0x5a, try_load<std::uint8_t>(repeated).value);
    }
    const auto last = uart.end() - 8;
    const auto whole = run_instructions(Mode::supervisor, {integers[4].instruction}, last);
    expect_no_trap("ld of the last registers", whole.trap);
}

// --- vectors -------------------------------------------------------------------------------------------------------

constexpr std::uint64_t field_bytes = 4;

/// v4, or v4 and v6, of 8 elements of 32 bits; a1 = 4, v8 = indices of 4 bytes each.
struct VectorOperation {
    std::uint32_t instruction;
    bool store = false;
    unsigned fields = 1;    ///< of a segment
    unsigned distance = 1;  ///< of two segments, in fields
};

constexpr std::array vectors{
    VectorOperation{0x0205'6207},               // vle32.v
    VectorOperation{0x0ab5'6207},               // vlse32.v
    VectorOperation{0x0685'6207},               // vluxei32.v
    VectorOperation{0x0e85'6207},               // vloxei32.v
    VectorOperation{0x2205'6207, false, 2, 2},  // vlseg2e32.v
    VectorOperation{0x2685'6207, false, 2, 1},  // vluxseg2ei32.v
    VectorOperation{0x2285'6207},               // vl2re32.v
    VectorOperation{0x0205'6227, true},         // vse32.v
    VectorOperation{0x0ab5'6227, true},         // vsse32.v
    VectorOperation{0x0685'6227, true},         // vsuxei32.v
    VectorOperation{0x0e85'6227, true},         // vsoxei32.v
    VectorOperation{0x2205'6227, true, 2, 2},   // vsseg2e32.v
};

struct VectorRun {
    Trap trap;
    std::uint64_t vstart;
};

VectorRun run_vector(std::uint32_t instruction, std::uint64_t address) {
    constexpr std::uint32_t csrr_a0_vstart = 0x0080'2573;
    constexpr std::uint32_t csrw_vstart_zero = 0x0080'1073;
    constexpr std::uint32_t vsetivli = 0xcd14'7057;  // zero, 8, e32, m2, ta, ma
    constexpr std::uint32_t vid_v8 = 0x5208'a457;
    constexpr std::uint32_t vsll_v8_2 = 0x9681'3457;     // vsll.vi v8, v8, 2
    constexpr std::uint32_t vadd_v4_v8_7 = 0x0283'b257;  // what element i stores: 4 * i + 7
    constexpr std::uint32_t vadd_v6_v8_7 = 0x0283'b357;
    const auto run = run_instructions(
        Mode::supervisor, {csrw_vstart_zero, vsetivli, vid_v8, vsll_v8_2, vadd_v4_v8_7, vadd_v6_v8_7, instruction},
        address, field_bytes);
    return {run.trap, run_instructions(Mode::supervisor, {csrr_a0_vstart, csrw_vstart_zero}).a0};
}

/// Accesses across the border by vectors. Segments before the faulting one may be done; those that vstart skips must
/// be.
void cross(const Border& border, const VectorOperation& operation, unsigned fields_below) {
    const auto at = border.address - fields_below * field_bytes;
    const auto [trap, vstart] = run_vector(operation.instruction, at);
    const auto fault = operation.store ? store_access_fault : load_access_fault;
    expect_trap("a vector access that crosses a border", fault, border.below_faults ? at : border.address, trap);
    const auto whole = (fields_below - operation.fields) / operation.distance + 1;  // segments below the border
    expect("vstart is not past the element", vstart <= (border.below_faults ? 0 : whole));
    for (std::uint64_t i = 0; operation.store && i < vstart * operation.fields; ++i) {
        expect_equal("an element before vstart", 4 * (i / operation.fields) + 7,
                     *reinterpret_cast<volatile std::uint32_t*>(at + i * field_bytes));
    }
}

void vectors_fault() {
    set_csr<sstatus>(sstatus_vs);
    const WatchedDevices before;
    for_each_border([&](const Border& border) {
        for (const auto& operation : vectors) {
            for (const unsigned below : {2U, 4U, 6U}) {
                fill_border();
                cross(border, operation, below);
            }
        }
    });
    before.expect_unchanged();
    clear_csr<sstatus>(sstatus_vs);
}

[[gnu::section(".cases"), gnu::used]] constexpr std::array cases{
    Case{"borders.integers", integers_fault, When::on_mullion, Needs::external},
    Case{"borders.floats", floats_fault, When::on_mullion, Needs::floats},
    Case{"borders.atomics", atomics_fault, When::on_mullion, Needs::external},
    Case{"borders.physical", physical_borders_fault, When::on_mullion, Needs::external},
    Case{"borders.uart", uart_ends_where_it_ends, When::on_mullion},
    Case{"borders.vectors", vectors_fault, When::on_mullion, Needs::vectors},
};

}  // namespace

}  // namespace probe
