// SPDX-License-Identifier: Apache-2.0
// What a guest may rely on, case by case (guests/probe/case_*.cpp). Each group has a machine of its own.
#include "probe.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <set>

namespace mullion::target {
namespace {

struct Group {
    std::string name;
    std::vector<std::string> cases;
};

/// The fresh guest first: the other cases leave traces.
const std::vector<Group> groups{
    {"fresh",
     {"fresh.registers", "fresh.csrs", "fresh.floats", "fresh.vectors", "fresh.interrupt-files", "fresh.counters",
      "fresh.devices", "fresh.memory", "fresh.seed", "fresh.tree-room"}},
    {"base",
     {"base.version", "base.identity", "base.probe", "base.probe-unknown", "base.not-offered", "base.unknown-extension",
      "base.unknown-function", "base.registers"}},
    {"time",
     {"time.past", "time.future", "time.interrupt", "time.future-clears", "time.masked", "time.stimecmp",
      "time.monotonic"}},
    {"ipi",
     {"ipi.self", "ipi.base", "ipi.other", "ipi.all", "ipi.empty", "ipi.invalid", "ipi.stopped", "ipi.ping-pong"}},
    {"rfence",
     {"rfence.valid", "rfence.invalid-hart", "rfence.invalid-range", "rfence.invalid-asid", "rfence.hfence",
      "rfence.sfence", "rfence.sfence-asid", "rfence.ranges", "rfence.ranges-asid", "rfence.storm", "rfence.stopping"}},
    {"hsm",
     {"hsm.status", "hsm.invalid-hart", "hsm.start", "hsm.already-available", "hsm.bad-address", "hsm.restart",
      "hsm.suspend", "hsm.suspend-non-retentive", "hsm.suspend-device", "hsm.suspend-message", "hsm.suspend-invalid",
      "hsm.suspend-bad-address", "hsm.suspend-width", "hsm.race"}},
    {"srst", {"srst.reserved-type", "srst.reserved-reason", "srst.vendor-type"}},
    {"dbcn",
     {"dbcn.write", "dbcn.write-byte", "dbcn.zero", "dbcn.read-nothing", "dbcn.bad-address", "dbcn.two-windows"}},
    {"susp",
     {"susp.timer", "susp.pending", "susp.disabled", "susp.device", "susp.started", "susp.suspended",
      "susp.start-after", "susp.other-hart", "susp.bad-type", "susp.upper-half", "susp.bad-address"}},
    {"sta", {"sta.probe", "sta.clear", "sta.other-hart", "sta.unaligned", "sta.flags", "sta.bad-address"}},
    {"legacy",
     {"legacy.probe", "legacy.set-timer", "legacy.putchar", "legacy.getchar-nothing", "legacy.clear-ipi",
      "legacy.send-ipi", "legacy.all-harts", "legacy.fences", "legacy.bad-range", "legacy.virtual", "legacy.page-fault",
      "legacy.access-fault"}},
    {"pmu", {"pmu.counters",      "pmu.sets",       "pmu.reserved-flags",  "pmu.cycles",         "pmu.instructions",
             "pmu.cache-events",  "pmu.bad-events", "pmu.started",         "pmu.whole-sets",     "pmu.skip-match",
             "pmu.clear",         "pmu.fw-read",    "pmu.firmware-events", "pmu.stopped-hart",   "pmu.unknown-function",
             "pmu.snapshot-page", "pmu.no-shmem",   "pmu.snapshot-stop",   "pmu.snapshot-start", "pmu.event-info",
             "pmu.bad-event-info"}},
    {"fwft",
     {"fwft.probe", "fwft.features", "fwft.reserved", "fwft.bad-value", "fwft.upper-half", "fwft.updating",
      "fwft.misaligned", "fwft.landing-pad", "fwft.pointer-masking", "fwft.lock", "fwft.local", "fwft.suspend"}},
    {"sse",
     {"sse.probe", "sse.events", "sse.reset", "sse.states", "sse.attributes", "sse.ranges", "sse.handler",
      "sse.pending", "sse.priority", "sse.one-shot", "sse.interrupted", "sse.other-hart", "sse.preferred", "sse.stop",
      "sse.suspended", "sse.overflow", "sse.overflow-masked", "sse.overflow-interrupt", "sse.overflow-injected"}},
    {"isolation",
     {"isolation.borders", "isolation.far-borders", "isolation.low", "isolation.devices", "isolation.execute",
      "isolation.high", "isolation.beyond", "isolation.harts"}},
    {"exceptions",
     {"exceptions.undefined", "exceptions.hypervisor-csr", "exceptions.hypervisor-instruction",
      "exceptions.machine-csr", "exceptions.supervisor-in-user", "exceptions.task-at-vector", "exceptions.mret",
      "exceptions.wfi-in-user", "exceptions.named-extensions", "exceptions.time", "exceptions.counters",
      "exceptions.hidden", "exceptions.not-switched", "exceptions.breakpoint", "exceptions.ecall",
      "exceptions.misaligned", "exceptions.software-interrupt"}},
    {"paging",
     {"paging.unmapped", "paging.rights", "paging.leaf-outside", "paging.table-outside", "paging.vanished",
      "paging.accessed-dirty"}},
    {"uart",
     {"uart.scratch", "uart.fifo", "uart.loopback-lines", "uart.loopback-data", "uart.divisor", "uart.interrupt",
      "uart.output"}},
    {"watchdog",
     {"watchdog.registers", "watchdog.widths", "watchdog.stopped", "watchdog.kicked", "watchdog.interrupt"}},
    {"aplic",
     {"aplic.domaincfg", "aplic.genmsi", "aplic.beyond", "aplic.others", "aplic.targets", "aplic.detached",
      "aplic.uart", "aplic.rtc", "aplic.rtc-each-hart"}},
    {"imsic",
     {"imsic.every-identity", "imsic.priority", "imsic.gates", "imsic.interrupt", "imsic.file", "imsic.reserved",
      "imsic.major-priorities", "imsic.own-file", "imsic.ping-pong"}},
    {"mmio",
     {"mmio.bytes", "mmio.words", "mmio.registers", "mmio.compressed", "mmio.user", "mmio.widths", "mmio.atomics",
      "mmio.execute-only", "mmio.straddling", "mmio.translated"}},
    {"borders", {"borders.integers", "borders.floats", "borders.atomics", "borders.physical", "borders.uart"}},
    {"neighbour", {"neighbour.random-calls", "neighbour.every-csr"}},
    {"state", {"state.floats", "state.environment", "state.zero-blocks", "state.managed-blocks"}},
};

/// Of machines without an IMSIC; these take the place of the groups `aplic` and `imsic`.
const Group plic_group{
    "plic", {"plic.priorities",    "plic.priority-zero", "plic.pending",       "plic.enable", "plic.enable-bits",
             "plic.threshold",     "plic.claim-masked",  "plic.order",         "plic.claim",  "plic.level",
             "plic.no-retraction", "plic.completion",    "plic.interrupt",     "plic.rtc",    "plic.rtc-each-hart",
             "plic.moved",         "plic.moved-pending", "plic.moved-claimed", "plic.masked", "plic.every-hart",
             "plic.contexts",      "plic.numbers",       "plic.machine-modes", "plic.others", "plic.beyond"}};

class ProbeOnRv64 : public testing::TestWithParam<Group> {};

TEST_P(ProbeOnRv64, PassesEveryCase) {
    Machine machine({.description = "one-probe"});
    expect_ready(machine, "alpha");
    expect_cases_pass(machine, "alpha", GetParam().name, GetParam().cases);
}

INSTANTIATE_TEST_SUITE_P(Group, ProbeOnRv64, testing::ValuesIn(groups),
                         [](const auto& group) { return group.param.name; });

struct Defect {
    std::string name;
    std::string found_by;  ///< a case
};

/// Hypervisors whose way to emulated devices has a defect (cmake/planted.cmake).
class ProbeOfADefect : public testing::TestWithParam<Defect> {};

TEST_P(ProbeOfADefect, FindsIt) {
    const auto& [name, found_by] = GetParam();
    Machine machine(
        {.description = "one-probe", .extra = {"-kernel", MULLION_BUILD "/qemu/one-probe/planted/" + name + ".bin"}});
    expect_ready(machine, "alpha");
    machine.type(found_by + "\r");
    machine.expect_line("alpha", "^probe: " + found_by + " FAILED");
}

INSTANTIATE_TEST_SUITE_P(Defect, ProbeOfADefect,
                         testing::Values(Defect{"every-width", "mmio.widths"}, Defect{"stale-load", "mmio.registers"},
                                         Defect{"stale-store", "mmio.registers"}),
                         [](const auto& defect) { return test_name(defect.param.name); });

/// Where harts transform no instructions, Mullion fetches them: the same accesses, and the same faults.
TEST(ProbeWithoutTransformedInstructions, PassesEveryAccess) {
    Machine machine(
        {.description = "one-probe", .extra = {"-kernel", MULLION_BUILD "/qemu/one-probe/planted/no-transformed.bin"}});
    expect_ready(machine, "alpha");
    std::string list;
    std::vector<std::string> cases;
    for (const auto& group : groups) {
        if (group.name == "mmio" || group.name == "borders" || group.name == "isolation" || group.name == "paging") {
            list += group.name + ',';
            cases.insert(cases.end(), group.cases.begin(), group.cases.end());
        }
    }
    expect_cases_pass(machine, "alpha", list, cases);
}

/// These harts have no Svadu, which some cases of one group need, and may have Sscofpmf, which rv64 lacks.
TEST(ProbeOnRva23s64, PassesEveryCase) {
    std::vector<std::string> cases{"fwft.no-updating", "fwft.probe",           "fwft.features",
                                   "fwft.reserved",    "fwft.bad-value",       "fwft.misaligned",
                                   "fwft.landing-pad", "fwft.pointer-masking", "borders.vectors"};
    if (declares("rva23s64", "sscofpmf")) {
        cases.insert(cases.end(), {"pmu.modes", "pmu.overflow", "pmu.snapshot-overflow"});
    }
    std::string list;
    for (const auto& group : groups) {
        if (group.name != "fwft") {
            cases.insert(cases.end(), group.cases.begin(), group.cases.end());
        }
        list += group.name + ',';
    }
    Machine machine({.description = "one-probe.rva23s64", .cpu = "rva23s64"});
    expect_ready(machine, "alpha");
    expect_cases_pass(machine, "alpha", list, cases);
}

/// Where there is most to switch on; and where reads of scountovf trap, since OpenSBI delegates the counters
/// (Smcdeleg).
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

/// In Sv48x4 and in Sv57x4; Sv39 tables of the guest's own do not reach so far.
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
    std::set<std::string> absent;  ///< cases of things that it does not have
};

class ProbeOn : public testing::TestWithParam<Platform> {
 protected:
    ProbeOn() {
        cases_ = plic_group.cases;
        for (const auto& group : groups) {
            if (group.name != "aplic" && group.name != "imsic") {
                list_ += group.name + ',';
                std::ranges::copy_if(group.cases, std::back_inserter(cases_),
                                     [](const auto& name) { return !GetParam().absent.contains(name); });
            }
        }
        list_ += plic_group.name;
    }

