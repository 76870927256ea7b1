// SPDX-License-Identifier: Apache-2.0
// Tests what a guest may rely on, case by case (guests/probe/case_*.cpp). Each group has a machine of its own.
#include "probe.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace mullion::target {
namespace {

struct Group {
    std::string name;
    std::vector<std::string> cases;
};

/// Has what a machine provides of what cases need (probe::Needs).
using Equipment = std::set<std::string>;

const Equipment rv64{"no_more", "sstc", "svadu", "imsic", "external", "floats", "zicboz", "zicbom"};

/// Returns the equipment without `less`, and with `more`.
Equipment changed(Equipment has, const Equipment& less, const Equipment& more) {
    std::erase_if(has, [&](const auto& thing) { return less.contains(thing); });
    has.insert(more.begin(), more.end());
    return has;
}

/// Returns the cases that run on a machine with this equipment.
std::vector<Group> groups_on(const Equipment& has) {
    std::vector<Group> groups;
    for (const auto& [name, needs] : probe_cases()) {
        if (has.contains(needs)) {
            const auto group = name.substr(0, name.find('.'));
            if (std::ranges::find(groups, group, &Group::name) == groups.end()) {
                groups.push_back({group, {}});
            }
            std::ranges::find(groups, group, &Group::name)->cases.push_back(name);
        }
    }
    return groups;
}

/// Makes one group of all cases.
Group joined(const std::vector<Group>& groups) {
    Group all;
    for (const auto& group : groups) {
        all.name += (all.name.empty() ? "" : ",") + group.name;
        all.cases.insert(all.cases.end(), group.cases.begin(), group.cases.end());
    }
    return all;
}

/// Makes one group of those groups that rv64 can run.
Group some_of_rv64(const std::set<std::string>& names) {
    auto groups = groups_on(rv64);
    std::erase_if(groups, [&](const Group& group) { return !names.contains(group.name); });
    return joined(groups);
}

/// Makes one group of these cases.
Group only(const std::vector<std::string>& cases) {
    std::vector<Group> groups;
    for (const auto& name : cases) {
        groups.push_back({name, {name}});
    }
    return joined(groups);
}

class ProbeOnRv64 : public testing::TestWithParam<Group> {};

TEST_P(ProbeOnRv64, PassesEveryCase) {
    Machine machine({.description = "one-probe"});
    expect_ready(machine, "alpha");
    expect_cases_pass(machine, "alpha", GetParam().name, GetParam().cases);
}

INSTANTIATE_TEST_SUITE_P(Group, ProbeOnRv64, testing::ValuesIn(groups_on(rv64)),
                         [](const auto& group) { return group.param.name; });

struct Defect {
    std::string name;
    std::string found_by;  ///< a case
};

/// Runs hypervisors with a defect on the way to emulated devices (cmake/planted.cmake).
class ProbeOfADefect : public testing::TestWithParam<Defect> {};

TEST_P(ProbeOfADefect, FindsIt) {
    const auto& [name, found_by] = GetParam();
    Machine machine({.description = "one-probe", .extra = {"-kernel", planted(name, "one-probe")}});
    expect_ready(machine, "alpha");
    machine.type(found_by + "\r");
    machine.expect_line("alpha", "^probe: " + found_by + " FAILED");
}

INSTANTIATE_TEST_SUITE_P(Defect, ProbeOfADefect,
                         testing::Values(Defect{"every-width", "mmio.widths"}, Defect{"stale-load", "mmio.registers"},
                                         Defect{"stale-store", "mmio.registers"}),
                         [](const auto& defect) { return test_name(defect.param.name); });

/// Tells Mullion less of a fault than QEMU's harts do, as the manual allows. Mullion then fetches the instruction and
/// walks the guest's tables; accesses and faults stay the same.
class ProbeWithLessTold : public testing::TestWithParam<std::string> {};

TEST_P(ProbeWithLessTold, PassesEveryAccess) {
    Machine machine({.description = "one-probe", .extra = {"-kernel", planted(GetParam(), "one-probe")}});
    expect_ready(machine, "alpha");
    const auto all = some_of_rv64({"mmio", "borders", "isolation", "paging"});
    expect_cases_pass(machine, "alpha", all.name, all.cases);
}

INSTANTIATE_TEST_SUITE_P(Fault, ProbeWithLessTold, testing::Values("no-transformed", "no-htval"),
                         [](const auto& image) { return test_name(image.param); });

/// Leaves stval 0, for guests, too; what does not look there stays the same.
class ProbeWithoutStval : public testing::TestWithParam<std::string> {};

TEST_P(ProbeWithoutStval, FindsItsDevices) {
    Machine machine({.description = "one-probe", .extra = {"-kernel", planted(GetParam(), "one-probe")}});
    expect_ready(machine, "alpha");
    const auto all =
        only({"mmio.bytes", "mmio.words", "mmio.registers", "mmio.compressed", "mmio.user", "mmio.straddling"});
    expect_cases_pass(machine, "alpha", all.name, all.cases);
}

INSTANTIATE_TEST_SUITE_P(Fault, ProbeWithoutStval, testing::Values("no-stval", "no-address"),
                         [](const auto& image) { return test_name(image.param); });

/// Boots where VSTIP does not end WFI in HS-mode; a guest's timer wakes its hart all the same.
TEST(ProbeWithDeafWfi, WakesForItsTimer) {
    Machine machine({.description = "one-probe", .extra = {"-kernel", planted("deaf-wfi", "one-probe")}});
    expect_ready(machine, "alpha");
    const auto all = some_of_rv64({"hsm", "susp"});
    expect_cases_pass(machine, "alpha", all.name, all.cases);
}

/// Uses harts without Svadu that may have Sscofpmf, which rv64 lacks.
TEST(ProbeOnRva23s64, PassesEveryCase) {
    auto has = changed(rv64, {"svadu"}, {"no_svadu", "vectors", "ssnpm", "svpbmt"});
    if (declares("rva23s64", "sscofpmf")) {
        has.insert("sscofpmf");
    }
    const auto all = joined(groups_on(has));
    Machine machine({.description = "one-probe.rva23s64", .cpu = "rva23s64"});
    expect_ready(machine, "alpha");
    expect_cases_pass(machine, "alpha", all.name, all.cases);
}

/// Looks below the caches in two lives: nothing of the earlier one is there, as far as QEMU, which has none, shows it.
TEST(ProbeOnRva23s64, LeavesNothingBelowCaches) {
    Machine machine({.description = "one-probe.rva23s64", .cpu = "rva23s64"});
    for (int i = 0; i < 2; ++i) {
        expect_ready(machine, "alpha");
        expect_cases_pass(machine, "alpha", "fresh", {"fresh.memory", "fresh.memory-below-caches"});
        expect_cases_pass(machine, "alpha", "fresh.dirty", {"fresh.dirty"});
        machine.type("fresh.memory-below-caches\r");
        machine.expect_line("alpha", "^probe: fresh.memory-below-caches FAILED");
        machine.type_key('r');
    }
}

/// Uses harts with the most features to switch on, where reads of scountovf trap, too, since OpenSBI delegates the
/// counters (Smcdeleg).
TEST(ProbeOnMax, HasItsFirmwareFeatures) {
    Machine machine({.description = "one-probe.max", .cpu = "max,h=true"});
    expect_ready(machine, "alpha");
    std::vector<std::string> cases{"fwft.max", "fwft.landing-pad", "fwft.pointer-masking", "sse.overflow",
                                   "exceptions.named-extensions"};
    std::string list = "fwft.max,fwft,sse.overflow,exceptions.named-extensions";
    if (declares("max", "sscofpmf")) {
        cases.emplace_back("pmu.overflow");
        list += ",pmu.overflow";
    }
    expect_cases_pass(machine, "alpha", list, cases);
}

/// Has a window that only Sv48x4 or Sv57x4 reaches; the guest's own Sv39 tables do not.
class ProbeWithAFarWindow : public testing::TestWithParam<std::string> {};

TEST_P(ProbeWithAFarWindow, HasIt) {
    Machine machine({.description = GetParam()});
    expect_ready(machine, "alpha");
    expect_cases_pass(machine, "alpha", "fresh.memory,isolation.far-borders",
                      {"fresh.memory", "isolation.far-borders"});
}

INSTANTIATE_TEST_SUITE_P(Mode, ProbeWithAFarWindow, testing::Values("high-window", "highest-window"),
                         [](const auto& mode) { return test_name(mode.param); });

struct Platform {
    std::string name;
    Equipment has;
};

class ProbeOn : public testing::TestWithParam<Platform> {};

TEST_P(ProbeOn, PassesEveryCase) {
    const auto all = joined(groups_on(GetParam().has));
    Machine machine({.description = "one-probe", .platform = GetParam().name});
    expect_ready(machine, "alpha");
    expect_cases_pass(machine, "alpha", all.name, all.cases);
}

/// Restarts a guest that has left claimed and pending interrupts, enable bits, priorities and thresholds.
TEST_P(ProbeOn, LeavesNothingForItsNextLife) {
    Machine machine({.description = "one-probe", .platform = GetParam().name});
    for (int i = 0; i < 3; ++i) {
        expect_ready(machine, "alpha");
        expect_cases_pass(machine, "alpha", "fresh", {"fresh.csrs", "fresh.devices", "fresh.memory"});
        expect_cases_pass(machine, "alpha", "plic.rtc-each-hart,fresh.dirty", {"plic.rtc-each-hart", "fresh.dirty"});
        machine.type_key('r');
    }
}

INSTANTIATE_TEST_SUITE_P(Platform, ProbeOn,
                         testing::Values(Platform{"qemu-plic", changed(rv64, {"imsic", "sstc"}, {"plic"})},
                                         Platform{"qemu-aplic", changed(rv64, {"imsic"}, {"plic"})}),
                         [](const auto& platform) { return test_name(platform.param.name); });

/// Types to a console without keys: everything is the guest's.
TEST(SmallestImage, HasAConsoleWithoutKeys) {
    Machine machine({.description = "smallest"});
    machine.expect_line("mullion", "^  1 alpha has the input$");
    expect_ready(machine, "alpha");
    machine.type_key('q');
    machine.type_key('2');
    machine.type("\r");
    machine.expect_line("alpha", "^probe: q2 FAILED: no such case on this machine$");
}

/// Runs the cases that the smallest image must pass: all but those that look for, or use, what it leaves out
/// (base.probe looks for the PMU, fresh.counters uses it).
TEST(SmallestImage, HasWhatEveryGuestNeeds) {
    Machine machine({.description = "smallest"});
    expect_ready(machine, "alpha");
    auto all = some_of_rv64({"time", "ipi", "rfence", "srst", "dbcn", "isolation", "paging", "uart"});
    all.cases.emplace_back("base.left-out");
    expect_cases_pass(machine, "alpha", "base.left-out," + all.name, all.cases);
}

TEST(LegacyConsole, WritesAndReads) {
    Machine machine({.description = "one-probe"});
    expect_ready(machine, "alpha");
    machine.type("legacy.putchar,legacy.getchar\r");
    machine.expect_line("alpha", "^probe: by console_putchar$");
    machine.expect_line("alpha", "waits$");
    machine.type("x");
    machine.expect_line("alpha", "^probe: legacy.getchar ok$");
}

TEST(DebugConsole, LinesComeOutWhole) {
    Machine machine({.description = "one-probe"});
    expect_ready(machine, "alpha");
    machine.type("dbcn.write,dbcn.write-byte,dbcn.two-windows,uart.output\r");
    machine.expect_line("alpha", "^probe: by console_write$");
    machine.expect_line("alpha", "^probe: by console_write_byte$");
    machine.expect_line("alpha", "^probe: across two windows$");
    machine.expect_line("alpha", "^probe: by the uart$");
}

TEST(DebugConsole, ReadsWhatWasTyped) {
    Machine machine({.description = "one-probe"});
    expect_ready(machine, "alpha");
    machine.type("dbcn.read\r");
    machine.expect_line("alpha", "^probe: dbcn.read waits$");
    machine.type("by console_read");
    machine.expect_line("alpha", "^probe: dbcn.read ok$");
}

}  // namespace
}  // namespace mullion::target
