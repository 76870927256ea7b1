// SPDX-License-Identifier: Apache-2.0
// riscv,isa, the older of the two ways in which a tree names what a hart can do.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mullion::partc {

/// The names that riscv,isa-extensions has for `isa` ("rv64imac_zicsr": i, m, a, c, zicsr); empty when it is no ISA
/// string. Versions ("i2p1") are left away, `g` is what it stands for (unprivileged manual, chapter "ISA Extension
/// Naming Conventions").
std::vector<std::string> extensions_of(std::string_view isa);

/// riscv,isa of a 64-bit hart with these: single letters in their canonical order (same chapter), then the longer
/// names.
std::string isa_of(const std::vector<std::string>& extensions);

}  // namespace mullion::partc
