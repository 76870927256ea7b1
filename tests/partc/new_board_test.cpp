// SPDX-License-Identifier: Apache-2.0
// Tests `partc board` on machines' own trees in host/, with the file that comes of each beside it, on QEMU's machines,
// and on hostile trees.
#include "new_board.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <regex>

#include "files.hpp"
#include "fixture.hpp"
#include "isa_string.hpp"
#include "process.hpp"
#include "tree_writer.hpp"

namespace mullion::partc {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const fs::path here = PARTC_TESTS;

class NewBoard : public testing::Test {
 protected:
    NewBoard() { fs::current_path(scratch_.path()); }
    ~NewBoard() override { fs::current_path("/"); }

    /// Writes QEMU's own tree of a machine to `file`.
    static void dump(const std::string& file, const std::string& machine, const std::vector<std::string>& more) {
        const auto* qemu = std::getenv("QEMU");
        std::vector<std::string> command{qemu == nullptr || *qemu == '\0' ? "qemu-system-riscv64" : qemu, "-machine",
                                         machine + ",dumpdtb=" + file};
        command.insert(command.end(), more.begin(), more.end());
        const auto outcome = run(command, {});
        ASSERT_EQ(outcome.status, 0) << outcome.err;
    }

    static Result board_of(const std::string& file) {
        return new_board({file, "board", "board/platform.dtsi", true, 0x8020'0000});
    }

    /// Returns what partc says of two-guests.dtsi on the new board.
    Result build_on_it() const {
        fs::copy_file(here / "board/two-guests.dtsi", "board/two-guests.dtsi", fs::copy_options::overwrite_existing);
        write("two.dts", "/dts-v1/;\n#include <platform.dtsi>\n#include <two-guests.dtsi>\n");
        return build(test_options("two.dts", scratch_));
    }

    const Scratch scratch_;
};

TEST_F(NewBoard, GivesTheFileBesideEachTreeAndItsWarnings) {
    for (const auto& entry : fs::directory_iterator{here / "host"}) {
        const auto source = entry.path();
        if (source.extension() != ".dts") {
            continue;
        }
        const auto blob = source.stem().string() + ".dtb";
        ASSERT_EQ(run({"dtc", "-q", "-I", "dts", "-O", "dtb", "-o", blob, source}, {}).status, 0);
        const auto result = new_board({blob, "odd", "", false, {}});
        EXPECT_EQ(result.text, "dts/platform/odd/platform.dtsi\n");

        std::ifstream stream{source};
        std::string expected;
        std::string line;
        std::getline(stream, line);  // the licence
        while (std::getline(stream, line) && line.starts_with("// ")) {
            expected += line.substr(3) + '\n';
        }
        EXPECT_EQ(result.messages, expected);
        EXPECT_EQ(text_of("dts/platform/odd/platform.dtsi"), text_of(fs::path{source}.replace_extension(".dtsi")));
    }
}

TEST_F(NewBoard, OfQemusMachineWithAiaCarriesGuests) {
    dump("host.dtb", "virt,aia=aplic-imsic,aia-guests=1", {"-cpu", "rv64", "-smp", "4", "-m", "2G"});
    EXPECT_EQ(board_of("host.dtb").messages, "");
    const auto built = build_on_it();
    EXPECT_TRUE(built.ok);
    EXPECT_EQ(built.messages, "");
    EXPECT_EQ(text_of("out/qemu.args"), "-smp 4 -m 2048M\n");
}

TEST_F(NewBoard, OfQemusMachineWithAPlicCarriesGuests) {
    dump("host.dtb", "virt", {"-cpu", "rv64,sstc=off", "-smp", "4", "-m", "1G"});
    EXPECT_EQ(board_of("host.dtb").messages, "");
    const auto built = build_on_it();
    EXPECT_EQ(built.messages, "");
    const auto description = text_of("out/description.hpp");
    EXPECT_THAT(description, HasSubstr(".plic = {{0xc000000}, 0x600000, 95}"));
    EXPECT_THAT(description, HasSubstr("{DeviceKind::plic, {0xc000000}, 0x600000, 0, 11}")) << "alpha's";
    for (const auto* hart : {"{HartId{0}, 0, {0x634}, 64, 64, 57, 1}", "{HartId{3}, 0, {0x634}, 64, 64, 57, 7}"}) {
        EXPECT_THAT(description, HasSubstr(hart)) << "context 0 is for M-mode";
    }
}

TEST_F(NewBoard, OfQemusMachineWithAnAplicAloneCarriesGuests) {
    dump("host.dtb", "virt,aia=aplic", {"-cpu", "rv64", "-smp", "4", "-m", "1G"});
    EXPECT_EQ(board_of("host.dtb").messages, "");
    const auto built = build_on_it();
    EXPECT_EQ(built.messages, "");
    const auto description = text_of("out/description.hpp");
    EXPECT_THAT(description, HasSubstr(".aplic = {{0xd000000}, 0x8000, 96}"));
    EXPECT_THAT(description, HasSubstr("{DeviceKind::plic, {0xd000000}, 0x204000, 0, 11}")) << "alpha's";
}

TEST_F(NewBoard, OfQemusMachinesWithAnIommuKeepsThat) {
    for (const auto* machine : {"virt,aia=aplic-imsic,aia-guests=1", "virt", "virt,aia=aplic"}) {
        dump("host.dtb", std::string{machine} + ",iommu-sys=on", {"-cpu", "rv64", "-smp", "4", "-m", "1G"});
        EXPECT_EQ(board_of("host.dtb").messages, "");
        EXPECT_THAT(text_of("board/platform.dtsi"), HasSubstr(" iommu: iommu@3010000 {"));
        EXPECT_EQ(build_on_it().messages, "") << machine;
        EXPECT_THAT(text_of("out/description.hpp"), HasSubstr(".iommu = {{0x3010000}, 0x1000}"));
    }
}

TEST_F(NewBoard, WithAPlicThatIsNotDrivenSaysSo) {
    dump("host.dtb", "virt", {"-cpu", "rv64", "-smp", "4", "-m", "1G"});
    const auto source = run({"dtc", "-q", "-I", "dtb", "-O", "dts", "host.dtb"}, {}).out;
    // Old releases of dtc print a list of strings as one.
    static const std::regex known(R"("sifive,plic-1\.0\.0(\\0|", ")riscv,plic0")");
    write("host.dts", std::regex_replace(source, known, "\"thead,c900-plic\""));
    ASSERT_EQ(run({"dtc", "-q", "-I", "dts", "-O", "dtb", "-o", "host.dtb", "host.dts"}, {}).status, 0);
    EXPECT_THAT(board_of("host.dtb").messages, HasSubstr("plic is another PLIC than Mullion drives"));
    EXPECT_THAT(build_on_it().messages, HasSubstr("plic: is not a \"sifive,plic-1.0.0\" or \"riscv,plic0\""));
}

/// QEMU gives each socket a PLIC of its own.
TEST_F(NewBoard, WithAPlicForSomeHartsOnlyIsRefusedByName) {
    dump("host.dtb", "virt",
         {"-cpu", "rv64", "-smp", "4,sockets=2", "-m", "2G", "-object", "memory-backend-ram,id=m0,size=1G", "-object",
          "memory-backend-ram,id=m1,size=1G", "-numa", "node,cpus=0-1,memdev=m0", "-numa", "node,cpus=2-3,memdev=m1"});
    EXPECT_TRUE(board_of("host.dtb").ok);
    EXPECT_THAT(build_on_it().messages, HasSubstr("board: plic: does not name interrupt 9 of cpu2"));
}

/// Has two sockets with three harts and a bank of memory each: group 1 of the interrupt files begins at hart index 4.
TEST_F(NewBoard, OfQemusMachineWithTwoSocketsCarriesGuests) {
    dump("host.dtb", "virt,aia=aplic-imsic,aia-guests=1",
         {"-cpu", "rv64", "-smp", "6,sockets=2", "-m", "2G", "-object", "memory-backend-ram,id=m0,size=1G", "-object",
          "memory-backend-ram,id=m1,size=1G", "-numa", "node,cpus=0-2,memdev=m0", "-numa", "node,cpus=3-5,memdev=m1"});
    EXPECT_EQ(board_of("host.dtb").messages, "");
    fs::copy_file(here / "board/two-guests.dtsi", "board/two-guests.dtsi");
    write("two.dts",
          "/dts-v1/;\n#include <platform.dtsi>\n#include <two-guests.dtsi>\n&beta { cpus = <&cpu3 &cpu2>; };\n");
    const auto built = build(test_options("two.dts", scratch_));
    EXPECT_EQ(built.messages, "");
    const auto description = text_of("out/description.hpp");
    EXPECT_THAT(description, HasSubstr("HartId{2}, 2, "));
    EXPECT_THAT(description, HasSubstr("HartId{3}, 4, "));
    EXPECT_THAT(description, HasSubstr(".imsic = {{0x28000000}, 0x6000, 1, 255, 255, 2, 2, 24}"));
    EXPECT_THAT(description, HasSubstr("{{0x28000000}, {0x29001000}, 0x1000, Rights::rw, WindowKind::interrupt_file}"));
    EXPECT_THAT(description, HasSubstr("{{0x28001000}, {0x28005000}, 0x1000, Rights::rw, WindowKind::interrupt_file}"));
}

TEST_F(NewBoard, OfEveryCpuThatQemuHasIsWrittenOrItsLackNamed) {
    struct Cpu {
        std::string name;
        std::string says;
    };
    for (const auto& [name, says] :
         {Cpu{"max", ""}, Cpu{"rva23s64", ""}, Cpu{"tt-ascalon", ""}, Cpu{"veyron-v1", ""}, Cpu{"rv64,sstc=off", ""},
          Cpu{"rv64,h=off", "does not declare 'h'"}, Cpu{"sifive-u54", "does not declare 'h'"},
          Cpu{"rv32", "is no 64-bit hart"}, Cpu{"rv64i", "mmu-type is riscv,none"}}) {
        dump("host.dtb", "virt,aia=aplic-imsic,aia-guests=1", {"-cpu", name, "-smp", "4", "-m", "1G"});
        const auto result = board_of("host.dtb");
        EXPECT_THAT(result.messages, HasSubstr(says)) << name;
        const auto built = build_on_it();
        EXPECT_EQ(built.ok, says.empty()) << name;
        EXPECT_THAT(built.messages, HasSubstr(says)) << name;
        EXPECT_EQ(built.messages.empty(), says.empty()) << built.messages;
    }
}

TEST_F(NewBoard, OfAMachineWithoutGuestFilesNamesTheLack) {
    dump("host.dtb", "virt,aia=aplic-imsic", {"-cpu", "rv64", "-smp", "4", "-m", "1G"});
    EXPECT_THAT(board_of("host.dtb").messages, HasSubstr("riscv,guest-index-bits is 0"));
    EXPECT_THAT(build_on_it().messages, HasSubstr("each hart needs a guest interrupt file"));
}

/// Keeps what is taken wherever a tree says so: below nested nodes, without `ranges`, or in the kernel's arguments; and
/// the machine level's registers, where a device shares their page.
TEST_F(NewBoard, KeepsWhatIsTakenFromOtherUses) {
    dump("host.dtb", "virt,aia=aplic-imsic,aia-guests=1", {"-cpu", "rv64", "-smp", "4", "-m", "2G"});
    write("host.dts", run({"dtc", "-q", "-I", "dtb", "-O", "dts", "host.dtb"}, {}).out + R"(
/ {
    reserved-memory {
        #address-cells = <2>;
        #size-cells = <2>;
        group {
            #address-cells = <2>;
            #size-cells = <2>;
            logs@90000000 { reg = <0x0 0x90000000  0x0 0x1000>; };
        };
    };
    chosen {
        #address-cells = <2>;
        #size-cells = <2>;
        framebuffer@a0000000 { reg = <0x0 0xa0000000  0x0 0x1000>; };
    };
    soc {
        timer@5000000 {
            compatible = "riscv,aclint-mtimer";
            reg = <0x0 0x5000000  0x0 0x100>;
            interrupts-extended = <&{/cpus/cpu@0/interrupt-controller} 7>;
        };
        lines: gpio@5000800 {
            compatible = "sifive,gpio0";
            reg = <0x0 0x5000800  0x0 0x100>;
        };
    };
};
)");
    const auto compiled = run({"dtc", "-q", "-@", "-I", "dts", "-O", "dtb", "-o", "host.dtb", "host.dts"}, {});
    ASSERT_EQ(compiled.status, 0) << compiled.err;
    EXPECT_EQ(board_of("host.dtb").messages,
              "host.dtb: warning: logs@90000000 reserves 0x90000000..0x90000fff: it is taken out of memory\n"
              "host.dtb: warning: framebuffer@a0000000 reserves 0xa0000000..0xa0000fff: it is taken out of memory\n");
    const auto board = text_of("board/platform.dtsi");
    for (const auto* reg : {"reserved@5000000 {\n            reg = <0x0 0x5000000 0x0 0x100>;",
                            "reserved@90000000 {\n            reg = <0x0 0x90000000 0x0 0x1000>;",
                            "reserved@a0000000 {\n            reg = <0x0 0xa0000000 0x0 0x1000>;"}) {
        EXPECT_THAT(board, HasSubstr(reg));
    }
}

TEST_F(NewBoard, TakesNoRangeOutThatWrapsAround) {
    dump("host.dtb", "virt,aia=aplic-imsic,aia-guests=1", {"-cpu", "rv64", "-smp", "4", "-m", "2G"});
    const auto source = run({"dtc", "-q", "-I", "dtb", "-O", "dts", "host.dtb"}, {}).out;
    write("host.dts", std::string{source}.insert(source.find("\n") + 1, "/memreserve/ 0xfffffffffffff000 0x2000;\n"));
    ASSERT_EQ(run({"dtc", "-q", "-I", "dts", "-O", "dtb", "-o", "host.dtb", "host.dts"}, {}).status, 0);
    EXPECT_EQ(board_of("host.dtb").messages, "");
    EXPECT_THAT(text_of("board/platform.dtsi"), testing::Not(HasSubstr("reserved@")));
}

TEST_F(NewBoard, OverwritesNothingUnlessTold) {
    TreeWriter tree;
    tree.begin("");
    tree.end();
    write("host.dtb", tree.finish());
    NewBoardOptions options{"host.dtb", "", "own.dtsi", false, {}};
    write("own.dtsi", "precious");
    EXPECT_EQ(new_board(options).messages.substr(new_board(options).messages.find("own.dtsi:")),
              "own.dtsi: is there already: --replace overwrites it, --output names another file\n");
    EXPECT_EQ(text_of("own.dtsi"), "precious");
    options.replace = true;
    EXPECT_TRUE(new_board(options).ok);
    options.replace = false;
    EXPECT_TRUE(new_board(options).ok) << "the same once more";
}

TEST_F(NewBoard, TakesItsNameFromTheTreeAndNoPathAsOne) {
    TreeWriter tree;
    tree.begin("");
    tree.string("compatible", "acme,Board-mk2.1");
    tree.end();
    write("host.dtb", tree.finish());
    EXPECT_EQ(new_board({"host.dtb", "", "", false, {}}).text, "dts/platform/board-mk2-1/platform.dtsi\n");
    EXPECT_EQ(new_board({"host.dtb", "../up", "", false, {}}).messages,
              "partc: --name ../up: a name is letters, digits, '-' and '_'\n");
}

TEST_F(NewBoard, RefusesATreeThatEndsEarly) {
    TreeWriter tree;
    tree.begin("");
    tree.string("compatible", "acme,board");
    tree.end();
    const auto whole = tree.finish();
    for (std::size_t size = 0; size < whole.size(); ++size) {
        write("host.dtb", whole.substr(0, size));
        const auto result = new_board({"host.dtb", "", "", false, {}});
        EXPECT_FALSE(result.ok) << size;
        EXPECT_THAT(result.messages, HasSubstr("host.dtb: ")) << size;
    }
    EXPECT_FALSE(fs::exists("dts"));
}

TEST_F(NewBoard, LeavesOutWhatNoSourceCanSay) {
    TreeWriter tree;
    tree.begin("");
    tree.string("model", "quote \" and \\ stay");
    tree.empty("bad name;");
    tree.begin("injected { }; / {\n}; //");
    tree.end();
    tree.begin("once@1");
    tree.end();
    tree.end();
    write("host.dtb", tree.finish());
    const auto result = board_of("host.dtb");
    EXPECT_THAT(result.messages, HasSubstr("property bad name; of  is left out: no source can have it"));
    EXPECT_THAT(result.messages, HasSubstr("node injected { }; / {?}; // below  is left out: no source can have it"));
    write("two.dts", "/dts-v1/;\n" + text_of("board/platform.dtsi"));
    const auto compiled = run({"dtc", "-q", "-I", "dts", "-O", "dts", "two.dts"}, {});
    EXPECT_EQ(compiled.err, "");
    EXPECT_EQ(compiled.out, "/dts-v1/;\n\n/ {\n\tmodel = \"quote \\\" and \\\\ stay\";\n\n\tonce@1 {\n\t};\n};\n");
}

TEST(IsaString, NamesWhatItStandsFor) {
    EXPECT_THAT(extensions_of("rv64imac"), ElementsAre("i", "m", "a", "c"));
    EXPECT_THAT(extensions_of("rv64gch_zicbom"),
                ElementsAre("i", "m", "a", "f", "d", "zicsr", "zifencei", "c", "h", "zicbom"));
    EXPECT_THAT(extensions_of("rv64i2p1m2_zicsr2p0_zve32x_zic64b"), ElementsAre("i", "m", "zicsr", "zve32x", "zic64b"));
    EXPECT_THAT(extensions_of("x86_64"), IsEmpty());
    EXPECT_THAT(extensions_of(""), IsEmpty());
}

}  // namespace
}  // namespace mullion::partc
