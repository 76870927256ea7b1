// SPDX-License-Identifier: Apache-2.0
// Calls the SBI as a guest (RISC-V SBI specification 3.0). Numbers are written down again and not taken from hv/core,
// as a test must not share them with what it tests.
#pragma once

#include <cstdint>

namespace guest {

namespace sbi {

inline constexpr std::uint64_t base = 0x10;
inline constexpr std::uint64_t time = 0x54494D45;
inline constexpr std::uint64_t ipi = 0x735049;
inline constexpr std::uint64_t rfence = 0x52464E43;
inline constexpr std::uint64_t hsm = 0x48534D;
inline constexpr std::uint64_t srst = 0x53525354;
inline constexpr std::uint64_t dbcn = 0x4442434E;
inline constexpr std::uint64_t susp = 0x53555350;
inline constexpr std::uint64_t sta = 0x535441;
inline constexpr std::uint64_t pmu = 0x504D55;
inline constexpr std::uint64_t fwft = 0x46574654;
inline constexpr std::uint64_t sse = 0x535345;
inline constexpr std::uint64_t console_putchar = 1;  ///< legacy (SBI 5.2)

// Functions of DBCN.
inline constexpr std::uint64_t console_write = 0;
inline constexpr std::uint64_t console_write_byte = 2;

inline constexpr std::int64_t success = 0;
inline constexpr std::int64_t failed = -1;
inline constexpr std::int64_t not_supported = -2;
inline constexpr std::int64_t invalid_param = -3;
inline constexpr std::int64_t denied = -4;
inline constexpr std::int64_t invalid_address = -5;
inline constexpr std::int64_t already_available = -6;
inline constexpr std::int64_t already_started = -7;
inline constexpr std::int64_t already_stopped = -8;
inline constexpr std::int64_t no_shmem = -9;
inline constexpr std::int64_t invalid_state = -10;
inline constexpr std::int64_t bad_range = -11;
inline constexpr std::int64_t denied_locked = -14;

enum class HartState : std::uint64_t {
    started,
    stopped,
    start_pending,
    stop_pending,
    suspended,
    suspend_pending,
    resume_pending
};

struct Result {
    std::int64_t error;
    std::uint64_t value;
};

struct Arguments {
    std::uint64_t a0 = 0;
    std::uint64_t a1 = 0;
    std::uint64_t a2 = 0;
    std::uint64_t a3 = 0;
    std::uint64_t a4 = 0;
};

inline Result call(std::uint64_t extension, std::uint64_t function, Arguments arguments = {}) {
    register std::uint64_t a0 asm("a0") = arguments.a0;
    register std::uint64_t a1 asm("a1") = arguments.a1;
    register std::uint64_t a2 asm("a2") = arguments.a2;
    register std::uint64_t a3 asm("a3") = arguments.a3;
    register std::uint64_t a4 asm("a4") = arguments.a4;
    register std::uint64_t a6 asm("a6") = function;
    register std::uint64_t a7 asm("a7") = extension;
    asm volatile("ecall" : "+r"(a0), "+r"(a1) : "r"(a2), "r"(a3), "r"(a4), "r"(a6), "r"(a7) : "memory");
    return {static_cast<std::int64_t>(a0), a1};
}

inline void set_timer(std::uint64_t at) {
    call(time, 0, {at});
}
inline Result send_ipi(std::uint64_t mask, std::uint64_t mask_base = 0) {
    return call(ipi, 0, {mask, mask_base});
}
inline Result hart_start(std::uint64_t hart, std::uint64_t address, std::uint64_t opaque) {
    return call(hsm, 0, {hart, address, opaque});
}
inline Result hart_stop() {
    return call(hsm, 1);
}
inline Result hart_status(std::uint64_t hart) {
    return call(hsm, 2, {hart});
}
inline bool hart_is(std::uint64_t hart, HartState state) {
    const auto result = hart_status(hart);
    return result.error == success && result.value == static_cast<std::uint64_t>(state);
}
inline Result reset(std::uint64_t type, std::uint64_t reason) {
    return call(srst, 0, {type, reason});
}

}  // namespace sbi
}  // namespace guest
