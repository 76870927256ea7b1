// SPDX-License-Identifier: Apache-2.0
#include "probe/fresh.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "common/csr.hpp"
#include "probe/expect.hpp"
#include "probe/trap.hpp"

namespace probe {

using namespace guest;

namespace {

FreshState state;

}  // namespace

void keep_fresh_state(const Machine& machine) {
    const bool has_siselect = machine.has_extension("ssaia") || machine.has_extension("sscsrind");
    state = {read_csr<sstatus>(),
             read_csr<sie>(),
             read_csr<sip>(),
             read_csr<scounteren>(),
             read_csr<senvcfg>(),
             read_csr<satp>(),
             read_csr<stvec>(),
             read_csr<sepc>(),
             read_csr<scause>(),
             read_csr<stval>(),
             has_siselect ? read_csr<siselect>() : 0};
}

const FreshState& fresh_state() {
    return state;
}

void expect_registers_open(std::uint64_t status, std::uint64_t counters) {
    const auto initial = [](std::uint64_t field, bool named) { return named ? field & ~field << 1 : 0; };
    const auto floats = initial(sstatus_fs, machine().has_floats());
    const auto vectors = initial(sstatus_vs, machine().has_vectors());
    if (on_bare_machine()) {
        expect("sstatus.FS is on", floats == 0 || (status & sstatus_fs) != 0);
        expect("sstatus.VS is on", vectors == 0 || (status & sstatus_vs) != 0);
    } else {
        expect_equal("sstatus.FS and VS", floats | vectors, status & (sstatus_fs | sstatus_vs));
    }
    expect_equal("scounteren", 7, counters);
}

bool floats_are_zero() {
    std::array<std::uint64_t, 32> values;
    std::uint64_t fcsr = 0;
    set_csr<sstatus>(sstatus_fs);
    asm volatile(
        ".option push\n.option arch, +d\n"
        ".irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31\n"
        "fsd f\\n, 8*\\n(%1)\n"
        ".endr\n"
        "frcsr %0\n.option pop\n"
        : "=&r"(fcsr)
        : "r"(values.data())
        : "memory");
    clear_csr<sstatus>(sstatus_fs);
    return fcsr == 0 && std::ranges::all_of(values, [](std::uint64_t value) { return value == 0; });
}

void fill_floats() {
    set_csr<sstatus>(sstatus_fs);
    asm volatile(
        ".option push\n.option arch, +d\n"
        ".irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31\n"
        "fmv.d.x f\\n, %0\n"
        ".endr\n"
        "fscsr %0\n.option pop\n" ::"r"(~std::uint64_t{0})
        : "memory");
    clear_csr<sstatus>(sstatus_fs);
}

namespace {

constexpr std::uint64_t vcsr_bits = 7;
constexpr std::size_t max_vlenb = 256;
using VectorGroup = std::array<std::uint8_t, 8 * max_vlenb>;  ///< eight registers

/// Returns the bytes of a vector register, 0 without V. Requires: sstatus.VS is on.
std::size_t vlenb() {
    constexpr std::uint32_t csrr_a0_vlenb = 0xc220'2573;
    const auto run = run_instructions(Mode::supervisor, {csrr_a0_vlenb});
    return run.trap.taken ? 0 : run.a0;
}

bool is_zero(const VectorGroup& group, std::size_t bytes) {
    return std::ranges::all_of(std::span{group}.first(bytes), [](std::uint8_t byte) { return byte == 0; });
}

}  // namespace

bool vectors_are_zero() {
    std::array<VectorGroup, 4> groups;
    std::uint64_t vcsr = 0;
    set_csr<sstatus>(sstatus_vs);
    const auto bytes = 8 * vlenb();
    if (bytes != 0) {
        asm volatile(
            ".option push\n.option arch, +v\n"
            "vs8r.v v0, (%1)\nvs8r.v v8, (%2)\nvs8r.v v16, (%3)\nvs8r.v v24, (%4)\n"
            "csrr %0, vcsr\n.option pop\n"
            : "=&r"(vcsr)
            : "r"(&groups[0]), "r"(&groups[1]), "r"(&groups[2]), "r"(&groups[3])
            : "memory");
    }
    clear_csr<sstatus>(sstatus_vs);
    return vcsr == 0 && std::ranges::all_of(groups, [&](const VectorGroup& group) { return is_zero(group, bytes); });
}

void fill_vectors() {
    VectorGroup group;
    group.fill(0xd1);
    set_csr<sstatus>(sstatus_vs);
    if (vlenb() != 0) {
        asm volatile(
            ".option push\n.option arch, +v\n"
            "vl8r.v v0, (%0)\nvl8r.v v8, (%0)\nvl8r.v v16, (%0)\nvl8r.v v24, (%0)\n"
            "csrw vcsr, %1\n.option pop\n" ::"r"(&group),
            "r"(vcsr_bits)
            : "memory");
    }
    clear_csr<sstatus>(sstatus_vs);
}

}  // namespace probe
