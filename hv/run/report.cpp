// SPDX-License-Identifier: Apache-2.0
#include "run/report.hpp"

#include "vm/exit_lines.hpp"

namespace mullion::run {

void print_exits(const Vm& vm, void (*print)(std::string_view line)) {
    for (const auto& vcpu : vm.harts) {
        mullion::print_exits(vcpu, print);
    }
}

}  // namespace mullion::run
