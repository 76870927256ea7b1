// SPDX-License-Identifier: Apache-2.0
// Tests that what is typed while the machine boots goes to the first guest, and is not lost. The planted images wait
// for a byte in the UART before the first hart enables its interrupts (cmake/planted.cmake).
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
