// SPDX-License-Identifier: Apache-2.0
// Compares mullion.bin, which boot loaders load, with the ELF that was audited.
#pragma once

#include <cstdint>
#include <vector>

#include "image.hpp"
#include "mismatch.hpp"

namespace mullion::audit {

/// Checks that `raw` has the bytes of every segment at its distance from the first, zeros between them, and nothing
/// more; and the header of a RISC-V Linux image that starts where the ELF does and claims all the memory that it takes.
std::vector<Mismatch> judge_raw(const Image& image, const std::vector<std::uint8_t>& raw);

}  // namespace mullion::audit
