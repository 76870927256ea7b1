// SPDX-License-Identifier: Apache-2.0
// What the victim has, each with the values that it gave it.
#pragma once

#include <cstdint>
#include <string_view>

#include "siege/hart.hpp"

namespace siege {

/// Says what is not as it should be; the test looks for it.
void expect(std::string_view what, std::uint64_t expected, std::uint64_t got);

void fill_memory();
/// A piece of it, another one each round.
void expect_memory(std::uint64_t round);

void set_registers();
void expect_registers();

void set_devices();
void expect_devices();

/// Nothing has interrupted, and nothing waits to.
void expect_nothing_pending();

/// An alarm of its own device comes, once.
void expect_alarm();

}  // namespace siege
