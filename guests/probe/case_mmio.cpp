// SPDX-License-Identifier: Apache-2.0
// Checks accesses to devices by each width and encoding, from places where a hypervisor cannot fetch the instruction
// easily.
#include <array>

#include "probe/cases.hpp"
#include "probe/devices.hpp"
#include "probe/expect.hpp"
#include "probe/paging.hpp"
#include "probe/plic.hpp"
#include "probe/trap.hpp"

namespace probe {
namespace {

/// a0 = address, a1 = value, offset 0; compressed ones with a c.nop beside them.
enum Instruction : std::uint32_t {
    lb = 0x0005'0503,
    lbu = 0x0005'4503,
    lh = 0x0005'1503,
    lhu = 0x0005'5503,
    lw = 0x0005'2503,
    lwu = 0x0005'6503,
    ld = 0x0005'3503,
    lb_to_zero = 0x0005'0003,
    lw_minus_4 = 0xffc5'2503,
    lw_plus_2 = 0x0025'2503,
    sb = 0x00b5'0023,
    sh = 0x00b5'1023,
    sw = 0x00b5'2023,
    sd = 0x00b5'3023,
    sb_zero = 0x0005'0023,
    c_lw = 0x0001'4108,
    c_sw = 0x0001'c10c,
    c_ld = 0x0001'6108,
    c_sd = 0x0001'e10c,
    amoadd_w = 0x00b5'252f,
    lr_w = 0x1005'252f,
    flw = 0x0005'2507,
    fsw = 0x00a5'2027
};

/// A register of an emulated interrupt controller that keeps one bit: what is stored, what LW then loads, and where.
struct Word {
    std::uint64_t address;
    std::uint32_t on;
    std::uint64_t read_on;
    std::uint64_t read_off;
};

/// Returns domaincfg, which shows how words are extended (its bit DM may be fixed), or the UART's priority in the PLIC.
Word word() {
    const auto& m = machine();
    if (m.imsic.size != 0) {
        return {m.aplic.base + aplic::domaincfg, aplic::enable_and_msi, 0xFFFF'FFFF'8000'0104, 0xFFFF'FFFF'8000'0004};
    }
    return {m.plic.base + plic::priority_of(m.uart.source), 1, 1, 0};
}

std::uint64_t load(std::uint32_t instruction, std::uint64_t address) {
    const auto run = run_instructions(Mode::supervisor, {instruction}, address);
    expect_no_trap("a load from a device", run.trap);
    return run.a0;
}

void store(std::uint32_t instruction, std::uint64_t address, std::uint64_t value) {
    expect_no_trap("a store to a device", run_instructions(Mode::supervisor, {instruction}, address, value).trap);
}

void bytes_are_extended_as_they_say() {
    const auto at = machine().uart.base + uart::scratch;
    store(sb, at, 0x12'3485);
    expect_equal("lb", 0xFFFF'FFFF'FFFF'FF85, load(lb, at));
    expect_equal("lbu", 0x85, load(lbu, at));
    expect_equal("lb to the zero register leaves a0", at, load(lb_to_zero, at));
    store(sb_zero, at, 1);
    expect_equal("sb of the zero register", 0, load(lbu, at));
}

void words_are_extended_as_they_say() {
    const auto [at, on, read_on, read_off] = word();
    store(sw, at, 0xABCD'0000'0000'0000 | on);
    expect_equal("lw", read_on, load(lw, at));
    expect_equal("lwu", read_on & 0xFFFF'FFFF, load(lwu, at));
    expect_equal("lw with an offset", read_on, load(lw_minus_4, at + 4));
}

constexpr std::uint32_t mv(std::uint32_t to, std::uint32_t from) {
    return from << 15 | to << 7 | 0x13;
}

/// Each register that a hypervisor may keep elsewhere than its neighbour, stack and thread pointers included.
void words_reach_every_register() {
    constexpr std::uint32_t a0 = 10;
    constexpr std::uint32_t a1 = 11;
    constexpr std::uint32_t a2 = 12;
    const auto [at, on, read_on, read_off] = word();
    for (std::uint32_t reg = 1; reg < 32; ++reg) {
        if (reg == a0) {
            continue;
        }
        const auto sw_reg = reg << 20 | 0x0005'2023;
        const auto lw_reg = reg << 7 | 0x0005'2003;
        store(sw, at, 0);
        const auto stored = run_instructions(Mode::supervisor, {mv(a2, reg), mv(reg, a1), sw_reg, mv(reg, a2)}, at, on);
        expect_no_trap("sw of a register", stored.trap);
        expect_equal("what sw of a register left", read_on, load(lw, at));
        const auto loaded = run_instructions(Mode::supervisor, {mv(a1, reg), lw_reg, mv(a0, reg), mv(reg, a1)}, at);
        expect_no_trap("lw to a register", loaded.trap);
        expect_equal("lw to a register", read_on, loaded.a0);
    }
}

void compressed_words_work() {
    const auto [at, on, read_on, read_off] = word();
    store(c_sw, at, 0);
    expect_equal("c.lw", read_off, load(c_lw, at) | (read_off & 0x4));
    store(c_sw, at, on);
    expect_equal("c.lw", read_on, load(c_lw, at));
}

void user_mode_reaches_devices_too() {
    const auto [at, on, read_on, read_off] = word();
    store(sw, at, on);
    const auto run = run_instructions(Mode::user, {lw}, at);
    expect_equal("cause", ecall_from_user, run.trap.cause);
    expect_equal("lw in U-mode", read_on, run.a0);
}

/// An APLIC takes aligned 32-bit accesses (AIA 4.5), a PLIC's registers are accessed by LW and SW ("Memory Map"); for
/// the rest a bus error, which is an access fault.
void other_widths_are_refused() {
    const auto [at, on, read_on, read_off] = word();
    store(sw, at, on);
    for (const std::uint32_t instruction : {lb, lbu, lh, lhu, ld, c_ld}) {
        const auto trap = run_instructions(Mode::supervisor, {instruction}, at).trap;
        expect_trap("a load of another width", load_access_fault, at, trap);
    }
    for (const std::uint32_t instruction : {sb, sh, sd, c_sd}) {
        const auto trap = run_instructions(Mode::supervisor, {instruction}, at, 0).trap;
        expect_trap("a store of another width", store_access_fault, at, trap);
    }
    const auto trap = run_instructions(Mode::supervisor, {lw_plus_2}, at).trap;
    expect("a misaligned load is refused", trap.cause == load_access_fault || trap.cause == load_misaligned);
    expect_equal("the register is unchanged", read_on, load(lw, at));
}

/// Registers of devices have no atomics and no floating point (interface.md).
void atomics_and_floats_are_refused() {
    const auto at = word().address;
    set_csr<sstatus>(sstatus_fs);
    expect_trap("amoadd.w", store_access_fault, at, run_instructions(Mode::supervisor, {amoadd_w}, at, 1).trap);
    expect_trap("lr.w", load_access_fault, at, run_instructions(Mode::supervisor, {lr_w}, at).trap);
    expect_trap("flw", load_access_fault, at, run_instructions(Mode::supervisor, {flw}, at).trap);
    expect_trap("fsw", store_access_fault, at, run_instructions(Mode::supervisor, {fsw}, at).trap);
    clear_csr<sstatus>(sstatus_fs);
}

// --- places of instructions ----------------------------------------------------------------------------------------

constexpr std::size_t half_words = page / 2;
alignas(page) std::array<std::uint16_t, 3 * half_words> code_frames;  ///< the first and the third are used

/// Writes an instruction at a distance, in halfwords, from the start of two virtual pages.
void put(std::size_t at, std::uint32_t word) {
    for (const std::uint32_t part : {word & 0xFFFF, word >> 16}) {
        code_frames[at < half_words ? at : at + half_words] = static_cast<std::uint16_t>(part);
        ++at;
    }
}

constexpr std::uint32_t ret = 0x0000'8067;

/// Runs an instruction at the start of the second page, or with `straddling` two bytes earlier.
void run_from_execute_only_pages(bool straddling) {
    const auto [at, on, read_on, read_off] = word();
    const auto first = half_words - (straddling ? 1 : 0);
    put(first, lw);
    put(first + 2, ret);
    asm volatile("fence.i" ::: "memory");
    make_tables();
    const auto frame = reinterpret_cast<std::uint64_t>(code_frames.data());
    page_entry(7) = pte::make(frame, pte::v | pte::x | pte::a);
    page_entry(8) = pte::make(frame + 2 * page, pte::v | pte::x | pte::a);
    store(sw, at, on);
    paging_on();
    Context context;
    const auto value = call_with_context(page_address(7) + 2 * first, &context, at, 0);
    paging_off();
    expect_equal("lw from an execute-only page", read_on, value);
}

/// The page of the device is mapped somewhere else, and the instruction runs with paging on.
void devices_work_through_translation() {
    make_tables();
    const auto [physical, on, read_on, read_off] = word();
    const auto at = page_address(9) + physical % page;
    page_entry(9) = pte::make(physical - physical % page, pte::data);
    store(sw, physical, on);
    paging_on();
    expect_equal("lw", read_on, load(lw, at));
    expect_equal("c.lw", read_on, load(c_lw, at));
    const auto trap = run_instructions(Mode::supervisor, {lb}, at).trap;
    paging_off();
    expect_trap("a fault tells the virtual address", load_access_fault, at, trap);
}

[[gnu::section(".cases"), gnu::used]] constexpr std::array cases{
    Case{"mmio.bytes", bytes_are_extended_as_they_say},
    Case{"mmio.words", words_are_extended_as_they_say, When::always, Needs::external},
    Case{"mmio.registers", words_reach_every_register, When::always, Needs::external},
    Case{"mmio.compressed", compressed_words_work, When::always, Needs::external},
    Case{"mmio.user", user_mode_reaches_devices_too, When::always, Needs::external},
    Case{"mmio.widths", other_widths_are_refused, When::always, Needs::external},
    Case{"mmio.atomics", atomics_and_floats_are_refused, When::on_mullion, Needs::external},
    Case{"mmio.execute-only", [] { run_from_execute_only_pages(false); }, When::always, Needs::external},
    Case{"mmio.straddling", [] { run_from_execute_only_pages(true); }, When::always, Needs::external},
    Case{"mmio.translated", devices_work_through_translation, When::always, Needs::external},
};

}  // namespace

}  // namespace probe
