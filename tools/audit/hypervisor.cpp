// SPDX-License-Identifier: Apache-2.0
#include "hypervisor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "compare.hpp"

namespace mullion::audit {
namespace {

constexpr std::uint8_t read_write = readable | writable;

/// A part of the image, by the linker's symbols mullion_NAME and mullion_NAME_size, with the rights that it must have.
struct Part {
    const char* name;
    std::uint8_t rights;
};
constexpr std::array<Part, 8> parts{{{"text", readable | executable},
                                     {"rodata", readable},
                                     {"stage1", readable},
                                     {"stage2", readable},
                                     {"directory", readable},
                                     {"images", readable},
                                     {"data", read_write},
                                     {"stacks", read_write}}};

Range range_of(const Image& image, const Part& part) {
    const auto base = image.symbols.find(fmt::format("mullion_{}", part.name));
    const auto size = image.symbols.find(fmt::format("mullion_{}_size", part.name));
    if (base == image.symbols.end() || size == image.symbols.end()) {
        throw Error(fmt::format("the image has no symbols mullion_{0} and mullion_{0}_size", part.name));
    }
    return {base->second.address, size->second.address};
}

Piece identity(const std::string& what, const Range& range, std::uint8_t rights) {
    return {what, range.base, range.base, range.size, rights};
}

class Pieces {
 public:
    Pieces(const Image& image, const Requirements& asked) : image_(image), asked_(asked) {}

    std::vector<Piece> all;

    void image() {
        for (const auto& part : parts) {
            const auto range = range_of(image_, part);
            if (std::string{part.name} == "stacks") {
                stacks(range);
            } else if (range.size != 0) {
                all.push_back(identity(part.name, range, part.rights));
            }
        }
    }

    void devices() {
        all.push_back(identity("uart0", asked_.uart, read_write));
        all.push_back(identity(asked_.controller.name, asked_.controller.range, read_write));
        if (asked_.iommu) {
            all.push_back(identity(asked_.iommu->name, asked_.iommu->range, read_write));
        }
        if (asked_.pci) {
            all.push_back(identity(asked_.pci->name, {asked_.pci->range.base, bus_size}, read_write));
        }
        for (const auto& hart : asked_.harts) {
            if (hart.files) {
                const auto what = fmt::format("supervisor-level interrupt file of {}", hart.name);
                all.push_back(identity(what, {hart.files->supervisor, page_size}, read_write));
            }
        }
    }

    /// Adds a guest's memory, never executable, its interrupt files and the channels that it may write to, but not its
    /// devices.
    void guest(const std::vector<Piece>& pieces) {
        for (const auto& piece : pieces) {
            const auto is_file = [&](const Hart& hart) { return hart.files && hart.files->guest == piece.to; };
            const auto is_memory = (piece.rights & executable) != 0;
            const auto is_written = piece.is_shared && (piece.rights & writable) != 0;
            if (is_memory || is_written || std::ranges::any_of(asked_.harts, is_file)) {
                all.push_back(identity(piece.what, {*piece.to, piece.size}, read_write));
            }
        }
    }

 private:
    /// Adds each hart's stack block without its lowest page, the guard.
    void stacks(const Range& range) {
        const auto block = range.size / asked_.harts.size();
        if (block * asked_.harts.size() != range.size || block % page_size != 0 || block < 2 * page_size) {
            throw Error("mullion_stacks is not a block of pages for each hart");
        }
        for (std::size_t i = 0; i < asked_.harts.size(); ++i) {
            const Range stack{range.base + i * block + page_size, block - page_size};
            all.push_back(identity(fmt::format("stack {}", i), stack, read_write));
        }
    }

    const Image& image_;
    const Requirements& asked_;
};

}  // namespace

std::vector<Piece> hypervisor_pieces(const Image& image, const Requirements& asked, const std::vector<Piece>& guest) {
    Pieces pieces{image, asked};
    pieces.image();
    pieces.devices();
    pieces.guest(guest);
    std::ranges::sort(pieces.all, {}, &Piece::at);
    // If two pieces claim a page, which ownership.hpp reports, the first counts here.
    std::vector<Piece> disjoint;
    for (auto& piece : pieces.all) {
        if (disjoint.empty() || disjoint.back().at + disjoint.back().size <= piece.at) {
            disjoint.push_back(std::move(piece));
        }
    }
    return disjoint;
}

Range extent_of(const Image& image) {
    const auto first = range_of(image, parts.front());
    return {first.base, range_of(image, parts.back()).end() - first.base};
}

std::vector<Mismatch> judge_image(const Image& image, const Requirements& asked) {
    std::vector<Mismatch> mismatches;
    const auto extent = extent_of(image);
    const auto holds = [&](const Range& ram) { return ram.contains(extent); };
    if (std::ranges::none_of(asked.ram, holds)) {
        mismatches.push_back({"image", fmt::format("{} is not in the board's RAM", text_of(extent)), {}, {}});
    }
    for (std::size_t i = 1; i < parts.size(); ++i) {
        if (range_of(image, parts[i - 1]).end() > range_of(image, parts[i]).base) {
            mismatches.push_back({"image", fmt::format("{} overlaps {}", parts[i - 1].name, parts[i].name), {}, {}});
        }
    }
    for (const auto& section : image.sections) {
        const auto* segment = image.segment_of(section.range);
        const auto is_whole = [&](const Part& part) {
            return range_of(image, part).contains(section.range) && segment != nullptr &&
                   segment->rights == part.rights;
        };
        if (std::ranges::none_of(parts, is_whole)) {
            constexpr auto what = "{} is not in one part of the image, with the part's rights";
            mismatches.push_back({"section " + section.name, fmt::format(what, text_of(section.range)), {}, {}});
        }
    }
    return mismatches;
}

}  // namespace mullion::audit
