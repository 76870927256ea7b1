// SPDX-License-Identifier: Apache-2.0
// Talks to a guest that runs guests/probe.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "machine.hpp"

namespace mullion::target {

/// A case that is part of a group, as the probe's sources have it.
struct ProbeCase {
    std::string name;   ///< GROUP.NAME
    std::string needs;  ///< what the guest's tree must have (probe::Needs)
};

/// Returns all of them, in the order of the files (guests/probe/case_*.cpp); but those of the fresh guest first, as the
/// others leave traces.
std::vector<ProbeCase> probe_cases();

/// Returns a case's name as part of a test's name, which may only have letters, digits and _.
std::string test_name(std::string_view case_name);

/// Waits until the probe in `guest` reads input.
void expect_ready(Machine& machine, std::string_view guest);

/// Makes the probe in `guest`, which has the input, run a case, a group, or a list of them with commas. Reports each
/// case that does not end in "ok", and each of `cases` that is missing, as a failure of the running test.
void expect_cases_pass(Machine& machine, std::string_view guest, const std::string& list,
                       const std::vector<std::string>& cases);

}  // namespace mullion::target
