// SPDX-License-Identifier: Apache-2.0
// Tests what is told of a guest that did something fatal, on the console and in memory.
#include <gtest/gtest.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <vector>

#include "probe.hpp"
#include "ram.hpp"

namespace mullion::target {
namespace {

constexpr auto fatal = "did something fatal: its trap handler \\(vstvec\\) itself traps, so no trap can be delivered$";

void crash(Machine& machine, const std::string& name) {
    expect_ready(machine, "alpha");
    machine.type(name + "\r");
}

/// Expects these lines in this order; others may come between.
void expect_lines(Machine& machine, const std::vector<std::string>& lines) {
    for (const auto& line : lines) {
        machine.expect_line("mullion", line);
    }
}

const std::string hex = "0x[0-9a-f]+";

/// Uses an image without crash reports, which says in one line what, why and where.
TEST(SmallestImage, TellsOfAFatalTrapInOneLine) {
    Machine machine({.description = "smallest"});
    crash(machine, "fatal.registers");
    machine.expect_line("mullion",
                        "^alpha hart 0 did something fatal: its trap handler \\(vstvec\\) itself traps, so no "
                        "trap can be delivered \\(instruction guest-page fault at pc 0x[0-9a-f]+\\)$");
    machine.expect_line("mullion", "^alpha is stopped$");
    machine.expect_line("mullion", "^all guests are off: the machine powers off$");
}

TEST(CrashReport, TellsCauseRegistersAndStateByName) {
    Machine machine({.description = "two-probes"});
    crash(machine, "fatal.registers");
    std::vector<std::string> lines{
        std::string("^alpha hart 0 ") + fatal,
        "^alpha  cause: instruction guest-page fault$",
        "^alpha  pc 0x80800000  scause 0x14  stval 0x80800000  htval 0x20200000  htinst 0x0$",
        "^alpha  vsstatus " + hex + "  vsie 0x0  vsip 0x0  vsatp 0x0$",
        "^alpha  vstvec 0x80800000  vsepc 0x0  vscause 0x0  vstval 0x0$",
        "^alpha  vsscratch " + hex + "  hstatus " + hex + "$",
        "^alpha  zero 0x0 +ra   " + hex + " +sp   " + hex + " +gp   0x0$",
        "^alpha  tp   0x0 +t0   " + hex + " +t1   " + hex + " +t2   0x80800000$",
        "^alpha  s0   0x1008 +s1   0x1009 +a0   0x100a +a1   0x100b$",
        "^alpha  a2   0x100c +a3   0x100d +a4   0x100e +a5   0x100f$",
        "^alpha  a6   0x1010 +a7   0x1011 +s2   0x1012 +s3   0x1013$",
        "^alpha  s4   0x1014 +s5   0x1015 +s6   0x1016 +s7   0x1017$",
        "^alpha  s8   0x1018 +s9   0x1019 +s10  0x101a +s11  0x101b$",
        "^alpha  t3   0x101c +t4   0x101d +t5   0x101e +t6   0x101f$",
        "^alpha  guest physical address 0x80800000: in no window of the guest$",
        "^alpha    level 2, entry 2 at " + hex + ": " + hex + ", a table$",
        "^alpha    level 1, entry 4 at " + hex + ": 0x0, nothing$",
        "^alpha    host memory at the same address, 0x80800000: (alpha|Mullion)'s$",
        "^alpha  last exits, the latest first",
        "^alpha    instruction guest-page fault at pc 0x80800000, stval 0x80800000, guest physical address 0x80800000$",
        "^alpha    environment call from VS-mode at pc " + hex + ", extension 0x4442434e function 0$",
        "^alpha is stopped$"};
    expect_lines(machine, lines);
}

struct Place {
    std::string name;
    std::vector<std::string> lines;
};

class CrashReportOf : public testing::TestWithParam<Place> {};

TEST_P(CrashReportOf, TellsWhereTheAddressLeads) {
    Machine machine({.description = "two-probes"});
    crash(machine, GetParam().name);
    machine.expect_line("mullion", fatal);
    expect_lines(machine, GetParam().lines);
    machine.expect_line("mullion", "^alpha is stopped$");
}

INSTANTIATE_TEST_SUITE_P(
    Case, CrashReportOf,
    testing::Values(
        Place{"fatal.vector-device",
              {"^alpha  guest physical address 0x10000000: in an emulated device, which takes loads and stores of its "
               "registers only$",
               ", nothing$", "^alpha    host memory at the same address, 0x10000000: Mullion's$"}},
        Place{
            "fatal.vector-interrupt-file",
            {"^alpha  guest physical address 0x28000000: in an interrupt file, which does not have that right$",
             "^alpha    level 2, .* a table$", "^alpha    level 1, .* a table$",
             "^alpha    level 0, .* a page with rw-$", "^alpha    leads to host address 0x2800[0-9a-f]000: alpha's$"}},
        Place{"fatal.tables",
              {"^alpha  cause: instruction guest-page fault, while the hart read the guest's own page tables$",
               "^alpha  guest physical address 0x808000[0-9a-f]0: in no window of the guest$", ", nothing$"}},
        Place{"fatal.other-hart", {"^alpha  cause: instruction guest-page fault$"}}),
    [](const auto& place) { return test_name(place.param.name); });

/// Returns the address of a symbol, as a debugger finds it.
std::uint64_t address_of(const std::string& symbol, const std::string& description) {
    const char* const prefix = std::getenv("CROSS_COMPILE");
    const auto command = std::string(prefix != nullptr && *prefix != '\0' ? prefix : "riscv64-linux-gnu-") + "nm " +
                         MULLION_BUILD + "/qemu/" + description + "/mullion.elf";
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
    std::array<char, 256> line;
    while (pipe && std::fgets(line.data(), line.size(), pipe.get()) != nullptr) {
        if (std::string_view{line.data()}.ends_with(" " + symbol + "\n")) {
            return std::stoull(line.data(), nullptr, 16);
        }
    }
    throw std::runtime_error(description + " has no symbol " + symbol);
}

/// Reads nothing of the console from when beta floods it until alpha has crashed. More waits then than Mullion's own
/// ring takes.
TEST(CrashReport, IsWholeWhenTheConsoleIsBusy) {
    const Ram ram;
    const auto at = address_of("mullion_crashes", "two-probes");
    Machine machine({.description = "two-probes", .extra = ram.arguments()});
    expect_ready(machine, "alpha");
    machine.expect_line("beta", "^probe: beat ");
    machine.type_key('2');
    machine.type("x");
    machine.expect_line("beta", "^probe: done$");
    machine.type("neighbour.flood\r");
    machine.wait_until([&] { return machine.unread() > 60'000; });
    machine.type_key('1');
    for (int i = 0; i < 80; ++i) {
        machine.type_key('s');
    }
    machine.type("fatal.registers\r");
    machine.wait_until([&] { return ram.read(at, 1).front() == 1; });
    expect_lines(machine,
                 {fatal, "^alpha  cause: ", "^alpha  pc ", "^alpha  vsstatus ", "^alpha  vstvec ", "^alpha  vsscratch ",
                  "^alpha  zero ", "^alpha  tp ", "^alpha  s0 ", "^alpha  a2 ", "^alpha  a6 ", "^alpha  s4 ",
                  "^alpha  s8 ", "^alpha  t3 ", "^alpha  guest physical address ", "level 2", "level 1",
                  "^alpha    host memory ", "^alpha  last exits", "^alpha    instruction guest-page fault",
                  // Notices that waited too long are counted; then comes what became of the guest.
                  "^alpha is (stopped|crashed)$"});
}

/// Reads the record by the layout in docs/guide.md.
TEST(CrashRecord, IsKeptInMemoryForADebugger) {
    constexpr std::size_t record_words = 83;
    const Ram ram;
    const auto at = address_of("mullion_crashes", "two-probes");
    Machine machine({.description = "two-probes", .extra = ram.arguments()});
    expect_ready(machine, "alpha");
    EXPECT_EQ(ram.read(at, 2 * record_words), std::vector<std::uint64_t>(2 * record_words));
    for (std::uint64_t number = 1; number <= 2; ++number) {
        machine.type("fatal.registers\r");
        machine.expect_line("mullion", "^alpha is stopped$");
        const auto record = ram.read(at, record_words);
        EXPECT_EQ(record[0], number);
        EXPECT_EQ(record[1], 0u);             // alpha's hart 0
        EXPECT_EQ(record[2], 3u);             // is the machine's hart 3
        EXPECT_EQ(record[3], 0x8080'0000u);   // pc
        EXPECT_EQ(record[4], 20u);            // scause
        EXPECT_EQ(record[5], 0x8080'0000u);   // stval
        EXPECT_EQ(record[6], 0x2020'0000u);   // htval
        EXPECT_EQ(record[11], 0x8080'0000u);  // vstvec
        EXPECT_EQ(record[18], 0u);            // x0
        for (std::size_t n = 8; n < 32; ++n) {
            EXPECT_EQ(record[18 + n], 0x1000 + n) << n;
        }
        const auto exits = record.back();
        ASSERT_GT(exits, 1u);
        EXPECT_EQ(record[50 + (exits - 1) % 8 * 4], 20u);               // cause of the latest
        EXPECT_EQ(record[50 + (exits - 1) % 8 * 4 + 1], 0x8080'0000u);  // and its pc
        machine.type_key('r');
        expect_ready(machine, "alpha");
    }
    EXPECT_EQ(ram.read(at + record_words * 8, record_words), std::vector<std::uint64_t>(record_words));  // beta's
}

}  // namespace
}  // namespace mullion::target
