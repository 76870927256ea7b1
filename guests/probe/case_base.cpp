// SPDX-License-Identifier: Apache-2.0
// SBI chapter 4, "Base Extension", and what every call shares (chapter 3).
#include <array>

#include "probe/cases.hpp"
#include "probe/expect.hpp"

namespace probe {
namespace {

enum Function : std::uint64_t { spec_version, impl_id, impl_version, probe_extension, mvendorid, marchid, mimpid };

void specification_is_2_or_later() {
    const auto version = sbi::call(sbi::base, spec_version);
    expect_success("sbi_get_spec_version", version);
    expect("version is at least 2.0", version.value >= 2 << 24);
    expect_equal("bit 31 and above", 0, version.value >> 31);
}

void identity_is_given() {
    for (const auto function : {impl_id, impl_version, mvendorid, marchid, mimpid}) {
        expect_success("an identity function of Base", sbi::call(sbi::base, function));
    }
}

void offered_extensions_are_found() {
    for (const auto extension : {sbi::base, sbi::time, sbi::ipi, sbi::rfence, sbi::hsm, sbi::srst, sbi::dbcn}) {
        const auto found = sbi::call(sbi::base, probe_extension, {extension});
        expect_success("sbi_probe_extension", found);
        expect("an offered extension is found", found.value != 0);
    }
}

constexpr std::array<std::uint64_t, 3> unknown{0x0BADBAD, 0x7FFFFFFF, 0x0DEADBEEF00000010};

void unknown_extensions_are_not_found() {
    for (const auto extension : unknown) {
        const auto found = sbi::call(sbi::base, probe_extension, {extension});
        expect_success("sbi_probe_extension", found);
        expect_equal("an unknown extension", 0, found.value);
    }
}

void unknown_extensions_are_not_supported() {
    for (const auto extension : unknown) {
        expect_error("a call of an unknown extension", sbi::not_supported, sbi::call(extension, 0));
    }
}

void unknown_functions_are_not_supported() {
    for (const auto extension : {sbi::base, sbi::time, sbi::ipi, sbi::rfence, sbi::hsm, sbi::srst, sbi::dbcn}) {
        for (const std::uint64_t function : {std::uint64_t{99}, std::uint64_t{1} << 32, ~std::uint64_t{0}}) {
            expect_error("an unknown function", sbi::not_supported, sbi::call(extension, function));
        }
    }
}

/// Chapter 3: all registers except a0 and a1 are preserved.
void registers_are_preserved() {
    std::uint64_t sum = 0;
    asm volatile(
        "li a2, 0x22; li a3, 0x33; li a4, 0x44; li a5, 0x55; li a6, 0; li a7, 0x10\n"
        "li t0, 0x1000; li t1, 0x2000; li t2, 0x3000; li t3, 0x4000; li t4, 0x5000; li t5, 0x6000; li t6, 0x7000\n"
        "ecall\n"
        "add %0, a2, a3; add %0, %0, a4; add %0, %0, a5; add %0, %0, a6; add %0, %0, a7\n"
        "add %0, %0, t0; add %0, %0, t1; add %0, %0, t2; add %0, %0, t3; add %0, %0, t4; add %0, %0, t5\n"
        "add %0, %0, t6\n"
        : "=&r"(sum)
        :
        : "a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "t0", "t1", "t2", "t3", "t4", "t5", "t6", "memory");
    expect_equal("sum of the preserved registers", 0x22 + 0x33 + 0x44 + 0x55 + 0x10 + 0x1c000, sum);
}

constexpr std::array cases{
    Case{"base.version", specification_is_2_or_later},
    Case{"base.identity", identity_is_given},
    Case{"base.probe", offered_extensions_are_found},
    Case{"base.probe-unknown", unknown_extensions_are_not_found},
    Case{"base.unknown-extension", unknown_extensions_are_not_supported},
    Case{"base.unknown-function", unknown_functions_are_not_supported, When::on_mullion},
    Case{"base.registers", registers_are_preserved},
};

}  // namespace

const std::span<const Case> base_cases{cases};

}  // namespace probe
