// SPDX-License-Identifier: Apache-2.0
// What is typed while the machine boots is the first guest's, and is not lost. The images wait, before the first hart
// enables its interrupts, until a byte is in the UART (cmake/planted.cmake).
#include <gtest/gtest.h>

#include "probe.hpp"

namespace mullion::target {
namespace {

class TypedAtBoot : public testing::TestWithParam<std::string> {};

TEST_P(TypedAtBoot, BytesAndKeysArrive) {
    const auto image = planted("typed-at-boot", "two-probes", GetParam());
    Machine machine({.description = "two-probes", .platform = GetParam(), .extra = {"-kernel", image}});
    machine.expect_line("mullion", "^waits for a byte$");
    machine.type("base.version\r");
    machine.type_key('s');
    machine.expect_line("mullion", "^alpha: [a-z]+$");
    expect_ready(machine, "alpha");
    machine.expect_line("alpha", "^probe: base.version ok$");
}

INSTANTIATE_TEST_SUITE_P(On, TypedAtBoot, testing::Values("qemu", "qemu-plic", "qemu-aplic"),
                         [](const auto& platform) { return test_name(platform.param); });

}  // namespace
}  // namespace mullion::target
