// SPDX-License-Identifier: Apache-2.0
// Machines that are not what the image was built for: each is one line that says what differs, and a stop, before any
// guest enters.
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "machine.hpp"

namespace mullion::target {
namespace {

struct Wrong {
    std::string name;
    std::string description;
    std::vector<std::string> extra;  ///< QEMU takes the last of each option
    std::string line;
};

void expect_refusal(Machine& machine, const std::string& line) {
    machine.expect_line("mullion", line);
    machine.expect_line("mullion", "^stopped: this machine is not the one that the image was built for$");
    machine.exit_code();  // the machine ends
    EXPECT_EQ(machine.transcript().find("alpha"), machine.transcript().rfind("alpha")) << "a guest has entered";
}

class WrongMachine : public testing::TestWithParam<Wrong> {};

TEST_P(WrongMachine, IsRefusedWithOneLine) {
    Machine machine({.description = GetParam().description, .extra = GetParam().extra});
    expect_refusal(machine, GetParam().line);
}

INSTANTIATE_TEST_SUITE_P(
    Case, WrongMachine,
    testing::Values(
        Wrong{
            "NoHypervisorExtension", "two-probes", {"-cpu", "rv64,h=false"}, "^hart \\d: has no hypervisor extension$"},
        Wrong{"NoSstc", "two-probes", {"-cpu", "rv64,h=true,sstc=off"}, "^hart \\d: lacks Sstc, which the board file"},
        Wrong{"NoSvadu", "two-probes", {"-cpu", "rv64,h=true,svadu=off"}, "^hart \\d: henvcfg .*: lacks svadu, which"},
        Wrong{"NoZicboz", "two-probes", {"-cpu", "rv64,h=true,zicboz=off"}, "^hart \\d: lacks zicboz, which"},
        Wrong{"NoZicbom", "two-probes", {"-cpu", "rv64,h=true,zicbom=off"}, "^hart \\d: lacks zicbom, which"},
        Wrong{"NoVector", "one-probe.rva23s64", {"-cpu", "rva23s64,v=off"}, "^hart \\d: lacks v, which"},
        Wrong{"NoSmstateen", "one-probe.rva23s64", {"-cpu", "rva23s64,smstateen=off"}, "^hart \\d: lacks Smstateen"},
        Wrong{
            "NoSscofpmf", "one-probe.rva23s64", {"-cpu", "rva23s64,sscofpmf=off"}, "^hart \\d: lacks Sscofpmf, which"},
        Wrong{"StageTwoMode",
              "high-window",
              {"-cpu", "rv64,h=true,sv48=off,sv57=off"},
              "^hart \\d: hgatp does not take bits 0x"},
        Wrong{"NoAplic", "two-probes", {"-M", "virt,aia=none"}, "^no APLIC domain with MSI delivery"},
        Wrong{"NoGuestFiles",
              "two-probes",
              {"-M", "virt,aia=aplic-imsic,aia-guests=0"},
              "^hart \\d: has 0 guest interrupt"},
        Wrong{"MoreGuestFiles",
              "two-probes",
              {"-M", "virt,aia=aplic-imsic,aia-guests=3"},
              "^hart \\d: has 3 guest interr"},
        Wrong{"OtherStride", "wrong-stride", {}, "^hart 1: its guest interrupt file is not at 0x28005000$"},
        Wrong{"FewerHarts", "two-probes", {"-smp", "2"}, "^hart [23]: the firmware knows no such hart$"},
        Wrong{"LessMemory", "two-linux", {"-m", "1G"}, "^no RAM at 0x[0-9a-f]+, which the description gives to beta$"}),
    [](const auto& wrong) { return wrong.param.name; });

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
    testing::Values(Firmware{"old", "^the SBI firmware is older than version 2.0$"},
                    Firmware{"nonsense_version", "^the SBI firmware tells no version of the specification$"},
                    Firmware{"no_version", "^the SBI firmware tells no version of the specification$"},
                    Firmware{"values_with_errors", "^the SBI firmware lacks the HSM extension$"},
                    Firmware{"nonsense", "^hart \\d: is not stopped, so it cannot be started$"}),
    [](const auto& firmware) { return firmware.param.name; });

/// The image behind 2 MiB of nothing but a jump over them, so that it runs where it was not linked.
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
