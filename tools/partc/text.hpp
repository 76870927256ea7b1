// SPDX-License-Identifier: Apache-2.0
// Words for people: numbers with units, lists, and the word that was probably meant.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mullion::partc {

/// "0x80000000"
std::string hex(std::uint64_t value);

/// "0x80000000..0x9fffffff": the last address is in it; as wide as any range below 4 GiB.
std::string span(std::uint64_t base, std::uint64_t size);

/// "512 MiB", "64 KiB", "100 bytes": exact, in the largest unit that divides it.
std::string exact_size(std::uint64_t bytes);

/// "31.4 MiB": for reading, at most one decimal.
std::string rough_size(std::uint64_t bytes);

/// "a, b, c"
std::string list(const std::vector<std::string>& words);

/// " (did you mean 'kernel'?)", or nothing when no candidate is near.
std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates);

/// `text` as a C string literal, quotes included; the assembler and cpp read it too.
std::string literal(std::string_view text);

}  // namespace mullion::partc
