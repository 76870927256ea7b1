// SPDX-License-Identifier: Apache-2.0
#include "labels.hpp"

#include <gtest/gtest.h>

namespace mullion::partc {
namespace {

/// Returns the complaints about a source as cpp prints it, in which `text` begins at line 7 of a.dts.
std::string said(const std::string& text) {
    Diagnostics diagnostics;
    check_labels("# 7 \"a.dts\"\n" + text, diagnostics);
    return diagnostics.text();
}

TEST(Labels, AreFoundOnNodesPropertiesAndValues) {
    EXPECT_EQ(said("a: b: node { c: x = d: <&a &b &c &d>; };\n&a { };"), "");
}

TEST(Labels, ThatNoNodeHasAreToldWithTheirLines) {
    EXPECT_EQ(said("alpha: node { };\n\n&beta { };\n# 20 \"b.dtsi\" 1\nx = <&gamma>;"),
              "a.dts:9: no node has the label 'beta'\n"
              "b.dtsi:20: no node has the label 'gamma'\n");
}

TEST(Labels, ComeWithASuggestion) {
    EXPECT_EQ(said("serial: node { x = <&seriel>; };"),
              "a.dts:7: no node has the label 'seriel' (did you mean 'serial'?)\n");
    EXPECT_EQ(said("cpu10: a { }; cpu2: b { x = <&cpu3>; };"),
              "a.dts:7: no node has the label 'cpu3'; there is cpu2, cpu10\n");
}

TEST(Labels, AreNotSuggestedWithoutEnd) {
    std::string text;
    for (int i = 0; i < 100; ++i) {
        text += "cpu" + std::to_string(i) + ": n" + std::to_string(i) + " { }; ";
    }
    EXPECT_EQ(said(text + "&cpu100 { };"),
              "a.dts:7: no node has the label 'cpu100'; there is cpu0, cpu1, cpu2, cpu3, cpu4, "
              "cpu5, cpu6, cpu7, ...\n");
}

TEST(Labels, AreNotSeenInText) {
    EXPECT_EQ(said(R"(x = "&a b: \" &c"; y = <(1 & 3)>, <&{/soc/a@1}>, "&d", (2 ? 1:0);)"), "");
}

}  // namespace
}  // namespace mullion::partc
