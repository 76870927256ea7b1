// SPDX-License-Identifier: Apache-2.0
// What a guest may rely on, case by case (guests/probe/case_*.cpp). Each group has a machine of its own.
#include "probe.hpp"

#include <gtest/gtest.h>

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
      "fresh.devices", "fresh.memory"}},
    {"base",
     {"base.version", "base.identity", "base.probe", "base.probe-unknown", "base.unknown-extension",
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
    {"pmu",
     {"pmu.counters",
      "pmu.sets",
      "pmu.reserved-flags",
      "pmu.cycles",
      "pmu.instructions",
      "pmu.cache-events",
      "pmu.bad-events",
      "pmu.started",
      "pmu.whole-sets",
      "pmu.skip-match",
      "pmu.clear",
      "pmu.modes",
      "pmu.overflow",
      "pmu.fw-read",
      "pmu.firmware-events",
      "pmu.stopped-hart",
      "pmu.unknown-function",
      "pmu.snapshot-page",
      "pmu.no-shmem",
      "pmu.snapshot-stop",
      "pmu.snapshot-start",
      "pmu.snapshot-overflow",
      "pmu.event-info",
      "pmu.bad-event-info"}},
    {"fwft",
     {"fwft.probe", "fwft.features", "fwft.reserved", "fwft.bad-value", "fwft.upper-half", "fwft.updating",
      "fwft.misaligned", "fwft.landing-pad", "fwft.pointer-masking", "fwft.lock", "fwft.local", "fwft.suspend"}},
    {"sse",
     {"sse.probe", "sse.events", "sse.reset", "sse.states", "sse.attributes", "sse.ranges", "sse.handler",
      "sse.pending", "sse.priority", "sse.one-shot", "sse.interrupted", "sse.other-hart", "sse.preferred", "sse.stop",
      "sse.suspended", "sse.overflow", "sse.overflow-masked", "sse.overflow-interrupt", "sse.overflow-injected"}},
    {"isolation",
     {"isolation.borders", "isolation.low", "isolation.devices", "isolation.execute", "isolation.high",
      "isolation.beyond", "isolation.harts"}},
    {"exceptions",
     {"exceptions.undefined", "exceptions.hypervisor-csr", "exceptions.hypervisor-instruction",
      "exceptions.machine-csr", "exceptions.supervisor-in-user", "exceptions.mret", "exceptions.wfi-in-user",
      "exceptions.time", "exceptions.counters", "exceptions.breakpoint", "exceptions.ecall", "exceptions.misaligned",
      "exceptions.software-interrupt"}},
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
    {"neighbour", {"neighbour.random-calls", "neighbour.every-csr"}},
};

class ProbeOnRv64 : public testing::TestWithParam<Group> {};

TEST_P(ProbeOnRv64, PassesEveryCase) {
    Machine machine({.description = "one-probe"});
    expect_ready(machine, "alpha");
    expect_cases_pass(machine, "alpha", GetParam().name, GetParam().cases);
}

INSTANTIATE_TEST_SUITE_P(Group, ProbeOnRv64, testing::ValuesIn(groups),
                         [](const auto& group) { return group.param.name; });

/// These harts have no Svadu, which most cases of one group need.
TEST(ProbeOnRva23s64, PassesEveryCase) {
    std::vector<std::string> cases;
    std::string list;
    for (const auto& group : groups) {
        if (group.name != "fwft") {
            cases.insert(cases.end(), group.cases.begin(), group.cases.end());
            list += group.name + ',';
        }
    }
    Machine machine({.description = "one-probe.rva23s64", .cpu = "rva23s64"});
    expect_ready(machine, "alpha");
    expect_cases_pass(machine, "alpha", list, cases);
    for (const auto* name : {"fwft.no-updating", "fwft.probe", "fwft.reserved", "fwft.bad-value", "fwft.misaligned",
                             "fwft.landing-pad", "fwft.pointer-masking"}) {
        expect_cases_pass(machine, "alpha", name, {name});
    }
}

/// Where there is most to switch on.
TEST(ProbeOnMax, HasItsFirmwareFeatures) {
    Machine machine({.description = "one-probe.max", .cpu = "max,h=true"});
    expect_ready(machine, "alpha");
    expect_cases_pass(machine, "alpha", "fwft.max,fwft", {"fwft.max", "fwft.landing-pad", "fwft.pointer-masking"});
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
