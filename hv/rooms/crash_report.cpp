// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <optional>
#include <span>
#include <string_view>

#include "arch/csr.hpp"
#include "arch/deadline.hpp"
#include "arch/memory.hpp"
#include "arch/register_names.hpp"
#include "core/cause.hpp"
#include "core/decode.hpp"
#include "core/owner.hpp"
#include "core/stage2_trace.hpp"
#include "core/tables.hpp"
#include "core/text.hpp"
#include "core/wait.hpp"
#include "run/console.hpp"
#include "run/interrupts.hpp"
#include "run/rooms.hpp"
#include "run/vm.hpp"

namespace mullion::rooms {
namespace {

using arch::Csr;

constexpr std::uint64_t patience = 5000;  ///< milliseconds

CrashRecord make_record(const arch::HartContext& context) {
    const auto& self = *context.vcpu;
    CrashRecord record{
        .number = run::crashes[context.vm->index].number + 1,
        .guest_hart = self.index,
        .machine_hart = static_cast<std::uint64_t>(self.hart),
        .pc = arch::read<Csr::sepc>(),
        .scause = arch::read<Csr::scause>(),
        .stval = arch::read<Csr::stval>(),
        .htval = arch::read<Csr::htval>(),
        .htinst = arch::read<Csr::htinst>(),
        .hstatus = arch::read<Csr::hstatus>(),
        .vsstatus = arch::read<Csr::vsstatus>(),
        .vsie = arch::read<Csr::vsie>(),
        .vstvec = arch::read<Csr::vstvec>(),
        .vsscratch = arch::read<Csr::vsscratch>(),
        .vsepc = arch::read<Csr::vsepc>(),
        .vscause = arch::read<Csr::vscause>(),
        .vstval = arch::read<Csr::vstval>(),
        .vsip = arch::read<Csr::vsip>(),
        .vsatp = arch::read<Csr::vsatp>(),
        .x = context.gpr,
        .exits = self.log,
    };
    record.x[0] = 0;
    return record;
}

struct Named {
    std::string_view name;
    std::uint64_t value;
};

/// Returns the guest physical address of the fault: from htval, or if the hart leaves that 0 (privileged manual,
/// htval), from stval, provided that the guest does not translate addresses.
std::optional<Gpa> guest_address(const CrashRecord& record) {
    if (const auto told = guest_physical_address(record.htval, record.stval, record.htinst); told != Gpa{}) {
        return told;
    }
    return record.vsatp == 0 ? std::optional{Gpa{record.stval}} : std::nullopt;
}

std::string_view place_in(const run::Vm& vm, Gpa at) {
    if (const auto* window = window_at(vm.guest, at)) {
        switch (window->kind) {
            case WindowKind::memory:
                return "in a memory window of the guest, which does not have that right";
            case WindowKind::device:
                return "in a granted device, which does not have that right";
            case WindowKind::interrupt_file:
                return "in an interrupt file, which does not have that right";
            case WindowKind::channel:
                return "in a channel, which does not have that right";
        }
    }
    return vm.devices.find(at) != nullptr ? "in an emulated device, which takes loads and stores of its registers only"
                                          : "in no window of the guest";
}

class Report {
 public:
    Report(const run::Vm& vm, const CrashRecord& record)
        : vm_(vm), record_(record), late_(description.board, patience) {}

    void print(std::string_view why) {
        say(Text{} << " hart " << record_.guest_hart << " did something fatal: " << why);
        Text cause;
        cause << "  cause: " << csr::cause_name(record_.scause);
        if (is_page_walk(record_.htinst)) {
            cause << ", while the hart read the guest's own page tables";
        }
        say(cause);
        print_csrs();
        print_registers();
        print_address();
        print_exits();
    }

 private:
    /// Prints a line with the guest's name, as lines of another guest's report may come between.
    void say(const Text& line) {
        Text named;
        named << vm_.guest.name << line.view();
        if (!await_machine<Wait::report>([&] { return run::console::try_print(named.view()); }, late_,
                                         run::take_interrupts_stopped)) {
            run::console::print(named.view());
        }
    }

    void say_values(std::span<const Named> values) {
        Text line;
        for (const auto& [name, value] : values) {
            (line << "  " << name << ' ').hex(value);
        }
        say(line);
    }

