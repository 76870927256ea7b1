// SPDX-License-Identifier: Apache-2.0
#include "text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <numeric>
#include <utility>

#include "core/address.hpp"

namespace mullion::partc {
namespace {

/// Returns the edit distance: insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector rows(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
    std::iota(rows[0].begin(), rows[0].end(), 0);
    for (std::size_t i = 1; i <= a.size(); ++i) {
        rows[i][0] = i;
        for (std::size_t k = 1; k <= b.size(); ++k) {
            const auto replaced = rows[i - 1][k - 1] + (a[i - 1] == b[k - 1] ? 0 : 1);
            rows[i][k] = std::min({replaced, rows[i][k - 1] + 1, rows[i - 1][k] + 1});
            if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1]) {
                rows[i][k] = std::min(rows[i][k], rows[i - 2][k - 2] + 1);
            }
        }
    }
    return rows.back().back();
}

}  // namespace

std::string hex(std::uint64_t value) {
    return fmt::format("{:#x}", value);
}

std::string span(std::uint64_t base, std::uint64_t size) {
    return fmt::format("{:#010x}..{:#010x}", base, base + size - 1);
}

std::string exact_size(std::uint64_t bytes) {
    for (const auto& [unit, name] : {std::pair{gibi, "GiB"}, {mebi, "MiB"}, {kibi, "KiB"}}) {
        if (bytes != 0 && bytes % unit == 0) {
            return fmt::format("{} {}", bytes / unit, name);
        }
    }
    return bytes == 1 ? "1 byte" : fmt::format("{} bytes", bytes);
}

std::string rough_size(std::uint64_t bytes) {
    for (const auto& [unit, name] : {std::pair{gibi, "GiB"}, {mebi, "MiB"}, {kibi, "KiB"}}) {
        if (bytes >= unit && bytes % unit != 0) {
            return fmt::format("{:.1f} {}", static_cast<double>(bytes) / static_cast<double>(unit), name);
        }
        if (bytes >= unit) {
            return fmt::format("{} {}", bytes / unit, name);
        }
    }
    return fmt::format("{} bytes", bytes);
}

std::string list(const std::vector<std::string>& words) {
    return fmt::format("{}", fmt::join(words, ", "));
}

std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates) {
    std::string_view nearest;
    std::size_t least = (word.size() + 2) / 3 + 1;
    for (const auto candidate : candidates) {
        if (const auto d = distance(word, candidate); d < least) {
            least = d;
            nearest = candidate;
        }
    }
    return nearest.empty() ? "" : fmt::format(" (did you mean '{}'?)", nearest);
}

std::string literal(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (std::isprint(static_cast<unsigned char>(c)) != 0) {
            out += c;
        } else {
            out += fmt::format("\\{:03o}", static_cast<unsigned char>(c));
        }
    }
    return out + '"';
}

}  // namespace mullion::partc
