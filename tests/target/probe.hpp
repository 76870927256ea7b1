// SPDX-License-Identifier: Apache-2.0
// Conversation with a guest that runs guests/probe.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "machine.hpp"

namespace mullion::target {

/// A case as part of a test's name, where only letters, digits and _ may stand.
std::string test_name(std::string_view case_name);

/// Waits until the probe in `guest` reads what is typed.
void expect_ready(Machine& machine, std::string_view guest);

/// Has the probe in `guest`, which has the input, run a case, a group or a list of them with commas, and reports each
/// case that did not end in "ok", and each of `cases` that is missing, as a failure of the running test.
void expect_cases_pass(Machine& machine, std::string_view guest, const std::string& list,
                       const std::vector<std::string>& cases);

}  // namespace mullion::target
