// SPDX-License-Identifier: Apache-2.0
#include "probe/expect.hpp"

#include <atomic>

#include "probe/trap.hpp"

namespace probe {
namespace {

std::string_view current;
std::atomic<std::uint32_t> failures;

}  // namespace

void begin_case(std::string_view name) {
    current = name;
    failures = 0;
}

std::string_view case_name() {
    return current;
}

bool case_failed() {
    return failures != 0;
}

bool claim_failure() {
    return failures.fetch_add(1) == 0;
}

void end_case() {
    leave_context(&this_hart().abandon, 0);
}

void end_case_if_failed() {
    if (case_failed()) {
        end_case();
    }
}

}  // namespace probe
