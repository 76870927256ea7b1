// SPDX-License-Identifier: Apache-2.0
#include "run/report.hpp"

#include "core/text.hpp"

namespace mullion::run {
namespace {

constexpr std::size_t line_width = 100;

void print_exits(const Vm& vm, const VCpu& vcpu, void (*print)(std::string_view)) {
    Text line;
    line << "  " << vm.guest.name << " hart " << vcpu.index << " exits:";
    bool any = false;
    for (std::size_t i = 0; i < exit_causes; ++i) {
        const auto cause = static_cast<Exit>(i);
        if (const auto count = vcpu.exits_of(cause); count != 0) {
            if (line.view().size() > line_width) {
                print((line << ',').view());
                line = Text{} << "   ";
                any = false;
            }
            line << (any ? ", " : " ") << name_of(cause) << ' ' << count;
            any = true;
        }
    }
    print((any ? line : line << " none").view());
}

}  // namespace

void print_exits(const Vm& vm, void (*print)(std::string_view line)) {
    for (const auto& vcpu : vm.harts) {
        print_exits(vm, vcpu, print);
    }
}

}  // namespace mullion::run
