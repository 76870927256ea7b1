// SPDX-License-Identifier: Apache-2.0
#include "ownership.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>

#include "hypervisor.hpp"

namespace mullion::audit {
namespace {

/// A range of host memory and its owner.
struct Claim {
    Range range;
    std::string owner;
};

/// Joins overlapping ranges; returns them in ascending order.
std::vector<Range> merged(std::vector<Range> ranges) {
    std::ranges::sort(ranges, {}, &Range::base);
    std::vector<Range> merged;
    for (const auto& range : ranges) {
        if (merged.empty() || merged.back().end() < range.base) {
            merged.push_back(range);
        } else {
            merged.back().size = std::max(merged.back().end(), range.end()) - merged.back().base;
        }
    }
    return merged;
}

std::vector<Claim> claims_of_hypervisor(const Image& image, const Requirements& asked) {
    std::vector<Claim> claims{
        {extent_of(image), "the hypervisor"}, {asked.uart, "uart0"}, {asked.controller.range, asked.controller.name}};
    if (asked.iommu) {
        claims.push_back({asked.iommu->range, asked.iommu->name});
    }
    if (asked.pci) {
        claims.push_back({asked.pci->range, asked.pci->name});
    }
    for (const auto& reserved : asked.reserved) {
        claims.push_back({reserved.range, reserved.name});
    }
    for (const auto& hart : asked.harts) {
        if (hart.files) {
            const auto owner = fmt::format("{}'s supervisor-level interrupt file", hart.name);
            claims.push_back({{hart.files->supervisor, page_size}, owner});
        }
    }
    return claims;
}

/// Returns what the harts of each guest reach together; of what they share, the channel is the owner.
std::vector<Claim> claims_of_guests(const std::vector<HartReport>& harts) {
    std::map<std::string, std::vector<Range>> reached;
    for (const auto& hart : harts) {
        for (const auto& leaf : hart.g_stage.reached) {
            const auto shows = [&](const Piece& piece) {
                return piece.is_shared && Range{piece.at, piece.size}.contains({leaf.at, leaf.size}) &&
                       leaf.to - *piece.to == leaf.at - piece.at;
            };
            const auto channel = std::ranges::find_if(hart.g_stage.asked, shows);
            if (leaf.sound) {
                reached[channel == hart.g_stage.asked.end() ? hart.guest : channel->what].push_back(
                    {leaf.to, leaf.size});
            }
        }
    }
    std::vector<Claim> claims;
    for (auto& [guest, ranges] : reached) {
        for (const auto& range : merged(std::move(ranges))) {
            claims.push_back({range, guest});
        }
    }
    return claims;
}

Mismatch place_finding(const HartReport& hart, const Piece& piece, const std::string& what) {
    const auto range = text_of(Range{*piece.to, piece.size});
    return {hart.guest, fmt::format("host memory {} of {} {}", range, piece.what, what), piece.at, {}};
}

/// Checks that memory is RAM and devices are not, at the first hart of each guest, as all its harts are compared with
/// the same list.
std::vector<Mismatch> judge_places(const Requirements& asked, const std::vector<HartReport>& harts) {
    std::vector<Mismatch> mismatches;
    for (auto hart = harts.begin(); hart != harts.end(); ++hart) {
        if (hart != harts.begin() && std::prev(hart)->guest == hart->guest) {
            continue;
        }
        for (const auto& piece : hart->g_stage.asked) {
            const Range host{*piece.to, piece.size};
            const auto holds = [&](const Range& ram) { return ram.contains(host); };
            const auto meets = [&](const Range& ram) { return ram.overlaps(host); };
            const bool is_ram = piece.is_shared || (piece.rights & executable) != 0;
            if (is_ram && std::ranges::none_of(asked.ram, holds)) {
                mismatches.push_back(place_finding(*hart, piece, "is not in the board's RAM"));
            } else if (!is_ram && std::ranges::any_of(asked.ram, meets)) {
                mismatches.push_back(place_finding(*hart, piece, "is RAM, but should be a device's"));
            }
        }
    }
    return mismatches;
}

/// Checks that a channel is the same memory for all of its guests.
std::vector<Mismatch> judge_channels(const std::vector<HartReport>& harts) {
    std::vector<Mismatch> mismatches;
    std::map<std::string, std::uint64_t> places;
    for (const auto& hart : harts) {
        for (const auto& piece : hart.g_stage.asked) {
            if (piece.is_shared && places.emplace(piece.what, *piece.to).first->second != *piece.to) {
                mismatches.push_back(place_finding(hart, piece, "is not what its other guests have there"));
            }
        }
    }
    return mismatches;
}

}  // namespace

std::vector<Mismatch> judge_ownership(const Image& image, const Requirements& asked,
                                      const std::vector<HartReport>& harts) {
    auto mismatches = judge_places(asked, harts);
    std::ranges::copy(judge_channels(harts), std::back_inserter(mismatches));
    auto claims = claims_of_hypervisor(image, asked);
    std::ranges::copy(claims_of_guests(harts), std::back_inserter(claims));
    std::ranges::sort(claims, {}, [](const Claim& claim) { return claim.range.base; });
    // Claims of one owner do not overlap, so a claim that overlaps the furthest one is another owner's.
    const Claim* furthest = nullptr;
    for (const auto& claim : claims) {
        if (furthest != nullptr && furthest->range.overlaps(claim.range)) {
            const auto end = std::min(furthest->range.end(), claim.range.end());
            const auto both = text_of(Range{claim.range.base, end - claim.range.base});
            constexpr auto what = "{} is {}'s and {}'s: nothing may belong to two";
            mismatches.push_back({"host memory", fmt::format(what, both, furthest->owner, claim.owner), {}, {}});
        }
        if (furthest == nullptr || claim.range.end() > furthest->range.end()) {
            furthest = &claim;
        }
    }
    return mismatches;
}

}  // namespace mullion::audit
