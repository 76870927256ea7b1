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

/// Every machine has these; other extensions are checked by their own groups.
void offered_extensions_are_found() {
    for (const auto extension :
         {sbi::base, sbi::time, sbi::ipi, sbi::rfence, sbi::hsm, sbi::srst, sbi::dbcn, sbi::pmu}) {
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

/// The chapters that Mullion leaves out (CPPC, NACL, DBTR, MPXY), legacy's reserved numbers, and the first and the last
/// of the experimental, vendor's and firmware's spaces.
void what_is_not_offered_is_nowhere() {
    for (const std::uint64_t extension :
         {0x4350'5043, 0x4e41'434c, 0x4442'5452, 0x4d50'5859, 0x09, 0x0f, 0x11, 0x0800'0000, 0x08ff'ffff, 0x0900'0000,
          0x09ff'ffff, 0x0a00'0000, 0x0aff'ffff}) {
        expect_equal("an extension that is not offered", 0, sbi::call(sbi::base, probe_extension, {extension}).value);
        for (const std::uint64_t function : {0, 1, 2}) {
            expect_error("its functions", sbi::not_supported, sbi::call(extension, function));
        }
    }
}

/// Extensions that this image leaves out answer like unknown ones.
void what_is_left_out_is_nowhere() {
    constexpr std::uint64_t last_legacy = 8;
    const auto expect_nothing = [](std::uint64_t extension) {
        expect_equal("an extension that is left out", 0, sbi::call(sbi::base, probe_extension, {extension}).value);
        for (const std::uint64_t function : {0, 1, 2}) {
            expect_error("its functions", sbi::not_supported, sbi::call(extension, function));
        }
    };
    for (const std::uint64_t extension : {sbi::pmu, sbi::sse, sbi::fwft, sbi::susp, sbi::sta}) {
        expect_nothing(extension);
    }
    for (std::uint64_t legacy = 0; legacy <= last_legacy; ++legacy) {
        expect_nothing(legacy);
    }
}

void unknown_functions_are_not_supported() {
    for (const auto extension : {sbi::base, sbi::time, sbi::ipi, sbi::rfence, sbi::hsm, sbi::srst, sbi::dbcn}) {
        for (const std::uint64_t function : {std::uint64_t{99}, std::uint64_t{1} << 32, ~std::uint64_t{0}}) {
            expect_error("an unknown function", sbi::not_supported, sbi::call(extension, function));
        }
    }
}

using Registers = std::array<std::uint64_t, 32>;
extern "C" void call_with_registers(Registers& x);

/// Expects that a call preserves all registers. Each has a different value, apart from the arguments and sp.
void expect_preserved(std::uint64_t extension, std::uint64_t function, sbi::Arguments arguments) {
    Registers x;
    for (std::uint64_t n = 0; n < x.size(); ++n) {
        x[n] = 0x5a5a'0000'0000'0000 + n * 0x0101'0101;
    }
    x[10] = arguments.a0;
    x[11] = arguments.a1;
    x[12] = arguments.a2;
    x[13] = arguments.a3;
    x[14] = arguments.a4;
    x[16] = function;
    x[17] = extension;
    auto expected = x;
    call_with_registers(x);
    expected[2] = x[0];  // sp
    for (std::uint64_t n = 1; n < x.size(); ++n) {
        if (n != 10 && n != 11 && x[n] != expected[n]) {
            report_failure("extension ", Hex{extension}, " function ", function, " changes x", n);
            end_case();
        }
    }
}

/// Chapter 3: all registers except a0 and a1 are preserved, whether the call succeeds or fails.
void registers_are_preserved() {
    constexpr auto every_hart = ~std::uint64_t{0};
    const auto self = std::uint64_t{1} << this_hart().id;
    const auto text = reinterpret_cast<std::uint64_t>(case_name().data());
    expect_preserved(sbi::base, spec_version, {});
    expect_preserved(sbi::base, probe_extension, {sbi::base});
    expect_preserved(sbi::base, 99, {});
    expect_preserved(sbi::time, 0, {every_hart});
    expect_preserved(sbi::ipi, 0, {self, 0});
    expect_preserved(sbi::ipi, 0, {0, every_hart});
    expect_preserved(sbi::ipi, 0, {1, 1000});
    for (const std::uint64_t function : {0, 1, 2, 3}) {
        expect_preserved(sbi::rfence, function, {self, 0, text, 4096, 1});
        expect_preserved(sbi::rfence, function, {0, every_hart, 0, every_hart, 1});
    }
    expect_preserved(sbi::hsm, 0, {this_hart().id, text, 0});
    expect_preserved(sbi::hsm, 2, {this_hart().id});
    expect_preserved(sbi::srst, 0, {3, 0});
    expect_preserved(sbi::dbcn, 0, {0, text, 0});
    expect_preserved(sbi::dbcn, 1, {0, text, 0});
    expect_preserved(sbi::dbcn, 2, {'\n'});
    expect_preserved(0x0BADBAD, 0, {});
    // Also for a retentive suspend (chapter 9, hart suspend), which the pending software interrupt ends at once.
    set_csr<sie>(1 << software_interrupt);
    expect_preserved(sbi::hsm, 3, {0, 0, 0});
}

[[gnu::section(".cases"), gnu::used]] constexpr std::array cases{
    Case{"base.version", specification_is_2_or_later},
    Case{"base.identity", identity_is_given},
    Case{"base.probe", offered_extensions_are_found},
    Case{"base.probe-unknown", unknown_extensions_are_not_found},
    Case{"base.unknown-extension", unknown_extensions_are_not_supported},
    Case{"base.not-offered", what_is_not_offered_is_nowhere, When::on_mullion},
    Case{"base.left-out", what_is_left_out_is_nowhere, When::by_name},
    Case{"base.unknown-function", unknown_functions_are_not_supported, When::on_mullion},
    Case{"base.registers", registers_are_preserved},
};

}  // namespace

}  // namespace probe
