// SPDX-License-Identifier: Apache-2.0
// Executes arbitrary CSR accesses and instructions, which may write a0 to a5.
#include "siege/attacker.hpp"
#include "siege/values.hpp"

extern "C" void trap_entry();
extern "C" void trap_vectors();

namespace siege {
namespace {

constexpr std::uint32_t system = 0x73;
constexpr std::uint32_t a0 = 10, a1 = 11;

constexpr std::uint32_t rd(std::uint32_t reg) {
    return reg << 7;
}
constexpr std::uint32_t rs1(std::uint32_t reg) {
    return reg << 15;
}
constexpr std::uint32_t rs2(std::uint32_t reg) {
    return reg << 20;
}

/// Returns whether the CSR is excluded here: satp is for tables.cpp, sstatus has a field that makes QEMU abort, and
/// interrupts find their Hart by sscratch.
constexpr bool is_special(std::uint32_t csr) {
    return csr == satp || csr == sstatus || csr == sscratch;
}

/// Returns whether the instruction is vl1re8.v to vs8r.v. With vstart beyond the last element, which random CSR writes
/// cause, QEMU aborts.
constexpr bool is_of_whole_vectors(std::uint32_t word) {
    constexpr std::uint32_t opcode_mop_and_umop = 0x0df0'005f;  // both opcodes, LOAD-FP and STORE-FP
    constexpr std::uint32_t whole = 0x0080'0007;
    const auto width = word >> 12 & 7;
    return (word & opcode_mop_and_umop) == whole && (width == 0 || width >= 5);
}

void in_some_mode(Hart& hart, std::initializer_list<std::uint32_t> words, const Registers& registers) {
    if (hart.random.one_in(3)) {
        try_words_as_user(hart, words, registers);
    } else {
        try_words(hart, words, registers);
    }
}

/// Writes sstatus without UXL: QEMU's `max` aborts at `csrr vtype` in U-mode if that is 3.
void try_sstatus(Hart& hart) {
    constexpr std::uint64_t uxl = std::uint64_t{3} << 32;
    constexpr std::uint32_t csrrw = 1, csrrs = 2;
    const auto value = hart.random.next();
    const bool set = hart.random.one_in(2);
    const auto word = std::uint32_t{sstatus} << 20 | rs1(a1) | (set ? csrrs : csrrw) << 12 | rd(a0) | system;
    try_words(hart, {word}, {0, (value & ~uxl) | (set ? 0 : std::uint64_t{2} << 32)});
    set_csr<sstatus>(sstatus_fs | sstatus_vs);
}

}  // namespace

void try_csr(Hart& hart) {
    auto& random = hart.random;
    // Groups of 256 CSRs: unprivileged, supervisor, hypervisor, machine.
    constexpr std::array<std::uint32_t, 8> groups{0x000, 0x100, 0x200, 0x500, 0x600, 0xc00, 0xd00, 0xe00};
    const auto csr =
        static_cast<std::uint32_t>(random.one_in(4) ? random.below(4096) : random.of(groups) + random.below(256));
    constexpr std::array<std::uint32_t, 6> operations{1, 2, 3, 5, 6, 7};
    if (csr == sstatus) {
        return try_sstatus(hart);
    }
    const auto source = is_special(csr) ? 0 : random.one_in(4) ? 0 : a1;
    const auto operation = is_special(csr) ? 2 : random.of(operations);
    const auto word = csr << 20 | rs1(source) | operation << 12 | rd(random.one_in(4) ? 0 : a0) | system;
    set_wake_up(1000);
    in_some_mode(hart, {word}, {0, any_value(random)});
}

void try_system_instruction(Hart& hart) {
    auto& random = hart.random;
    constexpr std::uint32_t two = rs1(a0) | rs2(a1);
    constexpr std::array<std::uint32_t, 34> words{
        0x0000'0073,        // ecall
        0x0010'0073,        // ebreak
        0x0020'0073,        // uret
        0x1020'0073,        // sret
        0x2020'0073,        // hret
        0x3020'0073,        // mret
        0x7020'0073,        // mnret
        0x7b20'0073,        // dret
        0x1040'0073,        // sctrclr
        0x1050'0073,        // wfi
        0x00d0'0073,        // wrs.nto
        0x01d0'0073,        // wrs.sto
        0x1200'0073 | two,  // sfence.vma
        0x1600'0073 | two,  // sinval.vma
        0x1800'0073,        // sfence.w.inval
        0x1810'0073,        // sfence.inval.ir
        0x2200'0073 | two,  // hfence.vvma
        0x6200'0073 | two,  // hfence.gvma
        0x2600'0073 | two,  // hinval.vvma
        0x6600'0073 | two,  // hinval.gvma
        0x6000'4573 | rs1(a0), 0x6010'4573 | rs1(a0), 0x6400'4573 | rs1(a0),
        0x6430'4573 | rs1(a0),                                                // hlv.b, bu, h, hlvx.hu
        0x6800'4573 | rs1(a0), 0x6830'4573 | rs1(a0), 0x6c00'4573 | rs1(a0),  // hlv.w, hlvx.wu, hlv.d
        0x6200'4073 | two,     0x6600'4073 | two,     0x6a00'4073 | two,
        0x6e00'4073 | two,  // hsv.b, h, w, d
        0x0000'100f,        // fence.i
        0x0ff0'000f,        // fence
        0x8330'000f,        // fence.tso
    };
    const Registers registers{any_address(random), any_value(random)};
    const auto word = random.of(words);
    constexpr std::uint32_t sret = 0x1020'0073;
    set_wake_up(500);                        // for WFI
    if (word == sret && random.one_in(2)) {  // to the next instruction, in the mode that SPP says
        constexpr std::uint32_t auipc_a0 = 0x0000'0517, addi_a0_16 = 0x0105'0513, csrw_sepc_a0 = 0x1415'1073;
        return void(try_words(hart, {auipc_a0, addi_a0_16, csrw_sepc_a0, sret}));
    }
    in_some_mode(hart, {word}, registers);
}

/// Executes a random word of an opcode that uses only these integer registers, with a plausible address. No jumps and
/// branches, which would lead anywhere.
void try_any_word(Hart& hart) {
    auto& random = hart.random;
    // LOAD, LOAD-FP, MISC-MEM, STORE, STORE-FP, AMO, OP-FP, OP-V, SYSTEM
    constexpr std::array<std::uint32_t, 9> opcodes{0x03, 0x07, 0x0f, 0x23, 0x27, 0x2f, 0x53, 0x57, 0x73};
    constexpr std::array<std::uint32_t, 4> targets{0, 10, 12, 13};
    const auto opcode = random.of(opcodes);
    constexpr std::uint32_t fields = 0xfff0'7000 | 31 << 7;
    auto word = (static_cast<std::uint32_t>(random.next()) & fields) | rs1(a0) | opcode;
    if (opcode != 0x23 && opcode != 0x27) {
        word = (word & ~rd(31)) | rd(random.of(targets));
    }
    const bool is_csr = opcode == system && (word >> 12 & 3) != 0;
    if ((is_csr && is_special(word >> 20)) || is_of_whole_vectors(word)) {
        return;
    }
    set_wake_up(500);
    in_some_mode(hart, {word}, {any_address(random), any_value(random), any_value(random)});
}

/// Writes stvec: vectored mode and modes that do not exist, with a reachable handler of exceptions. Exceptions are
/// taken in direct mode, as OpenSBI passes illegal instructions to the address in stvec with its mode bits.
void try_trap_vectors(Hart& hart) {
    auto& random = hart.random;
    constexpr std::uint32_t csrw_stvec_a1 = 0x1055'9073, csrs_sip_a2 = 0x1446'2073, csrw_sie_a3 = 0x1046'9073;
    constexpr std::uint32_t csrsi_sstatus_sie = 0x1001'6073, csrci_sstatus_sie = 0x1001'7073;
    constexpr std::uint32_t illegal = 0;
    const auto vectors = reinterpret_cast<std::uint64_t>(&trap_vectors);
    const auto entry = reinterpret_cast<std::uint64_t>(&trap_entry);
    if (random.one_in(2)) {
        constexpr std::uint64_t bit = 1 << software_interrupt;
        try_words(hart, {csrw_stvec_a1, csrs_sip_a2, csrw_sie_a3, csrsi_sstatus_sie, csrci_sstatus_sie},
                  {0, vectors | 1, bit, bit});
    } else {
        constexpr std::uint64_t reserved = 2;
        try_words(hart, {csrw_stvec_a1, illegal}, {0, entry | (random.one_in(2) ? reserved : 0)});
    }
    clear_csr<sip>(1 << software_interrupt);
    if (random.one_in(8)) {
        try_jump_as_user(hart, entry);
    }
    if (random.one_in(1000)) {  // the fatal one
        try_words(hart, {csrw_stvec_a1, illegal}, {0, any_address(random) & ~std::uint64_t{3}});
    }
}

void try_far_jump(Hart& hart) {
    const auto at = any_address(hart.random);
    if (hart.random.one_in(2)) {
        try_jump(hart, at);
    } else {
        set_wake_up(1000);
        try_jump_as_user(hart, at);
    }
}

}  // namespace siege
