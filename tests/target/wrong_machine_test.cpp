// SPDX-License-Identifier: Apache-2.0
// Boots machines that are not what the image was built for. Each must stop with one line that says what differs, before
// any guest enters.
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "machine.hpp"
#include "probe.hpp"

namespace mullion::target {
namespace {

struct Wrong {
    std::string name;
    std::string description;
    std::vector<std::string> extra;  ///< QEMU takes the last of each option
    std::string line;
    std::string platform = "qemu";
};

void expect_refusal(Machine& machine, const std::string& line) {
    machine.expect_line("mullion", line);
    machine.expect_line("mullion", "^stopped: this machine is not the one that the image was built for$");
    machine.exit_code();  // the machine ends
    EXPECT_EQ(machine.transcript().find("alpha"), machine.transcript().rfind("alpha")) << "a guest has entered";
}

class WrongMachine : public testing::TestWithParam<Wrong> {};

TEST_P(WrongMachine, IsRefusedWithOneLine) {
    Machine machine(
        {.description = GetParam().description, .platform = GetParam().platform, .extra = GetParam().extra});
    expect_refusal(machine, GetParam().line);
}

const std::string no_imsic = "^no APLIC domain with MSI delivery at 0xd000000, where the board file has it$";
const std::string no_plic = "^no PLIC with a context for each hart at 0xc000000, where the board file has it$";
const std::string no_aplic = "^no APLIC domain with direct delivery to each hart at 0xd000000, where the board file ";
const std::string missing_file = "^hart \\d: its guest interrupt file is not at 0x28";
const std::string no_message =
    "^hart 0: no message of the APLIC at 0xd000000 reaches its interrupt file as identity 255$";

/// Returns QEMU's arguments for four harts in two sockets, each with interrupt controllers of its own.
std::vector<std::string> two_sockets() {
    return {"-smp",    "4,sockets=2",
            "-object", "memory-backend-ram,id=m0,size=1G",
            "-object", "memory-backend-ram,id=m1,size=1G",
            "-numa",   "node,cpus=0-1,memdev=m0",
            "-numa",   "node,cpus=2-3,memdev=m1"};
}

INSTANTIATE_TEST_SUITE_P(
    Case, WrongMachine,
    testing::Values(
        Wrong{
            "NoHypervisorExtension", "two-probes", {"-cpu", "rv64,h=false"}, "^hart \\d: has no hypervisor extension$"},
        Wrong{"NoSstc", "two-probes", {"-cpu", "rv64,h=true,sstc=off"}, "^hart \\d: lacks sstc, which the board file"},
        Wrong{"NoSvadu", "two-probes", {"-cpu", "rv64,h=true,svadu=off"}, "^hart \\d: henvcfg .*: lacks svadu, which"},
        Wrong{"NoZicboz", "two-probes", {"-cpu", "rv64,h=true,zicboz=off"}, "^hart \\d: lacks zicboz, which"},
        Wrong{"NoZicbom", "two-probes", {"-cpu", "rv64,h=true,zicbom=off"}, "^hart \\d: lacks zicbom, which"},
        Wrong{"SmallerBlocks",
              "two-probes",
              {"-cpu", "rv64,h=true,cboz_blocksize=32"},
              "^hart \\d: cbo.zero clears 32 bytes, where the board file has 64$"},
        Wrong{"LargerBlocks",
              "two-probes",
              {"-cpu", "rv64,h=true,cboz_blocksize=128"},
              "^hart \\d: cbo.zero clears 128 bytes, where the board file has 64$"},
        Wrong{"NoVector",
              "one-probe.rva23s64",
              {"-cpu", "rva23s64,v=off,zvfhmin=off,zvbb=off,zvkb=off,zvkt=off,zve32f=off,zve32x=off"},
              "^hart \\d: lacks v, which"},
        Wrong{"ShortVectorElements",
              "one-probe.rva23s64",
              {"-cpu", "rva23s64,v=off,elen=32"},
              "^hart \\d: lacks v, which"},
        Wrong{"NoSmstateen", "one-probe.rva23s64", {"-cpu", "rva23s64,smstateen=off"}, "^hart \\d: lacks smstateen"},
        Wrong{"StageTwoMode",
              "high-window",
              {"-cpu", "rv64,h=true,sv48=off,sv57=off"},
              "^hart \\d: hgatp does not take bits 0x"},
        Wrong{"NoIommu",
              "two-probes",
              {"-M", "iommu-sys=off"},
              "^no IOMMU at 0x3010000, where the board file has it$",
              "qemu-iommu"},
        Wrong{"PlicForImsic", "two-probes", {"-M", "virt,aia=none"}, no_imsic},
        Wrong{"AplicForImsic", "two-probes", {"-M", "virt,aia=aplic"}, no_imsic},
        Wrong{"PlicForAplic", "two-probes", {"-M", "virt,aia=none"}, no_aplic, "qemu-aplic"},
        Wrong{"ImsicForAplic", "two-probes", {"-M", "virt,aia=aplic-imsic"}, no_aplic, "qemu-aplic"},
        Wrong{"AplicForPlic", "two-probes", {"-M", "virt,aia=aplic"}, no_plic, "qemu-plic"},
        Wrong{"ImsicForPlic", "two-probes", {"-M", "virt,aia=aplic-imsic"}, no_plic, "qemu-plic"},
        Wrong{"ImsicOfTwoSockets", "two-probes", two_sockets(), missing_file},
        Wrong{"AplicOfTwoSockets", "two-probes", two_sockets(), no_aplic, "qemu-aplic"},
        Wrong{"PlicOfTwoSockets", "two-probes", two_sockets(), no_plic, "qemu-plic"},
        Wrong{"NoGuestFiles",
              "two-probes",
              {"-M", "virt,aia=aplic-imsic,aia-guests=0"},
              "^hart \\d: has 0 guest interrupt"},
        Wrong{"MoreGuestFiles",
              "two-probes",
              {"-M", "virt,aia=aplic-imsic,aia-guests=3"},
              "^hart \\d: has 3 guest interr"},
        Wrong{
            "AbsentSource", "absent-source", {}, "^the firmware has not left source 150 to the APLIC domain at 0xd00"},
        Wrong{"KeptSource",
              "two-probes",
              {"-kernel", planted("kept-source", "two-probes")},
              "^the firmware has not left source 10 to the APLIC domain at 0xd000000$"},
        Wrong{"AbsentSourceAtPlic",
              "absent-plic-source",
              {},
              "^no source 150 of the PLIC at 0xc000000, where the board file has it$",
              "qemu-plic"},
        Wrong{
            "FewerGuestFiles", "three-files", {}, "^hart 1: its guest interrupt file is not at 0x28005000, or has no "},
        Wrong{"FewerIdentities",
              "two-probes",
              {"-kernel", planted("small-files-untold", "two-probes")},
              "^hart \\d: its guest interrupt file is not at 0x28\\w+, or has no identity 255$"},
        Wrong{"FewerIdentitiesThatTrap",
              "more-identities",
              {},
              "^hart \\d: no message of the APLIC at 0xd000000 reaches its interrupt file as identity 2047$"},
        Wrong{"FewerGuestIdentitiesThatTrap",
              "more-guest-identities",
              {},
              "^hart \\d: its guest interrupt file is not at 0x28\\w+, or has no identity 511$"},
        Wrong{"FewerHarts", "two-probes", {"-smp", "2"}, "^hart [23]: the firmware knows no such hart$"},
        Wrong{"FewerHartsAtPlic",
              "two-probes",
              {"-smp", "2"},
              "^hart [23]: the firmware knows no such hart$",
              "qemu-plic"},
        Wrong{"FewerHartsAtAplic",
              "two-probes",
              {"-smp", "2"},
              "^hart [23]: the firmware knows no such hart$",
              "qemu-aplic"}),
    [](const auto& wrong) { return wrong.param.name; });

/// Has hart 1 lack what the others have: it boots, or another one does and starts it.
class LesserHart : public testing::TestWithParam<std::string> {};

TEST_P(LesserHart, IsRefusedWithOneLine) {
    Machine machine({.description = "two-probes",
                     .deterministic = true,
                     .extra = {"-cpu", "rv64,h=true,x-misa-w=true", "-bios",
                               MULLION_TARGET_FOLDER "/boot_hart_1_" + GetParam() + ".elf"}});
    expect_refusal(machine, "^hart 1: has no hypervisor extension$");
}

INSTANTIATE_TEST_SUITE_P(With, LesserHart, testing::Values("lesser", "lesser_last"),
                         [](const auto& firmware) { return firmware.param; });

/// Runs only where the board has Sscofpmf: few releases of QEMU let a guest have it.
TEST(MachineWithoutSscofpmf, IsRefusedIfItIsDeclared) {
    Machine machine({.description = "one-probe.rva23s64", .extra = {"-cpu", "rva23s64,sscofpmf=off"}});
    if (declares("rva23s64", "sscofpmf")) {
        expect_refusal(machine, "^hart \\d: lacks sscofpmf, which");
    } else {
        expect_ready(machine, "alpha");
    }
}

/// Boots with other numbers of guest files, at the same distances.
class GuestFiles : public testing::TestWithParam<std::string> {};

TEST_P(GuestFiles, MayBeOthersInTheSamePlaces) {
    Machine machine({.description = "three-files", .extra = {"-M", "virt,aia=aplic-imsic,aia-guests=" + GetParam()}});
    expect_ready(machine, "alpha");
    expect_cases_pass(machine, "alpha", "imsic.own-file", {"imsic.own-file"});
}

INSTANTIATE_TEST_SUITE_P(Count, GuestFiles, testing::Values("2", "3"));

struct Firmware {
    std::string name;  ///< of lying_firmware.S, as CMakeLists.txt builds it
    std::string line;
};

class LyingFirmware : public testing::TestWithParam<Firmware> {};

TEST_P(LyingFirmware, IsRefusedWithOneLine) {
    const auto file = std::string(MULLION_TARGET_FOLDER) + "/firmware_" + GetParam().name + ".elf";
    Machine machine({.description = "two-probes", .extra = {"-bios", file}});
    expect_refusal(machine, GetParam().line);
}

INSTANTIATE_TEST_SUITE_P(
    Case, LyingFirmware,
    testing::Values(
        Firmware{"old", "^the SBI firmware is older than version 2.0$"},
        Firmware{"nonsense_version", "^the SBI firmware tells no version of the specification$"},
        Firmware{"no_version", "^the SBI firmware tells no version of the specification$"},
        Firmware{"values_with_errors", "^the SBI firmware lacks the HSM extension$"},
        Firmware{"nonsense", "^hart \\d: is not stopped, so it cannot be started$"},
        Firmware{"never_stops", "^hart 1: is not stopped, so it cannot be started$"},
        Firmware{"no_addresses", no_message},
        // These harts are STOPPED in time, so the boot comes to that check.
        Firmware{"stops_late", no_message},
        Firmware{"reserved_of_guest",
                 "^the firmware's tree reserves 0x81400000 to 0x81400fff, where the description has beta$"},
        Firmware{"reserved_in_head",
                 "^the firmware's tree reserves 0x811ff000 to 0x815fefff, where the description has alpha$"},
        Firmware{"reserved_of_mullion",
                 "^the firmware's tree reserves 0x80810000 to 0x80810fff, where the description has mullion$"},
        // This memory may be reserved, so the boot comes to the next check.
        Firmware{"reserved_of_firmware", "^hart \\d: is not stopped, so it cannot be started$"}),
    [](const auto& firmware) { return firmware.param.name; });

/// Boots after firmware that does not know Smstateen, and so leaves AIA's CSRs closed.
TEST(FirmwareWithoutStateEnables, IsRefusedWithOneLine) {
    Machine machine(
        {.description = "two-probes",
         .extra = {"-cpu", "rv64,h=true,smstateen=on", "-bios", MULLION_TARGET_FOLDER "/firmware_no_addresses.elf"}});
    expect_refusal(machine, missing_file);
}

/// Breaks what boot.S checks; boot.S must say so in one line.
class EarlyBoot : public testing::TestWithParam<Firmware> {};

TEST_P(EarlyBoot, RefusesWithOneLine) {
    const auto file = std::string(MULLION_TARGET_FOLDER) + "/firmware_" + GetParam().name + ".elf";
    Machine machine({.description = "two-probes", .extra = {"-bios", file}});
    machine.expect_line("mullion", GetParam().line);
    machine.exit_code();  // the machine ends
}

const std::string no_room = "^no RAM for the hypervisor's data and stacks behind the image";

INSTANTIATE_TEST_SUITE_P(
    Case, EarlyBoot,
    testing::Values(Firmware{"no_stacks", no_room}, Firmware{"few_stacks", no_room},
                    Firmware{"foreign_hart", "^the firmware entered on a hart that the board file does not describe"}),
    [](const auto& firmware) { return firmware.param.name; });

/// Puts 2 MiB with a jump over them before the image, so that it runs at another address than it was linked for.
TEST(WrongPlace, IsRefusedWithOneLine) {
    constexpr std::uint32_t over[] = {0x00200297, 0x00028067};  // auipc t0, 0x200; jr t0
    constexpr std::streamoff distance = 2 << 20;
    const auto image = std::filesystem::path(MULLION_BUILD) / "qemu/two-probes/mullion.bin";
    const auto moved = std::filesystem::path(testing::TempDir()) / "mullion-moved.bin";
    {
        std::ofstream file(moved, std::ios::binary);
        file.write(reinterpret_cast<const char*>(over), sizeof over);
        file.seekp(distance);
        file << std::ifstream(image, std::ios::binary).rdbuf();
    }
    Machine machine({.description = "two-probes", .extra = {"-kernel", moved}});
    machine.expect_line("mullion", "^this image was not loaded at its link address");
    machine.exit_code();  // the machine ends
    std::filesystem::remove(moved);
}

}  // namespace
}  // namespace mullion::target
