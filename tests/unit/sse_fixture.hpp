// SPDX-License-Identifier: Apache-2.0
// Provides a guest that makes calls of the SSE extension, for its tests.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <cstring>

#include "fake_sbi_port.hpp"
#include "rooms/sse.hpp"

namespace mullion {

struct SbiSse : testing::Test, FakeGuest {
    using enum SseFunction;
    using Attribute = sse::Attribute;

    static constexpr std::uint64_t local = sse_local_software;
    static constexpr std::uint64_t global = sse_global_software;
    static constexpr std::uint64_t overflow = sse_local_overflow;
    static constexpr std::array both{local, global};
    static constexpr std::uint64_t handler = 0xffff'ffc0'8000'1234;
    static constexpr std::uint64_t memory = 0x8000'0000;

    SbiSse() {
        for (auto& hart : harts) {
            hart.state = static_cast<std::uint32_t>(HsmState::started);
        }
    }

    SbiResult call_on(std::uint32_t hart, SseFunction function, std::uint64_t a0 = 0, std::uint64_t a1 = 0,
                      std::uint64_t a2 = 0, std::uint64_t a3 = 0, std::uint64_t a4 = 0) {
        return fake_sbi_call(
            harts[hart], port,
            {a0, a1, a2, a3, a4, static_cast<std::uint64_t>(function), static_cast<std::uint64_t>(SbiExtension::sse)});
    }
    SbiError sse(SseFunction function, std::uint64_t a0 = 0, std::uint64_t a1 = 0, std::uint64_t a2 = 0) {
        return call_on(0, function, a0, a1, a2).error;
    }
    std::uint64_t attribute(std::uint64_t event, Attribute which, std::uint32_t hart = 0) {
        EXPECT_EQ(call_on(hart, read_attrs, event, static_cast<std::uint64_t>(which), 1, memory), sbi_success);
        std::uint64_t value = 0;
        std::memcpy(&value, port.banks[0].bytes.data(), 8);
        return value;
    }
    SbiError write(std::uint64_t event, Attribute which, std::uint64_t value, std::uint32_t hart = 0) {
        std::memcpy(port.banks[0].bytes.data(), &value, 8);
        return call_on(hart, write_attrs, event, static_cast<std::uint64_t>(which), 1, memory).error;
    }
    std::uint64_t state_of(std::uint64_t event, std::uint32_t hart = 0) {
        return attribute(event, Attribute::status, hart) & 3;
    }
    bool is_pending(std::uint64_t event, std::uint32_t hart = 0) {
        return (attribute(event, Attribute::status, hart) & 4) != 0;
    }
    void enable_event(std::uint64_t event, std::uint32_t hart = 0) {
        EXPECT_EQ(call_on(hart, register_event, event, handler, event), sbi_success);
        EXPECT_EQ(call_on(hart, enable, event), sbi_success);
    }
    void unmask(std::uint32_t hart) { EXPECT_EQ(call_on(hart, hart_unmask), sbi_success); }
};

}  // namespace mullion
