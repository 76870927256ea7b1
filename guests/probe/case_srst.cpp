// SPDX-License-Identifier: Apache-2.0
// SBI chapter 10, "System Reset Extension".
#include <array>

#include "probe/cases.hpp"
#include "probe/expect.hpp"

namespace probe {
namespace {

enum Type : std::uint64_t { shutdown, cold_reboot, warm_reboot };
enum Reason : std::uint64_t { no_reason, system_failure };

/// Type and reason are 32 bits wide: upper bits are ignored.
constexpr std::uint64_t wide = ~std::uint64_t{0} << 32;

void reserved_types_are_refused() {
    for (const std::uint64_t type : {3U, 0x1000'0000U, 0xEFFF'FFFFU}) {
        expect_error("a reserved type", sbi::invalid_param, sbi::reset(type, no_reason));
    }
}

void reserved_reasons_are_refused() {
    for (const std::uint64_t reason : {2U, 0x1000'0000U, 0xDFFF'FFFFU, 0xE000'0000U, 0xF000'0000U, 0xFFFF'FFFFU}) {
        expect_error("a reason that is reserved or not implemented", sbi::invalid_param, sbi::reset(shutdown, reason));
        expect_error("the same for a reboot", sbi::invalid_param, sbi::reset(cold_reboot, reason));
    }
}

void vendor_types_are_refused() {
    for (const std::uint64_t type : {0xF000'0000U, 0xFFFF'FFFFU}) {
        expect_error("a vendor's type that is not implemented", sbi::invalid_param, sbi::reset(type, no_reason));
    }
}

/// The guest is to end here; what comes after is a failure.
void end_by(Type type, Reason reason) {
    print("probe: ", case_name(), " ends the guest");
    sbi::reset(type, reason);
    expect("a reset does not return", false);
}

/// The other harts are busy or suspended when the guest ends.
void end_while_harts_run(Type type) {
    expect_success("start of a hart", start(other_hart(0), [](std::uint64_t) {
                       while (true) {
                           sbi::call(sbi::base, 0);
                       }
                   }));
    expect_success("start of a hart", start(other_hart(1), [](std::uint64_t) { sbi::call(sbi::hsm, 3, {0}); }));
    sleep(10'000);
    end_by(type, no_reason);
}

/// Another hart than the first one ends the guest.
void end_from_another_hart() {
    expect_success("start of a hart", start(other_hart(0), [](std::uint64_t) { end_by(shutdown, no_reason); }));
    while (true) {
        sleep(patience);
    }
}

[[gnu::section(".cases"), gnu::used]] constexpr std::array cases{
    Case{"srst.reserved-type", reserved_types_are_refused},
    Case{"srst.reserved-reason", reserved_reasons_are_refused, When::on_mullion},
    Case{"srst.vendor-type", vendor_types_are_refused, When::on_mullion},
    Case{"off", [] { end_by(shutdown, no_reason); }, When::by_name},
    Case{"srst.failure", [] { end_by(shutdown, system_failure); }, When::by_name},
    Case{"srst.cold", [] { end_by(cold_reboot, no_reason); }, When::by_name},
    Case{"srst.warm", [] { end_by(warm_reboot, no_reason); }, When::by_name},
    Case{"srst.wide", [] { end_by(Type{wide | cold_reboot}, Reason{wide | no_reason}); }, When::by_name},
    Case{"srst.off-busy", [] { end_while_harts_run(shutdown); }, When::by_name},
    Case{"srst.cold-busy", [] { end_while_harts_run(cold_reboot); }, When::by_name},
    Case{"srst.off-other", end_from_another_hart, When::by_name},
};

}  // namespace

}  // namespace probe
