// SPDX-License-Identifier: Apache-2.0
#include "emulated.hpp"

#include <fmt/format.h>

namespace mullion::partc {

std::string wires_text(const VirtualDevice& device) {
    if (is_controller(device.kind)) {
        return fmt::format("{} sources", device.parameter);
    }
    return device.source == 0 ? "no interrupt" : fmt::format("interrupt {}", device.source);
}

}  // namespace mullion::partc
