// SPDX-License-Identifier: Apache-2.0
#include "run/report.hpp"

#include "arch/csr.hpp"
#include "arch/register_names.hpp"
#include "core/text.hpp"
#include "run/console.hpp"

namespace mullion::run {
namespace {

using arch::Csr;

constexpr std::size_t line_width = 100;

void print_exits(const Vm& vm, const VCpu& vcpu) {
    Text line;
    line << "  " << vm.guest.name << " hart " << vcpu.index << " exits:";
    bool any = false;
    for (std::size_t i = 0; i < exit_causes; ++i) {
        const auto cause = static_cast<Exit>(i);
        if (const auto count = vcpu.exits_of(cause); count != 0) {
            if (line.view().size() > line_width) {
                console::print((line << ',').view());
                line = Text{} << "   ";
                any = false;
            }
            line << (any ? ", " : " ") << name_of(cause) << ' ' << count;
            any = true;
        }
    }
    console::print((any ? line : line << " none").view());
}

Text& named(Text& line, std::string_view name, std::uint64_t value) {
    return (line << "  " << name << ' ').hex(value);
}

void print_registers(const arch::HartContext& context) {
    constexpr unsigned columns = 4;
    constexpr std::size_t column_width = 25;
    for (unsigned first = 0; first < context.gpr.size(); first += columns) {
        Text row;
        for (unsigned i = 0; i < columns; ++i) {
            row.pad_to(2 + i * column_width) << arch::register_names[first + i];
            row.pad_to(7 + i * column_width).hex(first + i == 0 ? 0 : context.gpr[first + i]);
        }
        console::print(row.view());
    }
}

}  // namespace

void print_exits(const Vm& vm) {
    for (const auto& vcpu : vm.harts) {
        print_exits(vm, vcpu);
    }
}

void print_states() {
    for (const auto& vm : vms) {
        console::print((Text{} << vm.guest.name << ": " << name_of(vm.life.state())).view());
        print_exits(vm);
    }
}

void print_crash(const arch::HartContext& context, std::string_view why) {
    const auto& self = this_vcpu();
    console::print((Text{} << self.guest.name << " hart " << self.index << " did something fatal: " << why).view());
    Text where;
    named(where, "pc", arch::read<Csr::sepc>());
    named(where, "scause", arch::read<Csr::scause>());
    named(where, "stval", arch::read<Csr::stval>());
    named(where, "guest address", arch::read<Csr::htval>() << 2);
    console::print(where.view());
    Text state;
    named(state, "vsstatus", arch::read<Csr::vsstatus>());
    named(state, "vstvec", arch::read<Csr::vstvec>());
    named(state, "vsepc", arch::read<Csr::vsepc>());
    named(state, "vscause", arch::read<Csr::vscause>());
    named(state, "vsatp", arch::read<Csr::vsatp>());
    console::print(state.view());
    print_registers(context);
}

}  // namespace mullion::run
