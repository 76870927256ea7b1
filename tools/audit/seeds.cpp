// SPDX-License-Identifier: Apache-2.0
#include "seeds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

extern "C" {
#include <libfdt.h>
}

namespace mullion::audit {
namespace {

/// Bytes of a property: token, length and name, a cell each, and a SHA-256 digest.
constexpr std::uint64_t seed_bytes = 12 + 32;
constexpr std::string_view seed_name = "rng-seed";

/// Returns an image's address. Images are linked in order, each page aligned.
std::uint64_t image_address(const Image& image, const Constants& constants, std::uint64_t index) {
    auto address = image.symbol("mullion_images").address;
    for (std::uint64_t i = 0; i < index; ++i) {
        address += (constants.images[i] + page_size - 1) / page_size * page_size;
    }
    return address;
}

/// Returns the image's bytes at an address, empty if they are not all there.
std::string bytes_at(const Image& image, std::uint64_t address, std::uint64_t size) {
    const auto* segment = image.segment_of({address, size});
    if (segment == nullptr || address + size - segment->range.base > segment->bytes.size()) {
        return {};
    }
    const auto first = segment->bytes.begin() + static_cast<std::ptrdiff_t>(address - segment->range.base);
    return {first, first + static_cast<std::ptrdiff_t>(size)};
}

/// Returns whether the cells [at, at + size) of the structure block are FDT_NOPs among the properties of /chosen.
bool is_room_in_chosen(const void* fdt, std::uint64_t at, std::uint64_t size) {
    int depth = 0;
    bool in_chosen = false;
    std::uint64_t room = 0;
    for (int offset = 0, next = 0;; offset = next) {
        const auto tag = fdt_next_tag(fdt, offset, &next);
        const auto place = static_cast<std::uint64_t>(offset);
        if (tag == FDT_END) {
            return false;
        }
        if (tag == FDT_BEGIN_NODE) {
            in_chosen = ++depth == 2 && std::string_view{fdt_get_name(fdt, offset, nullptr)} == "chosen";
        } else if (tag == FDT_END_NODE) {
            in_chosen = false;
            --depth;
        }
        if (place >= at && place < at + size) {
            if (tag != FDT_NOP || !in_chosen) {
                return false;
            }
            room += sizeof(fdt32_t);
            if (room == size) {
                return true;
            }
        }
    }
}

}  // namespace

std::string judge_seed(const Image& image, const Constants& constants, const GuestConstant& guest) {
    const auto is_tree = [&](const LoadConstant& load) { return load.to == guest.tree; };
    const auto load = std::ranges::find_if(guest.loads, is_tree);
    if (std::ranges::count_if(guest.loads, is_tree) != 1 || load->offset != 0 ||
        load->image >= constants.images.size()) {
        return "no image, or more than one, is copied to where its tree is";
    }
    const auto blob = bytes_at(image, image_address(image, constants, load->image), load->size);
    if (load->size != constants.images[load->image] || fdt_check_full(blob.data(), blob.size()) != 0) {
        return "what is copied to where its tree is, is no tree";
    }
    const auto* fdt = blob.data();
    const auto at = guest.seed - guest.tree - fdt_off_dt_struct(fdt);
    if (guest.seed < guest.tree || guest.seed - guest.tree < fdt_off_dt_struct(fdt) || at >= fdt_size_dt_struct(fdt) ||
        at % sizeof(fdt32_t) != 0 || !is_room_in_chosen(fdt, at, seed_bytes)) {
        return fmt::format("its seed goes to {:#x}, which is no room in /chosen of its tree at {:#x}", guest.seed,
                           guest.tree);
    }
    const auto strings = std::string_view{blob}.substr(fdt_off_dt_strings(fdt), fdt_size_dt_strings(fdt));
    if (guest.seed_name >= strings.size() ||
        !strings.substr(guest.seed_name).starts_with(std::string{seed_name} + '\0')) {
        return fmt::format("its seed has another name than {}", seed_name);
    }
    return {};
}

}  // namespace mullion::audit
