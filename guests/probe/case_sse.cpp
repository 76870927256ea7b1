// SPDX-License-Identifier: Apache-2.0
// SBI chapter 17, "Supervisor Software Events Extension": which events there are, their states and attributes.
#include <array>

#include "probe/cases.hpp"
#include "probe/devices.hpp"
#include "probe/sse.hpp"

namespace probe {
namespace {

using namespace sse;

void is_found() {
    expect_equal("sbi_probe_extension", 1, sbi::call(sbi::base, 3, {sbi::sse}).value);
    expect_error("a function that is none", sbi::not_supported, sse::call(Function{mask + 1}));
}

void expect_refused(std::int64_t error, std::uint64_t id) {
    for (const auto function : {register_event, unregister, enable, disable, inject}) {
        expect_error("an event", error, sse::call(function, id));
    }
    std::uint64_t value = 0;
    expect_error("an event", error, move(read_attrs, id, priority, 1, &value));
    expect_error("an event", error, move(write_attrs, id, priority, 1, &value));
}

void other_events_are_refused() {
    for (const std::uint64_t id : {0, 1, 0x8000, 0x10'0000, 0x10'8000}) {
        expect_refused(sbi::not_supported, id);
    }
    for (const std::uint64_t id : {0x2UL, 0x3FFFUL, 0x4000UL, 0x8001UL, 0xC000UL, 0x1'0001UL, 0x1'8000UL, 0x2'0000UL,
                                   0xFFFF'0001UL, 0xFFFF'4000UL, 0xFFFF'8001UL, 0xFFFF'FFFFUL}) {
        expect_refused(sbi::invalid_param, id);
    }
    expect_state(std::uint64_t{1} << 32 | local, unused);
}

void expect_reset_values(std::uint64_t) {
    expect_state(local, unused);
    for (std::uint64_t i = priority; i < attribute_count; ++i) {
        expect_equal("an attribute", i == preferred_hart ? this_hart().id : 0, read(local, Attribute(i)));
    }
    expect_error("events are masked", sbi::already_stopped, sse::call(mask));
}

void leave_an_event_that_ran(std::uint64_t) {
    must(unmask);
    expect_success("a priority", write(local, priority, 7));
    expect_success("one-shot", write(local, config, 1));
    enable_event(local);
    inject_here(local);
    inject_here(local);
}

/// Harts start with reset values, whatever they had when they stopped.
void harts_start_with_reset_values() {
    run_on(other_hart(0), expect_reset_values);
    run_on(other_hart(0), leave_an_event_that_ran);
    must(inject, local, other_hart(0).id);
    run_on(other_hart(0), expect_reset_values);
    expect_state(global, unused);
    expect("the preferred hart exists", read(global, preferred_hart) < machine().harts);
}

void states_have_an_order() {
    for (const auto id : {local, global}) {
        for (const auto function : {unregister, enable, disable}) {
            expect_error("an unused event", sbi::invalid_state, sse::call(function, id));
        }
        expect_error("an odd handler", sbi::invalid_param,
                     sse::call(register_event, id, reinterpret_cast<std::uint64_t>(&sse_entry) + 1));
        make_handler(id);
        expect_success("sbi_sse_register", set_handler(id));
        expect_state(id, registered);
        expect_equal("ENTRY_PC", reinterpret_cast<std::uint64_t>(&sse_entry), read(id, entry_pc));
        expect_equal("ENTRY_ARG", reinterpret_cast<std::uint64_t>(&event_of(id)), read(id, entry_arg));
        expect_error("a registered event", sbi::invalid_state, set_handler(id));
        expect_error("a registered event", sbi::invalid_state, sse::call(disable, id));
        must(enable, id);
        expect_state(id, enabled);
        for (const auto function : {unregister, enable}) {
            expect_error("an enabled event", sbi::invalid_state, sse::call(function, id));
        }
        forget(id);
        expect_state(id, unused);
    }
}

void attributes_are_written_as_the_state_lets() {
    for (const auto id : {local, global}) {
        for (const auto attribute : {status, entry_pc, entry_arg}) {
            expect_error("a read-only attribute", sbi::denied, write(id, attribute, 0));
        }
        for (const auto attribute : {interrupted_sepc, interrupted_flags, interrupted_a6, interrupted_a7}) {
            expect_error("of an event that does not run", sbi::invalid_state, write(id, attribute, 0));
        }
        expect_error("a priority", sbi::invalid_param, write(id, priority, std::uint64_t{1} << 32));
        expect_error("a configuration", sbi::invalid_param, write(id, config, 2));
        expect_success("a priority", write(id, priority, 0xFFFF'FFFF));
        expect_equal("the priority", 0xFFFF'FFFF, read(id, priority));
        enable_event(id);
        expect_error("of an enabled event", sbi::invalid_state, write(id, priority, 0));
        expect_error("of an enabled event", sbi::invalid_state, write(id, config, 0));
        forget(id);
        expect_success("a priority", write(id, priority, 0));
    }
    expect_error("a local event's hart", sbi::denied, write(local, preferred_hart, this_hart().id));
    expect_error("no hart", sbi::invalid_param, write(global, preferred_hart, machine().harts));
}

void ranges_and_memory_are_checked() {
    alignas(8) std::array<std::uint64_t, 16> values{};
    const auto* const odd = reinterpret_cast<const std::byte*>(values.data()) + 4;
    const auto* const uart = reinterpret_cast<const void*>(machine().uart.base);
    for (const auto function : {read_attrs, write_attrs}) {
        expect_error("no attribute", sbi::invalid_param, move(function, local, priority, 0, values.data()));
        expect_error("attribute 10", sbi::bad_range, move(function, local, attribute_count, 1, values.data()));
        expect_error("up to attribute 10", sbi::bad_range, move(function, local, priority, 10, values.data()));
        expect_error("very many", sbi::bad_range, move(function, local, priority, 0xFFFF'FFFF, values.data()));
        expect_error("an odd address", sbi::invalid_address, move(function, local, priority, 1, odd));
        expect_error("the UART", sbi::invalid_address, move(function, local, priority, 1, uart));
        expect_error("a high half", sbi::invalid_address, move(function, local, priority, 1, values.data(), 1));
        expect_error("no memory", sbi::invalid_address,
                     move(function, local, priority, 1, reinterpret_cast<const void*>(~std::uint64_t{7})));
    }
    values.fill(0x77);
    expect_success("all attributes", move(read_attrs, local, status, attribute_count, values.data()));
    expect_equal("the first", 8, values[0]);
    expect_equal("the last", 0, values[9]);
    expect_equal("behind them", 0x77, values[10]);
    values = {5, 1, 0};
    expect_error("two writable, one not", sbi::denied, move(write_attrs, local, priority, 3, values.data()));
    expect_equal("nothing was written", 0, read(local, priority));
    expect_success("two writable", move(write_attrs, local, priority, 2, values.data()));
    expect_equal("the priority", 5, read(local, priority));
    expect_equal("the configuration", 1, read(local, config));
    expect_success("back", move(write_attrs, local, priority, 2, &values[2]));
}

[[gnu::section(".cases"), gnu::used]] constexpr std::array cases{
    Case{"sse.probe", is_found, When::on_mullion},
    Case{"sse.events", other_events_are_refused, When::on_mullion},
    Case{"sse.reset", harts_start_with_reset_values, When::on_mullion},
    Case{"sse.states", states_have_an_order, When::on_mullion},
    Case{"sse.attributes", attributes_are_written_as_the_state_lets, When::on_mullion},
    Case{"sse.ranges", ranges_and_memory_are_checked, When::on_mullion},
};

}  // namespace

}  // namespace probe
