// SPDX-License-Identifier: Apache-2.0
#include "guest_source.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "build.hpp"
#include "fixture.hpp"
#include "process.hpp"

namespace mullion::partc {
namespace {

class GuestSourceTest : public testing::Test {
 protected:
    Result of(const std::string& guest) const {
        return show(workspace.options("every-format"), [&](const Described& d) { return guest_source(d, guest); });
    }

    const Workspace workspace{PARTC_TESTS};
};

TEST_F(GuestSourceTest, IsTheSourceOfTheTreeThatIsBuilt) {
    ASSERT_TRUE(build(workspace.options("every-format")).ok);
    const auto compiled = run({"dtc", "-q", "-q", "-I", "dts", "-O", "dtb", "-p", "0", "-"}, of("beta").text);
    const auto built = run({"dtc", "-q", "-q", "-I", "dtb", "-O", "dtb", "-p", "0", "-"}, text_of("out/beta.dtb"));
    EXPECT_EQ(compiled.out, built.out);
    EXPECT_THAT(of("beta").text, testing::HasSubstr("model = \"Mullion guest beta\""));
}

TEST_F(GuestSourceTest, NamesTheGuestsWhenThereIsNoSuch) {
    const auto result = of("delta");
    EXPECT_FALSE(result.ok);
    EXPECT_EQ(result.text, "");
    EXPECT_EQ(result.messages, "partc: there is no partition 'delta'; there is: alpha, beta, gamma-2\n");
}

}  // namespace
}  // namespace mullion::partc
