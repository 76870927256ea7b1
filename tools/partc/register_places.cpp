// SPDX-License-Identifier: Apache-2.0
#include "register_places.hpp"

#include <fmt/format.h>

#include "core/check_board.hpp"
#include "device_reset.hpp"
#include "text.hpp"

namespace mullion::partc {

std::string misplaced_registers(const Node& node, std::uint64_t size, const Position& from) {
    const auto wrong = [&](const char* name, const std::string& what) {
        return fmt::format("has a {} ({}) that {}", name, reference(node.where(name), from), what);
    };
    for (const auto* name : {"reg-shift", "reg-io-width", "reg-offset"}) {
        if (node.find(name) != nullptr && !node.cell(name)) {
            return wrong(name, "is not one number");
        }
    }
    const bool is_16550 = is_serial_port(node);
    const std::uint64_t count = is_16550 ? law::num_16550_registers : 1;
    const auto shift = node.cell("reg-shift").value_or(0);
    if (!law::holds_registers(size, shift, count)) {
        return node.find("reg-shift") == nullptr
                   ? wrong("reg", fmt::format("is {}: a 16550 has {} registers", exact_size(size), count))
                   : wrong("reg-shift",
                           fmt::format("is {}: registers would be outside its {}", shift, exact_size(size)));
    }
    const auto width = node.cell("reg-io-width").value_or(1);
    if (width != 1 && width != 2 && width != 4 && (width != 8 || is_16550)) {
        return wrong("reg-io-width", fmt::format("is {}: registers have {}", width,
                                                 is_16550 ? "1, 2 or 4 bytes" : "1, 2, 4 or 8 bytes"));
    }
    if (is_16550 && width > std::uint64_t{1} << shift) {
        return wrong("reg-io-width",
                     fmt::format("is {}: registers are {} apart", width, exact_size(std::uint64_t{1} << shift)));
    }
    const auto offset = node.cell("reg-offset").value_or(0);
    if (offset > size - (count << shift)) {
        return wrong("reg-offset",
                     fmt::format("is {}: registers would be outside its {}", hex(offset), exact_size(size)));
    }
    // An access that is not aligned to its width is none.
    if (is_16550 && !is_aligned(offset, width)) {
        return wrong("reg-offset", fmt::format("is {}: registers have {} bytes", hex(offset), width));
    }
    return {};
}

}  // namespace mullion::partc
