// SPDX-License-Identifier: Apache-2.0
// Words the findings of core/check_pci.hpp about a guest's PCI functions.
#pragma once

#include "board_verdict.hpp"
#include "core/finding.hpp"
#include "model.hpp"

namespace mullion::partc {

/// Returns whether a rule is about PCI functions of a guest.
bool is_about_functions(Rule rule);

/// Returns the message for such a finding, without the guest's name, and its position.
BoardVerdict pci_verdict(const Model& model, const Finding& finding);

}  // namespace mullion::partc
