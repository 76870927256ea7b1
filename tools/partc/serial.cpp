// SPDX-License-Identifier: Apache-2.0
#include "serial.hpp"

#include <fmt/format.h>

#include "core/check_board.hpp"
#include "text.hpp"

namespace mullion::partc {

void read_serial(const Node& node, GuestModel& guest, Diagnostics& diagnostics) {
    const auto error = [&](std::string_view property, const std::string& text) {
        diagnostics.error(node.where(property), fmt::format("partition '{}': {}: {}", guest.name, node.name, text));
    };
    const auto ranges = node.reg();
    if (!ranges || ranges->size() != 1 || ranges->front().size == 0 || ranges->front().end() < ranges->front().base) {
        return error("reg", "reg is one guest address and one size");
    }
    const auto base = ranges->front().base.value;
    const auto size = ranges->front().size;
    for (const auto* name : {"reg-shift", "reg-io-width"}) {
        if (node.find(name) != nullptr && !node.cell(name)) {
            return error(name, fmt::format("{} is one number", name));
        }
    }
    const auto shift = node.cell("reg-shift").value_or(0);
    const auto width = node.cell("reg-io-width").value_or(1);
    if (!law::holds_registers(size, shift, law::num_16550_registers)) {
        return error("reg-shift",
                     fmt::format("its registers, 1 << {} bytes apart, are not within its {}", shift, exact_size(size)));
    }
    if (!law::takes_accesses(base, shift, width)) {
        return error("reg-io-width",
                     fmt::format("reg-io-width is {}: 1, or 4 where registers are 4 bytes apart", width));
    }
    guest.serial = {.kind = DeviceKind::uart16550, .base = {base}, .size = size, .parameter = shift};
    guest.serial_io_width = width;
}

}  // namespace mullion::partc
