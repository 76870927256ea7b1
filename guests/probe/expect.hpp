// SPDX-License-Identifier: Apache-2.0
// Reports failures: the first failure of a case is printed and ends it (on another hart its job).
#pragma once

#include <cstdint>
#include <string_view>

#include "common/print.hpp"
#include "common/sbi.hpp"
#include "probe/hart.hpp"

namespace probe {

/// Sets the name under which failures are reported.
void begin_case(std::string_view name);
std::string_view case_name();
bool case_failed();
/// Returns true only for the first caller in a case.
bool claim_failure();

/// Leaves the case, or the job of a hart that it started.
[[noreturn]] void end_case();
void end_case_if_failed();

template <class... Parts>
void report_failure(const Parts&... parts) {
    if (claim_failure()) {
        print("probe: ", case_name(), " FAILED: ", parts...);
    }
}

inline void expect_equal(std::string_view what, std::uint64_t expected, std::uint64_t got) {
    if (expected != got) {
        report_failure(what, ": expected ", Hex{expected}, ", got ", Hex{got});
        end_case();
    }
}

inline void expect(std::string_view what, bool holds) {
    expect_equal(what, 1, holds ? 1 : 0);
}

inline void expect_error(std::string_view what, std::int64_t error, sbi::Result result) {
    if (result.error != error) {
        report_failure(what, ": expected SBI error ", error, ", got ", result.error);
        end_case();
    }
}

inline void expect_success(std::string_view what, sbi::Result result) {
    expect_error(what, sbi::success, result);
}

inline void expect_no_trap(std::string_view what, const Trap& trap) {
    if (trap.taken) {
        report_failure(what, ": expected no trap, got cause ", trap.cause, " stval ", Hex{trap.value});
        end_case();
    }
}

inline void expect_trap(std::string_view what, std::uint64_t cause, std::uint64_t value, const Trap& trap) {
    if (!trap.taken || trap.cause != cause || trap.value != value) {
        report_failure(what, ": expected cause ", cause, " stval ", Hex{value}, ", got ",
                       trap.taken ? "cause " : "no trap, cause ", trap.cause, " stval ", Hex{trap.value});
        end_case();
    }
}

}  // namespace probe
