// SPDX-License-Identifier: Apache-2.0
// Converts riscv,isa, the older of the two properties that name a hart's extensions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mullion::partc {

/// Returns the names in riscv,isa-extensions for `isa` ("rv64imac_zicsr": i, m, a, c, zicsr); none if it is no ISA
/// string. Versions ("i2p1") are removed, and `g` is expanded (unprivileged manual, chapter "ISA Extension Naming
/// Conventions").
std::vector<std::string> extensions_of(std::string_view isa);

/// Returns riscv,isa of a 64-bit hart with these extensions: single letters in canonical order (same chapter), then
/// longer names.
std::string isa_of(const std::vector<std::string>& extensions);

}  // namespace mullion::partc
