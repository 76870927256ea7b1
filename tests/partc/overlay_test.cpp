// SPDX-License-Identifier: Apache-2.0
#include "overlay.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "files.hpp"
#include "fixture.hpp"

namespace mullion::partc {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class OverlayTest : public testing::Test {
 protected:
    OverlayTest() { fs::copy_file(fs::path{PARTC_TESTS} / "good" / overlay_, overlay_); }

    const Workspace workspace_{PARTC_TESTS};
    const std::string overlay_ = "with-overlay.dtso";
};

TEST_F(OverlayTest, IsAmongTheFilesThatMakeWatches) {
    ASSERT_TRUE(build(workspace_.options("with-overlay")).ok);
    EXPECT_THAT(text_of("out/partc.d"), AllOf(HasSubstr("with-overlay.dtso"), HasSubstr("dt-bindings/test.h")));
}

TEST_F(OverlayTest, IsNamedInTheReport) {
    ASSERT_TRUE(build(workspace_.options("with-overlay")).ok);
    EXPECT_THAT(text_of("out/report.txt"), HasSubstr("its tree is changed by with-overlay.dtso"));
}

TEST_F(OverlayTest, IsWarnedOfWhereDtcWarnsOfTheTree) {
    write(overlay_, "/dts-v1/;\n/plugin/;\n&gpio {\n    part@1 {\n    };\n};\n");
    const auto result = build(workspace_.options("with-overlay"));
    EXPECT_TRUE(result.ok);
    EXPECT_EQ(result.messages,
              "with-overlay.dtso: warning: overlay of 'alpha': /soc/gpio@10000000/part@1: node has a unit name, but no "
              "reg or ranges property\n");
}

}  // namespace
}  // namespace mullion::partc
