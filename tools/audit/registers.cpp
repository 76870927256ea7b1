// SPDX-License-Identifier: Apache-2.0
#include "registers.hpp"

namespace mullion::audit {

std::vector<HartRegisters> read_registers(const Image& image) {
    constexpr std::uint64_t word = sizeof(std::uint64_t);
    // Rows of hart id and satp, which the boot code reads.
    const auto rows = image.symbol("boot_harts");
    const auto count = image.constant_word(image.symbol("boot_hart_count").address, "boot_hart_count");
    // mullion::hgatp is a std::span: address and count of its values.
    const auto span = image.symbol("_ZN7mullion5hgatpE");
    const auto values = image.constant_word(span.address, "mullion::hgatp");
    if (count == 0 || rows.size / (2 * word) != count ||
        image.constant_word(span.address + word, "mullion::hgatp") != count) {
        throw Error("the image's boot_harts, boot_hart_count and mullion::hgatp differ in their number of harts");
    }
    std::vector<HartRegisters> harts;
    for (std::uint64_t i = 0; i < count; ++i) {
        const auto row = rows.address + i * 2 * word;
        harts.push_back({image.constant_word(row, "a hart id"), image.constant_word(row + word, "satp"),
                         image.constant_word(values + i * word, "hgatp")});
    }
    return harts;
}

}  // namespace mullion::audit
