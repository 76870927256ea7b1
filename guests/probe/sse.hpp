// SPDX-License-Identifier: Apache-2.0
// Makes calls for supervisor software events, and has a handler that records what it finds. The handler must return, so
// it does not check anything itself.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "probe/expect.hpp"
#include "probe/hart.hpp"

namespace probe {

/// What sse_entry.S records of an event, and what the handler adds.
struct SseEvent {
    std::array<std::uint64_t, 32> x{};  // a6 and a7 as the handler found them, the others of the interrupted code
    std::uint64_t stack_end = 0;
    std::uint64_t id = 0;
    std::uint64_t pc = 0;
    std::uint64_t status = 0;
    std::atomic<std::uint32_t> runs{0};
    std::uint32_t begun = 0;  ///< position among the starts and ends of all handlers
    std::uint32_t ended = 0;
    void (*job)(SseEvent& event) = nullptr;
    alignas(16) std::array<std::byte, 4096> stack;
};
static_assert(offsetof(SseEvent, stack_end) == 256);  // sse_entry.S

namespace sse {

enum Function : std::uint64_t {
    read_attrs,
    write_attrs,
    register_event,
    unregister,
    enable,
    disable,
    complete,
    inject,
    unmask,
    mask,
};
enum Attribute : std::uint64_t {
    status,
    priority,
    config,
    preferred_hart,
    entry_pc,
    entry_arg,
    interrupted_sepc,
    interrupted_flags,
    interrupted_a6,
    interrupted_a7,
    attribute_count
};
enum State : std::uint64_t { unused, registered, enabled, running };

inline constexpr std::uint64_t overflow = 0x1'0000;
inline constexpr std::uint64_t local = 0xFFFF'0000;
inline constexpr std::uint64_t global = 0xFFFF'8000;
extern SseEvent overflow_event;
extern SseEvent local_event;
extern SseEvent global_event;
SseEvent& event_of(std::uint64_t id);

sbi::Result call(Function function, std::uint64_t a0 = 0, std::uint64_t a1 = 0, std::uint64_t a2 = 0);
/// Makes a call that must succeed.
void must(Function function, std::uint64_t a0 = 0, std::uint64_t a1 = 0);
sbi::Result move(Function function, std::uint64_t id, std::uint64_t base, std::uint64_t count, const void* memory,
                 std::uint64_t high = 0);
sbi::Result write(std::uint64_t id, Attribute attribute, std::uint64_t value);
std::uint64_t read(std::uint64_t id, Attribute attribute);
void expect_state(std::uint64_t id, State state, bool pending = false);

/// Prepares a handler to be registered, which runs `job`.
SseEvent& make_handler(std::uint64_t id, void (*job)(SseEvent&) = nullptr);
sbi::Result set_handler(std::uint64_t id);
SseEvent& enable_event(std::uint64_t id, void (*job)(SseEvent&) = nullptr);
/// Disables and unregisters an event.
void forget(std::uint64_t id);
void inject_here(std::uint64_t id);

}  // namespace sse
}  // namespace probe

extern "C" void sse_entry();
