// SPDX-License-Identifier: Apache-2.0
// Reads channels: memory that two or more guests share.
#pragma once

#include "board_verdict.hpp"
#include "core/finding.hpp"
#include "diagnostics.hpp"
#include "model.hpp"
#include "tree.hpp"

namespace mullion::partc {

/// Returns whether a child of the partitions node is a channel and no partition.
bool is_channel(const Node& node);

/// Adds the channels to `model`, with a window for each of their guests. Leaves out channels with a mistake, and those
/// of a guest with a mistake. Requires: `model` has the guests.
void read_channels(const Tree& tree, const Node& partitions, Model& model, Diagnostics& diagnostics);

/// Returns whether a finding is about a channel itself (core/check_channels.hpp).
bool is_about_channel(Rule rule);

/// Explains such a finding, after "channel 'NAME': ".
BoardVerdict channel_verdict(const Model& model, const Finding& finding);

}  // namespace mullion::partc
