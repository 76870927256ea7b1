// SPDX-License-Identifier: Apache-2.0
#include "probe/sse.hpp"

namespace probe::sse {
namespace {

std::atomic<std::uint32_t> ticks;

}  // namespace

SseEvent overflow_event;
SseEvent local_event;
SseEvent global_event;

SseEvent& event_of(std::uint64_t id) {
    return id == overflow ? overflow_event : id == local ? local_event : global_event;
}

sbi::Result call(Function function, std::uint64_t a0, std::uint64_t a1, std::uint64_t a2) {
    return sbi::call(sbi::sse, function, {a0, a1, a2});
}
void must(Function function, std::uint64_t a0, std::uint64_t a1) {
    expect_success("an SSE call", call(function, a0, a1));
}
sbi::Result move(Function function, std::uint64_t id, std::uint64_t base, std::uint64_t count, const void* memory,
                 std::uint64_t high) {
    return sbi::call(sbi::sse, function, {id, base, count, reinterpret_cast<std::uint64_t>(memory), high});
}
sbi::Result write(std::uint64_t id, Attribute attribute, std::uint64_t value) {
    return move(write_attrs, id, attribute, 1, &value);
}
std::uint64_t read(std::uint64_t id, Attribute attribute) {
    std::uint64_t value = 0;
    expect_success("sbi_sse_read_attrs", move(read_attrs, id, attribute, 1, &value));
    return value;
}
void expect_state(std::uint64_t id, State state, bool pending) {
    expect_equal("the status", state | (pending ? 4U : 0U) | 8U, read(id, status));
}

SseEvent& make_handler(std::uint64_t id, void (*job)(SseEvent&)) {
    auto& event = event_of(id);
    event.id = id;
    event.stack_end = reinterpret_cast<std::uint64_t>(event.stack.data() + event.stack.size());
    event.runs = 0;
    event.job = job;
    return event;
}
sbi::Result set_handler(std::uint64_t id) {
    return call(register_event, id, reinterpret_cast<std::uint64_t>(&sse_entry),
                reinterpret_cast<std::uint64_t>(&event_of(id)));
}
SseEvent& enable_event(std::uint64_t id, void (*job)(SseEvent&)) {
    auto& event = make_handler(id, job);
    expect_success("sbi_sse_register", set_handler(id));
    must(enable, id);
    return event;
}
void forget(std::uint64_t id) {
    must(disable, id);
    must(unregister, id);
}
void inject_here(std::uint64_t id) {
    must(inject, id, this_hart().id);
}

extern "C" void sse_handler(SseEvent& event) {
    event.begun = ++ticks;
    event.pc = read_csr<sepc>();
    event.status = read_csr<sstatus>();
    ++event.runs;
    if (event.job != nullptr) {
        event.job(event);
    }
    event.ended = ++ticks;
}

}  // namespace probe::sse
