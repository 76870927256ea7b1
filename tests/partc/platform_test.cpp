// SPDX-License-Identifier: Apache-2.0
// Compares dts/platform/* with the trees that QEMU itself makes of the machines.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <sstream>

extern "C" {
#include <libfdt.h>
}

#include "fixture.hpp"
#include "process.hpp"
#include "read.hpp"

namespace mullion::partc {
namespace {

using testing::IsSubsetOf;

const fs::path dts = PARTC_DTS;

/// Lists properties that are not compared: they refer to other nodes, or QEMU leaves them out.
constexpr std::array<std::string_view, 9> without_equal{
    "cpu",    "phandle",  "interrupt-parent", "interrupt-map", "msi-parent", "interrupts-extended", "#address-cells",
    "regmap", "iommu-map"};
/// Lists properties of which the board's words must be among QEMU's, which knows more extensions with each version.
constexpr std::array<std::string_view, 2> growing{"riscv,isa", "riscv,isa-extensions"};

bool is_one_of(std::string_view word, auto& words) {
    return std::ranges::find(words, word) != words.end();
}

struct Machine {
    std::string name;  ///< of the platform
    std::string machine;
    std::string cpu;
};

class Platform : public testing::TestWithParam<Machine> {
 protected:
    std::string qemus_tree() const {
        const auto* qemu = std::getenv("QEMU");
        const auto file = (scratch_.path() / "qemu.dtb").string();
        const auto outcome =
            run({qemu == nullptr || *qemu == '\0' ? "qemu-system-riscv64" : qemu, "-machine",
                 GetParam().machine + ",dumpdtb=" + file, "-cpu", GetParam().cpu, "-smp", "4", "-m", "2G"},
                {});
        EXPECT_EQ(outcome.status, 0) << outcome.err;
        return text_of(file);
    }

    Tree our_tree() const {
        Diagnostics diagnostics;
        const SourceFile source{dts / "two-linux.dts", {dts / "platform" / GetParam().name}};
        auto parsed = read(source, diagnostics);
        EXPECT_EQ(diagnostics.text(), "");
        return std::move(parsed->tree);
    }

    const Scratch scratch_;
};

class Comparison {
 public:
    explicit Comparison(const std::string& qemu) : qemu_(qemu.data()) {}

    void compare(const Node& ours, const std::string& path) const {
        const auto theirs = fdt_path_offset(qemu_, path.empty() ? "/" : path.c_str());
        ASSERT_GE(theirs, 0) << "QEMU has no " << path;
        for (const auto& property : ours.properties) {
            if (!is_one_of(property.name, without_equal)) {
                compare(property, theirs, path);
            }
        }
        for (const auto& child : ours.children) {
            if (child->name != "partitions" && child->name != "reserved-memory") {
                compare(*child, path + '/' + child->name);
            }
        }
    }

 private:
    void compare(const Property& ours, int node, const std::string& path) const {
        int size = 0;
        const auto* value = static_cast<const std::uint8_t*>(fdt_getprop(qemu_, node, ours.name.c_str(), &size));
        ASSERT_NE(value, nullptr) << "QEMU has no " << path << ':' << ours.name;
        const Property theirs{ours.name, {value, value + size}, {}};
        if (is_one_of(ours.name, growing)) {
            EXPECT_THAT(words(ours), IsSubsetOf(words(theirs))) << path << ':' << ours.name;
        } else {
            EXPECT_EQ(ours.value, theirs.value) << path << ':' << ours.name;
        }
    }

    /// Returns the property's strings, further divided at the underscores of riscv,isa.
    static std::vector<std::string> words(const Property& property) {
        std::vector<std::string> words;
        for (const auto& string : property.strings().value_or(std::vector<std::string>{})) {
            std::istringstream stream{string};
            for (std::string word; std::getline(stream, word, '_');) {
                words.push_back(word);
            }
        }
        return words;
    }

    const void* qemu_;
};

TEST_P(Platform, DeclaresNothingThatQemuHasOtherwise) {
    const auto qemu = qemus_tree();
    const auto ours = our_tree();
    Comparison{qemu}.compare(ours.root(), "");
}

INSTANTIATE_TEST_SUITE_P(
    OfQemu, Platform,
    testing::Values(Machine{"qemu", "virt,aia=aplic-imsic,aia-guests=1", "rv64"},
                    Machine{"qemu-iommu", "virt,aia=aplic-imsic,aia-guests=1,iommu-sys=on", "rv64"},
                    Machine{"qemu-plic", "virt", "rv64,sstc=off"}, Machine{"qemu-aplic", "virt,aia=aplic", "rv64"}));

}  // namespace
}  // namespace mullion::partc
