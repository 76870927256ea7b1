// SPDX-License-Identifier: Apache-2.0
// Provides a guest whose hart 0 has discovered its counters and started: 0 and 2 are cycle and instret, 3 and 4 the
// firmware's others; 1 and 5 to 12 are Mullion's.
#pragma once

#include <gtest/gtest.h>

#include "fake_sbi_port.hpp"

namespace mullion {

struct PmuGuest : testing::Test, FakeGuest {
    PmuGuest() {
        set(0, HsmState::started);
        set(1, HsmState::started);
        discover_counters(pmu, port);
        reset_counters(pmu, port);
        firmware.configured.clear();
    }

    SbiResult pmu_call(PmuFunction function, std::uint64_t a0 = 0, std::uint64_t a1 = 0, std::uint64_t a2 = 0,
                       std::uint64_t a3 = 0, std::uint64_t a4 = 0) {
        return call(SbiExtension::pmu, function, a0, a1, a2, a3, a4);
    }
    SbiResult configure(std::uint64_t mask, std::uint64_t event, std::uint64_t flags = 0, std::uint64_t data = 0) {
        return pmu_call(PmuFunction::counter_config_matching, 0, mask, flags, event, data);
    }
    SbiResult start(std::uint64_t mask, std::uint64_t flags = 0, std::uint64_t value = 0) {
        return pmu_call(PmuFunction::counter_start, 0, mask, flags, value);
    }
    SbiResult stop(std::uint64_t mask, std::uint64_t flags = 0) {
        return pmu_call(PmuFunction::counter_stop, 0, mask, flags);
    }
    std::uint64_t read(std::uint64_t counter) {
        const auto result = pmu_call(PmuFunction::counter_fw_read, counter);
        EXPECT_EQ(result.error, SbiError::success);
        return result.value;
    }
    /// Sends an IPI to hart 1, which counts one ipi_sent here and one ipi_received there.
    void send_ipi() { (void)call(SbiExtension::ipi, IpiFunction::send_ipi, 0b10); }

    Pmu& pmu = harts[0].pmu;
    FakePmu& firmware = port.pmu;
};

constexpr SbiResult counter(std::uint64_t index) {
    return {SbiError::success, index};
}
inline constexpr SbiResult unsupported{SbiError::not_supported};
inline constexpr SbiResult invalid{SbiError::invalid_param};

inline constexpr std::uint64_t ipi_sent = 0xf0006;
inline constexpr std::uint64_t ipi_received = 0xf0007;

}  // namespace mullion
