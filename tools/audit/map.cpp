// SPDX-License-Identifier: Apache-2.0
#include "map.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "compare.hpp"

namespace mullion::audit {
namespace {

const Piece* piece_at(const std::vector<Piece>& pieces, std::uint64_t at) {
    const auto holds = [&](const Piece& piece) { return piece.at <= at && at < piece.at + piece.size; };
    const auto it = std::ranges::find_if(pieces, holds);
    return it == pieces.end() ? nullptr : &*it;
}

std::string size_text(std::uint64_t size) {
    constexpr std::uint64_t kibi = 1024;
    for (const auto& [unit, name] : {std::pair{kibi * kibi * kibi, "GiB"}, {kibi * kibi, "MiB"}}) {
        if (size >= unit) {
            return fmt::format("{} {}", size / unit, name);
        }
    }
    return fmt::format("{} KiB", size / kibi);
}

/// Consecutive leaves of one size, in one piece.
struct Run {
    Leaf first;
    const Piece* piece = nullptr;
    std::uint64_t count = 1;

    bool goes_on(const Leaf& leaf, const Piece* of) const {
        const auto size = count * first.size;
        return of == piece && leaf.size == first.size && leaf.rights == first.rights && leaf.at == first.at + size &&
               leaf.to == first.to + size;
    }
    std::string text() const {
        const auto last = count * first.size - 1;
        return fmt::format("    {:#012x}..{:#012x}  {:#012x}..{:#012x}  {}     {} x {}: {}\n", first.at,
                           first.at + last, first.to, first.to + last, rights_text(first.rights), count,
                           size_text(first.size), piece == nullptr ? "not asked for" : piece->what);
    }
};

std::string lines_of(const Tables& tables) {
    std::string text;
    std::vector<Run> runs;
    for (const auto& leaf : tables.reached) {
        if (!leaf.sound) {
            continue;
        }
        const auto* piece = piece_at(tables.asked, leaf.at);
        if (!runs.empty() && runs.back().goes_on(leaf, piece)) {
            ++runs.back().count;
        } else {
            runs.push_back({leaf, piece, 1});
        }
    }
    for (const auto& run : runs) {
        text += run.text();
    }
    return text;
}

constexpr const char* columns = "    addresses                   host addresses              rights  pages\n";

}  // namespace

std::string map_of(const Report& report) {
    std::string text;
    for (auto hart = report.harts.begin(); hart != report.harts.end(); ++hart) {
        if (!hart->guest.empty()) {
            text += fmt::format("{} on {}, hgatp {:#x}\n", hart->guest, hart->hart, hart->g_stage.value);
            text += columns + lines_of(hart->g_stage) + '\n';
        }
    }
    std::vector<std::uint64_t> seen;
    for (const auto& row : report.harts) {
        if (std::ranges::find(seen, row.stage1.value) != seen.end()) {
            continue;
        }
        seen.push_back(row.stage1.value);
        text += "hypervisor on";
        for (const auto& other : report.harts) {
            text += other.stage1.value == row.stage1.value ? ' ' + other.hart : "";
        }
        text += fmt::format(", satp {:#x}\n{}{}\n", row.stage1.value, columns, lines_of(row.stage1));
    }
    return text;
}

}  // namespace mullion::audit
