// SPDX-License-Identifier: Apache-2.0
#include "hypervisor.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "compare.hpp"

namespace mullion::audit {
namespace {

constexpr std::uint8_t read_write = readable | writable;

Piece identity(const std::string& what, const Range& range, std::uint8_t rights, bool required = true) {
    return {what, range.base, range.base, range.size, rights, required};
}

class Pieces {
 public:
    Pieces(const Image& image, const Asked& asked) : image_(image), asked_(asked) {}

    std::vector<Piece> all;

    /// The pages between two sections are the slack of the first: whether they are mapped is of no account, but then
    /// with its rights.
    void sections() {
        std::uint64_t free = image_.extent().base;
        std::uint8_t rights = 0;
        for (const auto& section : image_.sections) {
            const auto* segment = image_.segment_of(section.range);
            if (segment == nullptr) {
                throw Error(fmt::format("section {} is in no segment", section.name));
            }
            auto pages = pages_of(section.range);
            if (pages.base < free && segment->rights != rights) {
                throw Error(fmt::format("section {} shares a page with one of other rights", section.name));
            }
            if (pages.base > free) {
                all.push_back(identity("slack after a section", {free, pages.base - free}, rights, false));
            }
            pages = {std::max(pages.base, free), pages.end() - std::min(pages.end(), std::max(pages.base, free))};
            rights = segment->rights;
            if (section.name == ".stacks") {
                stacks(pages);
            } else if (pages.size != 0) {
                all.push_back(identity(section.name, pages, rights));
            }
            free = std::max(free, pages.end());
        }
    }

    void devices() {
        all.push_back(identity("uart0", asked_.uart, read_write));
        all.push_back(identity("aplic", asked_.aplic, read_write));
        for (const auto& hart : asked_.harts) {
            const auto what = fmt::format("supervisor-level interrupt file of {}", hart.name);
            all.push_back(identity(what, {hart.supervisor_file, page_size}, read_write));
        }
    }

    /// Its memory, never executable, and its interrupt files; the devices that it owns are not the hypervisor's.
    void guest(const std::vector<Piece>& pieces) {
        for (const auto& piece : pieces) {
            const auto is_file = [&](const Hart& hart) { return hart.guest_file == piece.to; };
            const auto is_memory = (piece.rights & executable) != 0;
            if (is_memory || std::ranges::any_of(asked_.harts, is_file)) {
                all.push_back(identity(piece.what, {*piece.to, piece.size}, read_write));
            }
        }
    }

 private:
    /// A block for each hart; its lowest page is a guard.
    void stacks(const Range& range) {
        const auto block = range.size / asked_.harts.size();
        if (block * asked_.harts.size() != range.size || block % page_size != 0 || block < 2 * page_size) {
            throw Error("section .stacks is not a block of pages for each hart");
        }
        for (std::size_t i = 0; i < asked_.harts.size(); ++i) {
            const Range stack{range.base + i * block + page_size, block - page_size};
            all.push_back(identity(fmt::format("stack {}", i), stack, read_write));
        }
    }

    const Image& image_;
    const Asked& asked_;
};

}  // namespace

std::vector<Piece> hypervisor_pieces(const Image& image, const Asked& asked, const std::vector<Piece>& guest) {
    Pieces pieces{image, asked};
    pieces.sections();
    pieces.devices();
    pieces.guest(guest);
    std::ranges::sort(pieces.all, {}, &Piece::at);
    return std::move(pieces.all);
}

std::vector<Finding> judge_segments(const Image& image, const Asked& asked) {
    std::vector<Finding> findings;
    for (const auto& segment : image.segments) {
        const auto find = [&](const std::string& what) {
            const auto where = fmt::format("segment {:#x}..{:#x}", segment.range.base, segment.range.end() - 1);
            findings.push_back({where, what, {}, {}});
        };
        if ((segment.rights & writable) != 0 && (segment.rights & executable) != 0) {
            find(fmt::format("is {}: nothing may be writable and executable", rights_text(segment.rights)));
        }
        const auto holds = [&](const Range& ram) { return ram.contains(segment.range); };
        if (std::ranges::none_of(asked.ram, holds)) {
            find("is not in the board's RAM");
        }
    }
    if (std::ranges::find(image.sections, ".stacks", &Section::name) == image.sections.end()) {
        findings.push_back({"sections", "there is no .stacks, so that guard pages cannot be judged", {}, {}});
    }
    return findings;
}

}  // namespace mullion::audit
