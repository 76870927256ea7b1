// SPDX-License-Identifier: Apache-2.0
// Tests the hypervisor's own page tables: an access that they must not allow (tests/target/faults) ends in the panic.
#include <gtest/gtest.h>

#include <string>

#include "machine.hpp"

namespace mullion::target {
namespace {

struct Fault {
    std::string name;
    unsigned scause;  ///< of the trap that must stop it
};

constexpr unsigned instruction_page_fault = 12;
constexpr unsigned load_page_fault = 13;
constexpr unsigned store_page_fault = 15;

class OwnFault : public testing::TestWithParam<Fault> {
 protected:
    static Machine boot(const std::string& name) {
        const auto image = std::string(MULLION_BUILD) + "/qemu/two-probes/faults/" + name + ".bin";
        return Machine({.description = "two-probes", .extra = {"-kernel", image}});
    }
};

TEST_P(OwnFault, EndsInThePanic) {
    Machine machine = boot(GetParam().name);
    machine.expect_line("mullion", "^PANIC on hart [0-3]: trap in the hypervisor$");
    const auto scause = machine.expect_line("mullion", "^scause 0x([0-9a-f]+)  sepc 0x[0-9a-f]+  stval 0x[0-9a-f]+$");
    EXPECT_EQ(std::stoul(scause.at(1), nullptr, 16), GetParam().scause);
    machine.exit_code();  // the machine ends
}

INSTANTIATE_TEST_SUITE_P(
    Fault, OwnFault,
    testing::Values(Fault{"store-to-stage2", store_page_fault}, Fault{"store-to-stage1", store_page_fault},
                    Fault{"store-to-text", store_page_fault}, Fault{"store-to-constants", store_page_fault},
                    Fault{"store-to-images", store_page_fault}, Fault{"store-to-guard", store_page_fault},
                    Fault{"overflow-stack", store_page_fault}, Fault{"execute-data", instruction_page_fault},
                    Fault{"execute-constants", instruction_page_fault},
                    Fault{"execute-guest-memory", instruction_page_fault}, Fault{"load-from-firmware", load_page_fault},
                    Fault{"load-from-neighbour", load_page_fault}),
    [](const auto& fault) {
        auto name = fault.param.name;
        std::erase(name, '-');
        return name;
    });

TEST(OwnBounds, AreChecked) {
    Machine machine(
        {.description = "two-probes", .extra = {"-kernel", MULLION_BUILD "/qemu/two-probes/faults/exceed-bounds.bin"}});
    machine.expect_line("mullion", "^PANIC on hart [0-3]: (assertion failed|abort)");
    machine.exit_code();  // the machine ends
}

}  // namespace
}  // namespace mullion::target
