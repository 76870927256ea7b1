// SPDX-License-Identifier: Apache-2.0
#include "links.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "blob.hpp"
#include "process.hpp"

namespace mullion::partc {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// Returns a tree whose node `user` has these properties. They refer by number: clock 1 has no cells, controller 2 two.
Tree tree_with(const std::string& properties) {
    const auto blob = run({"dtc", "-q", "-q", "-f", "-I", "dts", "-O", "dtb", "-"},
                          "/dts-v1/; / { clock { phandle = <1>; #clock-cells = <0>; };"
                          "controller { phandle = <2>; #clock-cells = <2>; #gpio-cells = <2>; #dma-cells = <1>; };"
                          "user { " +
                              properties + " }; };");
    return std::move(*read_blob(blob.out, {}));
}

/// Returns what the property refers to, as "0:clock 4:controller", or in what it is malformed.
std::vector<std::string> found(const Tree& tree, const std::string& property) {
    const auto& user = *tree.root().child("user");
    const auto links = links_of(tree, user, *user.find(property));
    if (!links) {
        return {links.error()};
    }
    std::vector<std::string> words;
    for (const auto& link : *links) {
        words.push_back(std::to_string(link.offset) + ':' + link.target->name);
    }
    return words;
}

std::vector<std::string> found(const std::string& property, const std::string& value) {
    return found(tree_with(property + " = " + value + ";"), property);
}

TEST(Links, FollowTheCellsOfEachTarget) {
    EXPECT_THAT(found("clocks", "<1 2 1 1 1>"), ElementsAre("0:clock", "4:controller", "16:clock"));
    EXPECT_THAT(found("reset-gpios", "<2 1 1>"), ElementsAre("0:controller"));
    EXPECT_THAT(found("dmas", "<2 1 2 2>"), ElementsAre("0:controller", "8:controller"));
}

TEST(Links, AreNodesAloneWhereNoCellsBelongToThem) {
    EXPECT_THAT(found("vcc-supply", "<1>"), ElementsAre("0:clock"));
    EXPECT_THAT(found("pinctrl-10", "<1 2>"), ElementsAre("0:clock", "4:controller"));
    EXPECT_THAT(found("memory-region", "<2>"), ElementsAre("0:controller"));
}

TEST(Links, MayBeLeftOut) {
    EXPECT_THAT(found("cs-gpios", "<0 2 1 1 0xffffffff>"), ElementsAre("4:controller"));
}

TEST(Links, AreNotSeenInNumbersOfOtherProperties) {
    EXPECT_THAT(found("test,clock", "<1>"), IsEmpty());
    EXPECT_THAT(found("pinctrl-names", "\"a\""), IsEmpty());
    EXPECT_THAT(found("snps,nr-gpios", "<2>"), IsEmpty());
    EXPECT_THAT(found(tree_with("gpio-hog; gpios = <2 0>;"), "gpios"), IsEmpty());
}

TEST(Links, AreRefusedWhereTheyAreMalformed) {
    const auto refused = ElementsAre(testing::StartsWith("is no list of references"));
    EXPECT_THAT(found("clocks", "<9>"), refused) << "no node has phandle 9";
    EXPECT_THAT(found("dmas", "<1 0 2>"), refused) << "the clock has no #dma-cells";
    EXPECT_THAT(found("clocks", "<2 1>"), refused) << "the controller has two";
    EXPECT_THAT(found("clocks", "[00 00 01]"), refused);
}

TEST(Links, AreKnownExactlyWhereTheSourceWritesLabels) {
    const auto compiled = [](const std::string& more) {
        // 255 phandles before the one that matters: the next number carries into another byte.
        std::string all =
            "/dts-v1/; / { user { test,list = <1 &{/clock} 7>, <&{/clock}>; test,mixed = \"a\", "
            "<&{/clock}>; test,numbers = <256>; }; clock { }; ";
        std::string before = "/ { before { ";
        for (int i = 0; i < 254; ++i) {
            all += "n" + std::to_string(i) + " { }; ";
            before += "p" + std::to_string(i) + " = <&{/n" + std::to_string(i) + "}>; ";
        }
        all.insert(all.find("user"), before.substr(4) + "}; ");
        return run({"dtc", "-q", "-q", "-I", "dts", "-O", "dtb", "-"}, all + "};" + more).out;
    };
    auto tree = std::move(*read_blob(compiled(""), {}));
    const auto other = read_blob(compiled("/ { last { phandle = <1>; }; };"), {});
    ASSERT_EQ(tree.root().child("clock")->cell("phandle"), 255u);
    tree.find_references(*other);
    EXPECT_THAT(found(tree, "test,list"), ElementsAre("4:clock", "12:clock"));
    EXPECT_THAT(found(tree, "test,mixed"), ElementsAre("2:clock"));
    EXPECT_THAT(found(tree, "test,numbers"), IsEmpty());
}

TEST(Links, AreKnownWhereANumberIsHigherInAnotherByteAlone) {
    const auto compiled = [](const std::string& more) {
        std::string all =
            "/dts-v1/; / { user { test,list = <1 &{/clock} 7>; test,mixed = \"a\", <&{/clock}>; }; clock { }; ";
        for (int i = 2; i <= 256; ++i) {
            all += "n" + std::to_string(i) + " { phandle = <" + std::to_string(i) + ">; }; ";
        }
        return run({"dtc", "-q", "-q", "-I", "dts", "-O", "dtb", "-"}, all + "};" + more).out;
    };
    auto tree = std::move(*read_blob(compiled(""), {}));
    const auto other = read_blob(compiled("/ { last { phandle = <1>; }; };"), {});
    ASSERT_EQ(tree.root().child("clock")->cell("phandle"), 1u);
    ASSERT_EQ(other->root().child("clock")->cell("phandle"), 257u);
    tree.find_references(*other);
    EXPECT_THAT(found(tree, "test,list"), ElementsAre("4:clock"));
    EXPECT_THAT(found(tree, "test,mixed"), ElementsAre("2:clock"));
}

}  // namespace
}  // namespace mullion::partc
