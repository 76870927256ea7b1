// SPDX-License-Identifier: Apache-2.0
#include "positions.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mullion::partc {
namespace {

using testing::ElementsAre;

// A source with positions as `dtc -T -T` writes it.
constexpr auto annotated = R"(/dts-v1/;

/memreserve/	0x0000000000000000 0x0000000000001000; /* a.dts:1:1-1:20 */
/ { /* a.dts:2:3-9:3, with space.dts:1:3-4:3 */
	#address-cells = <0x02>; /* a.dts:3:5-3:26 */

	one: two: bus@1 { /* a.dts:4:15-8:7 */
		ranges; /* a.dts:5:9-5:16 */
		text = "/* not:9:9-9:9 */ { }; x"; /* a.dts:6:9-6:30 */
		label: reg = <0x01>; /* dir/b.dtsi:7:9-8:3 */
		phandle = <0x01>; /* <no-file>:<no-line> */

		inner { /* a.dts:7:15-7:20 */
		}; /* a.dts:7:15-7:20 */
	}; /* a.dts:4:15-8:7 */

	last = "x"; /* a.dts:12:5-12:9 */
}; /* a.dts:2:3-9:3 */
)";

class PositionsTest : public testing::Test {
 protected:
    const Annotations found = parse_annotations(annotated);
};

TEST_F(PositionsTest, FindsNodesAndTheirLabels) {
    EXPECT_EQ(found.at("/").at, (Position{"a.dts", 2}));
    EXPECT_EQ(found.at("/bus@1").at, (Position{"a.dts", 4}));
    EXPECT_THAT(found.at("/bus@1").labels, ElementsAre("one", "two"));
    EXPECT_EQ(found.at("/bus@1/inner").at, (Position{"a.dts", 7}));
}

TEST_F(PositionsTest, FindsPropertiesAtEveryDepth) {
    EXPECT_EQ(found.at("/:#address-cells").at, (Position{"a.dts", 3}));
    EXPECT_EQ(found.at("/bus@1:ranges").at, (Position{"a.dts", 5}));
    EXPECT_EQ(found.at("/bus@1:reg").at, (Position{"dir/b.dtsi", 7}));
    EXPECT_EQ(found.at("/:last").at, (Position{"a.dts", 12}));
}

TEST_F(PositionsTest, IsNotMisledByStrings) {
    EXPECT_EQ(found.at("/bus@1:text").at, (Position{"a.dts", 6}));
    EXPECT_EQ(found.size(), 9);
}

TEST_F(PositionsTest, KnowsNoPlaceForWhatDtcAdded) {
    EXPECT_EQ(found.at("/bus@1:phandle").at, Position{});
}

TEST(LineMarker, SaysWhereTheNextLineIsFrom) {
    EXPECT_EQ(parse_line_marker(R"(# 12 "dir/a file.dts" 1)"), (Position{"dir/a file.dts", 12}));
    EXPECT_EQ(parse_line_marker(R"(# 0 "<built-in>")"), (Position{"<built-in>", 0}));
    EXPECT_FALSE(parse_line_marker(R"(#address-cells = "1";)"));
    EXPECT_FALSE(parse_line_marker("# 12"));
    EXPECT_FALSE(parse_line_marker("# x \"a\""));
}

}  // namespace
}  // namespace mullion::partc
