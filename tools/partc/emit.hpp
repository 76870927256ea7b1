// SPDX-License-Identifier: Apache-2.0
// Writes the files that the build reads.
#pragma once

#include <string>

#include "core/layout_of.hpp"
#include "model.hpp"

namespace mullion::partc {

/// Returns description.hpp: the constants.
std::string emit_description(const Description& description, const std::string& source);

/// Returns images.S: the files, in the order of Description::images.
std::string emit_images(const Images& images);

/// Returns layout.ld: address and size of each part of the hypervisor.
std::string emit_layout(const Layout& layout);

/// Returns qemu.args: the part of QEMU's command line that the board's tree decides.
std::string emit_qemu_arguments(const Board& board);

}  // namespace mullion::partc
