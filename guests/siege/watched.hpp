// SPDX-License-Identifier: Apache-2.0
// Sets and checks what the victim has.
#pragma once

#include <cstdint>
#include <string_view>

#include "siege/hart.hpp"

namespace siege {

/// Reports a difference, which the test looks for.
void expect(std::string_view what, std::uint64_t expected, std::uint64_t got);

void fill_memory();
/// Checks a part of memory, another one each round.
void expect_memory(std::uint64_t round);

void set_registers();
void expect_registers();

void set_devices();
void expect_devices();

/// Expects that nothing has interrupted and nothing is pending.
void expect_nothing_pending();

/// Expects that an alarm of its own device comes once.
void expect_alarm();

}  // namespace siege
