// SPDX-License-Identifier: Apache-2.0
#include "blob.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tree_writer.hpp"

namespace mullion::partc {
namespace {

using testing::HasSubstr;

std::string small_blob() {
    TreeWriter writer;
    writer.begin("");
    writer.cells("number", {42});
    writer.begin("device");
    writer.end();
    writer.begin("__symbols__");
    writer.string("label", "/device");
    writer.bytes("no-path", {'/', 'd'});
    writer.end();
    writer.end();
    return writer.finish();
}

/// Returns the blob with another word at this place of its header (devicetree specification, 5.2).
std::string with_word(std::string blob, std::size_t at, std::uint32_t value) {
    for (int i = 0; i < 4; ++i) {
        blob[at + static_cast<std::size_t>(i)] = static_cast<char>(value >> (24 - 8 * i));
    }
    return blob;
}

std::string refusal(const std::string& blob) {
    const auto tree = read_blob(blob);
    return tree ? "" : tree.error();
}

TEST(Blob, IsReadWithTheLabelsThatItCarries) {
    const auto tree = read_blob(small_blob());
    ASSERT_TRUE(tree) << tree.error();
    EXPECT_EQ(tree->root().cell("number"), 42u);
    ASSERT_NE(tree->by_label("label"), nullptr);
    EXPECT_EQ(tree->by_label("label")->name, "device");
    EXPECT_EQ(tree->by_label("no-path"), nullptr);
}

TEST(Blob, IsRefusedWithTwoOfOneName) {
    TreeWriter nodes;
    nodes.begin("");
    nodes.begin("bus");
    for (int i = 0; i < 2; ++i) {
        nodes.begin("device");
        nodes.end();
    }
    nodes.end();
    nodes.end();
    EXPECT_EQ(refusal(nodes.finish()), "has two of the name 'device' in one node");
    TreeWriter properties;
    properties.begin("");
    properties.cells("number", {1});
    properties.cells("number", {2});
    properties.end();
    EXPECT_EQ(refusal(properties.finish()), "has two of the name 'number' in one node");
}

TEST(Blob, IsRefusedWhereItEndsTooSoon) {
    const auto blob = small_blob();
    for (std::size_t size = 0; size < blob.size(); ++size) {
        EXPECT_NE(refusal(blob.substr(0, size)), "") << size;
    }
}

TEST(Blob, IsRefusedWhenItIsNone) {
    EXPECT_THAT(refusal(std::string(100, 'x')), HasSubstr("is no flattened device tree"));
}

TEST(Blob, IsRefusedInVersionsWhoseNamesArePaths) {
    constexpr std::size_t version = 20;
    EXPECT_NE(refusal(with_word(with_word(small_blob(), version, 15), version + 4, 15)), "");
}

// libfdt 1.6 accepts the first of these trees, and never comes to the end of the second one.
TEST(Blob, IsRefusedWithAValueOfNegativeLength) {
    const auto blob = small_blob();
    const auto property = blob.find(std::string{"\0\0\0\3\0\0\0\4", 8});
    ASSERT_NE(property, std::string::npos);
    EXPECT_NE(refusal(with_word(blob, property + 4, static_cast<std::uint32_t>(-1))), "");
    EXPECT_NE(refusal(with_word(blob, property + 4, static_cast<std::uint32_t>(-12))), "");
}

TEST(Blob, IsRefusedWithoutARootAtItsBegin) {
    const auto blob = small_blob();
    constexpr std::size_t structure = 8;
    const auto root = static_cast<unsigned char>(blob[structure + 3]);
    EXPECT_NE(refusal(with_word(blob, root, 4)), "");  // FDT_NOP
}

TEST(Blob, IsRefusedWhenItIsTooDeep) {
    TreeWriter writer;
    writer.begin("");
    for (int depth = 0; depth <= max_tree_depth; ++depth) {
        writer.begin("n");
    }
    for (int depth = 0; depth <= max_tree_depth; ++depth) {
        writer.end();
    }
    writer.end();
    EXPECT_EQ(refusal(writer.finish()), "has nodes more than 64 levels deep");
}

}  // namespace
}  // namespace mullion::partc