    void print_csrs() {
        const auto& r = record_;
        say_values(std::array<Named, 5>{
            {{"pc", r.pc}, {"scause", r.scause}, {"stval", r.stval}, {"htval", r.htval}, {"htinst", r.htinst}}});
        say_values(
            std::array<Named, 4>{{{"vsstatus", r.vsstatus}, {"vsie", r.vsie}, {"vsip", r.vsip}, {"vsatp", r.vsatp}}});
        say_values(std::array<Named, 4>{
            {{"vstvec", r.vstvec}, {"vsepc", r.vsepc}, {"vscause", r.vscause}, {"vstval", r.vstval}}});
        say_values(std::array<Named, 2>{{{"vsscratch", r.vsscratch}, {"hstatus", r.hstatus}}});
    }

    void print_registers() {
        constexpr unsigned columns = 4;
        constexpr std::size_t column_width = 25;
        for (unsigned first = 0; first < record_.x.size(); first += columns) {
            Text row;
            for (unsigned i = 0; i < columns; ++i) {
                row.pad_to(2 + i * column_width) << arch::register_names[first + i];
                row.pad_to(7 + i * column_width).hex(record_.x[first + i]);
            }
            say(row);
        }
    }

    /// Prints where the faulting address leads, and whose that is.
    void print_address() {
        if (!csr::is_guest_page_fault(record_.scause)) {
            return;
        }
        const auto at = guest_address(record_);
        if (!at) {
            return say(Text{} << "  the hart does not tell which guest physical address this was");
        }
        Text line;
        (line << "  guest physical address ").hex(at->value) << ": ";
        say(line << place_in(vm_, *at));
        const Stage2Trace trace(arch::read<Csr::hgatp>(), *at, arch::load_doubleword);
        for (const auto& step : trace.steps()) {
            print_step(step);
        }
        if (trace.steps().empty()) {
            say(Text{} << "    beyond every guest physical address of this mode");
        }
        print_owner(trace.target().value_or(Hpa{at->value}), trace.target().has_value());
    }

    void print_step(const TraceStep& step) {
        Text line;
        line << "    level " << step.level << ", entry " << step.index << " at ";
        (line.hex(step.at.value) << ": ").hex(step.entry);
        if (step.is_leaf()) {
            line << ", a page with " << ((step.entry & pte::R) != 0 ? 'r' : '-')
                 << ((step.entry & pte::W) != 0 ? 'w' : '-') << ((step.entry & pte::X) != 0 ? 'x' : '-');
        } else {
            line << (step.is_table() ? ", a table" : ", nothing");
        }
        say(line);
    }

    void print_owner(Hpa at, bool mapped) {
        const auto owner = owner_of(description, layout, kept_of_board, at);
        Text line;
        (line << (mapped ? "    leads to host address " : "    host memory at the same address, ")).hex(at.value)
            << ": ";
        switch (owner.kind) {
            case Owner::Kind::guest:
                return say(line << description.guests[owner.guest].name << "'s");
            case Owner::Kind::mullion:
                return say(line << "Mullion's");
            case Owner::Kind::firmware:
                return say(line << "the firmware's");
            case Owner::Kind::free:
                return say(line << "memory that is nobody's");
            case Owner::Kind::nothing:
                return say(line << "no memory, and nobody's");
        }
    }

    void print_exits() {
        say(Text{} << "  last exits, the latest first (not listed: calls of TIME, IPI, RFENCE; loads and stores of "
                      "emulated devices):");
        for (std::size_t age = 0; age < record_.exits.size(); ++age) {
            const auto& exit = record_.exits.latest(age);
            Text line;
            (line << "    " << csr::cause_name(exit.cause) << " at pc ").hex(exit.pc);
            if (exit.cause == csr::cause::ecall_vs) {
                (line << ", extension ").hex(exit.first) << " function " << exit.second;
            } else if ((exit.cause & csr::cause::interrupt_bit) == 0) {
                (line << ", stval ").hex(exit.first);
                csr::is_guest_page_fault(exit.cause) ? (line << ", guest physical address ").hex(exit.second) : line;
            }
            say(line);
        }
    }

    const run::Vm& vm_;
    const CrashRecord& record_;
    arch::Deadline late_;
};

void report(const run::Vm& vm, const CrashRecord& record, std::string_view why) {
    run::crashes[vm.index] = record;
    Report(vm, record).print(why);
}

}  // namespace

constinit const run::CrashReports crash_reports{make_record, report};

}  // namespace mullion::rooms
