// SPDX-License-Identifier: Apache-2.0
// Tells why a hart left its guest, in lines that a terminal of 80 columns shows whole.
#pragma once

#include <cstddef>
#include <string_view>

#include "core/check.hpp"
#include "core/text.hpp"
#include "vm/vcpu.hpp"

namespace mullion {

/// The columns that are left behind the widest tag (vm/console_tags.hpp).
inline constexpr std::size_t line_columns = 80 - (max_name_length + std::string_view{"| "}.size());

/// Prints the hart's exits by cause, in this life. A line that ends in a comma goes on in the next one.
void print_exits(const VCpu& vcpu, auto print) {
    Text line;
    line << "  " << vcpu.guest.name << " hart " << vcpu.index << " exits:";
    auto separator = std::string_view{};
    for (std::size_t i = 0; i < exit_causes; ++i) {
        const auto cause = static_cast<Exit>(i);
        if (const auto count = vcpu.exits_of(cause); count != 0) {
            Text item;
            item << ' ' << name_of(cause) << ' ' << count;
            if (line.view().size() + separator.size() + item.view().size() >= line_columns) {
                print((line << ',').view());
                line = Text{} << "   ";
                separator = {};
            }
            line << separator << item.view();
            separator = ",";
        }
    }
    print((separator.empty() ? line << " none" : line).view());
}

}  // namespace mullion
