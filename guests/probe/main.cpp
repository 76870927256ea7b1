// SPDX-License-Identifier: Apache-2.0
// Runs the cases that the command line names (`run=base,hsm.start`), then those whose names are typed, for ever. A name
// is a case, a group, or "all".
#include <algorithm>
#include <array>
#include <span>

#include "common/print.hpp"
#include "probe/cases.hpp"
#include "probe/expect.hpp"
#include "probe/fresh.hpp"
#include "probe/hart.hpp"
#include "probe/pci.hpp"
#include "probe/trap.hpp"

extern "C" const probe::Case cases_begin[], cases_end[];

namespace probe {

std::span<const Case> all_cases() {
    return {cases_begin, cases_end};
}

bool machine_has(Needs needs) {
    switch (needs) {
        case Needs::sstc:
            return machine().has_extension("sstc");
        case Needs::svpbmt:
            return machine().has_extension("svpbmt");
        case Needs::svadu:
            return machine().has_extension("svadu");
        case Needs::no_svadu:
            return !machine().has_extension("svadu");
        case Needs::sscofpmf:
            return machine().has_extension("sscofpmf");
        case Needs::imsic:
            return machine().imsic.size != 0;
        case Needs::plic:
            return machine().plic.size != 0;
        case Needs::external:
            return machine().interrupt_controller().size != 0;
        case Needs::floats:
            return machine().has_floats();
        case Needs::vectors:
            return machine().has_vectors();
        case Needs::scalar_crypto:
            return machine().has_extension("zknh") && machine().has_extension("zkne") &&
                   machine().has_extension("zbkb");
        case Needs::vector_crypto:
            return machine().has_extension("zvkb");
        case Needs::zicboz:
            return machine().has_extension("zicboz");
        case Needs::zicbom:
            return machine().has_extension("zicbom");
        case Needs::ssnpm:
            return machine().has_extension("ssnpm");
        case Needs::pci:
            return machine().device("pci-host-ecam-generic").size != 0;
        case Needs::edu:
            return machine_has(Needs::pci) && pci::Edu::find();
        default:
            return true;
    }
}

namespace {

bool is_asked_for(const Case& c, std::string_view name) {
    if (!machine_has(c.needs)) {
        return false;
    }
    if (c.name == name) {
        return true;
    }
    const bool in_group = name == "all" || (c.name.starts_with(name) && c.name.substr(name.size()).starts_with('.'));
    return in_group && c.when != When::by_name;
}

/// Resets what a failed case may have left.
void settle() {
    write_csr<satp>(0);
    asm volatile("sfence.vma" ::: "memory");
    clear_csr<sstatus>(2);
    write_csr<sie>(0);
    clear_csr<sip>(1 << software_interrupt);
    write_csr<stvec>(reinterpret_cast<std::uint64_t>(&trap_entry));
    sbi::set_timer(~std::uint64_t{0});
    this_hart().expects_trap = false;
    this_hart().resume = nullptr;
}

void run(const Case& c) {
    if (c.when == When::on_mullion && on_bare_machine()) {
        print("probe: ", c.name, " skipped on the bare machine");
        return;
    }
    begin_case(c.name);
    call_with_context(reinterpret_cast<std::uint64_t>(c.run), &this_hart().abandon, 0, 0);
    settle();
    if (!case_failed()) {
        print("probe: ", c.name, " ok");
    }
}

void run_named(std::string_view name) {
    bool found = false;
    for (const auto& c : all_cases()) {
        if (is_asked_for(c, name)) {
            found = true;
            run(c);
        }
    }
    if (!found) {
        print("probe: ", name, " FAILED: no such case on this machine");
    }
}

void run_list(std::string_view list) {
    while (!list.empty()) {
        const auto comma = std::min(list.find(','), list.size());
        run_named(list.substr(0, comma));
        list.remove_prefix(std::min(comma + 1, list.size()));
    }
    print("probe: done");
}

/// Returns the value of run= on the command line.
std::string_view command_line_list() {
    auto line = machine().bootargs;
    constexpr std::string_view key = "run=";
    const auto at = line.find(key);
    if (at == line.npos) {
        return {};
    }
    line.remove_prefix(at + key.size());
    return line.substr(0, line.find(' '));
}

std::string_view typed_line(std::span<char> buffer) {
    std::size_t size = 0;
    while (true) {
        const int c = read_character();
        if (c < 0) {
            sleep(machine().ticks_per_second / 100);
        } else if (c == '\r' || c == '\n') {
            return {buffer.data(), size};
        } else if (size < buffer.size()) {
            buffer[size++] = static_cast<char>(c);
        }
    }
}

}  // namespace
}  // namespace probe

extern "C" void probe_main(std::uint64_t hart, std::uint64_t tree) {
    using namespace probe;
    keep_fresh_state(read_tree(tree));
    set_up_machine(hart, tree);
    settle();
    print("probe: ready, hart ", hart, " of ", machine().harts);
    if (const auto list = command_line_list(); !list.empty()) {
        run_list(list);
    }
    std::array<char, 240> buffer;
    while (true) {
        if (const auto list = typed_line(buffer); !list.empty()) {
            run_list(list);
        }
    }
}
