// SPDX-License-Identifier: Apache-2.0
// Formats numbers with units and lists, and guesses the word that was meant.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mullion::partc {

/// Formats as "0x80000000".
std::string hex(std::uint64_t value);

/// Formats as "0x80000000..0x9fffffff", the last address included, padded to the width of ranges below 4 GiB.
std::string span(std::uint64_t base, std::uint64_t size);

/// Formats exactly, in the largest unit that divides it: "512 MiB", "64 KiB", "100 bytes".
std::string exact_size(std::uint64_t bytes);

/// Formats with at most one decimal: "31.4 MiB".
std::string rough_size(std::uint64_t bytes);

/// Joins words: "a, b, c".
std::string list(const std::vector<std::string>& words);

/// Returns " (did you mean 'kernel'?)", empty if no candidate is similar.
std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates);

/// Returns `text` as a C string literal with quotes, which the assembler and cpp read, too.
std::string literal(std::string_view text);

}  // namespace mullion::partc