    std::string list_;
    std::vector<std::string> cases_;
};

TEST_P(ProbeOn, PassesEveryCase) {
    Machine machine({.description = "one-probe", .platform = GetParam().name});
    expect_ready(machine, "alpha");
    expect_cases_pass(machine, "alpha", list_, cases_);
}

/// Claimed and pending interrupts, enable bits, priorities and thresholds are among what it leaves.
TEST_P(ProbeOn, LeavesNothingForItsNextLife) {
    Machine machine({.description = "one-probe", .platform = GetParam().name});
    for (int i = 0; i < 3; ++i) {
        expect_ready(machine, "alpha");
        expect_cases_pass(machine, "alpha", "fresh", {"fresh.csrs", "fresh.devices", "fresh.memory"});
        expect_cases_pass(machine, "alpha", "plic.rtc-each-hart,fresh.dirty", {"plic.rtc-each-hart", "fresh.dirty"});
        machine.type_key('r');
    }
}

const std::set<std::string> of_imsic{"fresh.interrupt-files", "hsm.suspend-message", "paging.vanished"};
const std::set<std::string> of_imsic_and_sstc{"fresh.interrupt-files", "hsm.suspend-message", "paging.vanished",
                                              "time.stimecmp"};

INSTANTIATE_TEST_SUITE_P(Platform, ProbeOn,
                         testing::Values(Platform{"qemu-plic", of_imsic_and_sstc}, Platform{"qemu-aplic", of_imsic}),
                         [](const auto& platform) { return test_name(platform.param.name); });

/// What it leaves out is nowhere, and nothing else is missing. base.probe looks for the PMU, fresh.counters uses it.
TEST(SmallestImage, HasWhatEveryGuestNeeds) {
    Machine machine({.description = "smallest"});
    expect_ready(machine, "alpha");
    std::vector<std::string> cases{"base.left-out"};
    std::string list = "base.left-out";
    for (const auto& group : groups) {
        if (std::set<std::string>{"time", "ipi", "rfence", "srst", "dbcn", "isolation", "paging", "uart"}.contains(
                group.name)) {
            cases.insert(cases.end(), group.cases.begin(), group.cases.end());
            list += ',' + group.name;
        }
    }
    expect_cases_pass(machine, "alpha", list, cases);
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
