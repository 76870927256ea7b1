// SPDX-License-Identifier: Apache-2.0
#include "registers.hpp"

#include <fmt/format.h>

namespace mullion::audit {
namespace {

/// A word that nothing can change at run time.
std::uint64_t constant(const Image& image, std::uint64_t address) {
    const auto* segment = image.segment_of({address, sizeof(std::uint64_t)});
    if (segment == nullptr || segment->rights != readable) {
        throw Error(fmt::format("{:#x} is not in a read-only segment, but satp or hgatp is read from there", address));
    }
    return *image.word(address);
}

Symbol symbol(const Image& image, const char* name) {
    const auto it = image.symbols.find(name);
    if (it == image.symbols.end()) {
        throw Error(fmt::format("the image has no symbol '{}': it is stripped, or another release's", name));
    }
    return it->second;
}

}  // namespace

std::vector<HartRegisters> read_registers(const Image& image) {
    constexpr std::uint64_t word = sizeof(std::uint64_t);
    // Rows of hart id and satp, which the boot code reads.
    const auto rows = symbol(image, "boot_harts");
    const auto count = constant(image, symbol(image, "boot_hart_count").address);
    // mullion::hgatp is a std::span: where its values are, and how many.
    const auto span = symbol(image, "_ZN7mullion5hgatpE");
    const auto values = constant(image, span.address);
    if (count == 0 || rows.size / (2 * word) != count || constant(image, span.address + word) != count) {
        throw Error("the image's boot_harts, boot_hart_count and mullion::hgatp differ in their number of harts");
    }
    std::vector<HartRegisters> harts;
    for (std::uint64_t i = 0; i < count; ++i) {
        const auto row = rows.address + i * 2 * word;
        harts.push_back({constant(image, row), constant(image, row + word), constant(image, values + i * word)});
    }
    return harts;
}

}  // namespace mullion::audit
