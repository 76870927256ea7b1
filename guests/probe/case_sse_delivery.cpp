// SPDX-License-Identifier: Apache-2.0
// SBI chapter 17, "Supervisor Software Events Extension": who is interrupted, when, and how it goes on.
#include <array>
#include <atomic>

#include "probe/cases.hpp"
#include "probe/sse.hpp"

extern "C" {
void inject_among_registers(std::uint64_t event, std::uint64_t hart, std::uint64_t* after);
void behind_injection();
}

namespace probe {
namespace {

using namespace sse;

constexpr std::uint64_t sie_bit = 1 << 1;
constexpr std::uint64_t spie_bit = 1 << 5;
constexpr std::uint64_t spp_bit = 1 << 8;

struct Kept {
    std::uint64_t flags;
    std::uint64_t pc;
    std::uint64_t a6;
    std::uint64_t a7;
    std::uint64_t state;
};
Kept kept;

void keep_attributes(SseEvent& event) {
    move(read_attrs, event.id, interrupted_sepc, 1, &kept.pc);
    move(read_attrs, event.id, interrupted_flags, 1, &kept.flags);
    move(read_attrs, event.id, interrupted_a6, 1, &kept.a6);
    move(read_attrs, event.id, interrupted_a7, 1, &kept.a7);
    move(read_attrs, event.id, status, 1, &kept.state);
}

/// Delivers an event, and expects that the interrupted code keeps its sepc, SPP and SPIE.
void deliver_among_registers(std::uint64_t id, bool interrupts) {
    auto& event = enable_event(id, keep_attributes);
    write_csr<sepc>(0x1234);
    clear_csr<sstatus>(spp_bit | spie_bit | sie_bit);
    set_csr<sstatus>(interrupts ? sie_bit : spie_bit);
    std::array<std::uint64_t, 32> after{};
    inject_among_registers(id, this_hart().id, after.data());
    const auto status_after = read_csr<sstatus>();
    clear_csr<sstatus>(sie_bit);
    expect_equal("runs", 1, event.runs);
    expect_equal("a6 in the handler", this_hart().id, event.x[16]);
    expect_equal("a7 in the handler", reinterpret_cast<std::uint64_t>(&event), event.x[17]);
    expect_equal("sepc in the handler", reinterpret_cast<std::uint64_t>(&behind_injection), event.pc);
    expect_equal("SPP, SPIE, SIE in the handler", spp_bit | (interrupts ? spie_bit : 0),
                 event.status & (spp_bit | spie_bit | sie_bit));
    expect_equal("INTERRUPTED_SEPC", 0x1234, kept.pc);
    expect_equal("INTERRUPTED_FLAGS", interrupts ? 0 : 2, kept.flags);
    expect_equal("INTERRUPTED_A6", inject, kept.a6);
    expect_equal("INTERRUPTED_A7", sbi::sse, kept.a7);
    expect_equal("STATUS in the handler", running | 8U, kept.state);
    expect_equal("sepc after it", 0x1234, read_csr<sepc>());
    expect_equal("SPP, SPIE, SIE after it", interrupts ? sie_bit : spie_bit,
                 status_after & (spp_bit | spie_bit | sie_bit));
    for (std::size_t i = 5; i < after.size(); ++i) {
        const bool result = i == 10 || i == 11;
        const std::uint64_t expected = result ? 0 : i == 16 ? std::uint64_t{inject} : i == 17 ? sbi::sse : 0x1000 + i;
        expect_equal("a register", expected, after[i]);
    }
    expect_state(id, enabled);
    forget(id);
}

void handler_begins_and_ends_as_the_chapter_says() {
    must(unmask);
    for (const auto id : {local, global}) {
        deliver_among_registers(id, false);
        deliver_among_registers(id, true);
    }
    must(mask);
}

void events_wait_until_they_may_run() {
    expect_error("masked from the beginning", sbi::already_stopped, sse::call(mask));
    for (const auto id : {local, global}) {
        inject_here(id);
        expect_state(id, unused, true);
        auto& event = enable_event(id);
        expect_state(id, enabled, true);
        expect_equal("runs while masked", 0, event.runs);
        must(unmask);
        expect_equal("runs after unmask", 1, event.runs);
        expect_error("a second unmask", sbi::already_started, sse::call(unmask));
        must(disable, id);
        inject_here(id);
        expect_equal("runs while disabled", 1, event.runs);
        must(enable, id);
        expect_equal("runs after enable", 2, event.runs);
        must(mask);
        expect_error("a second mask", sbi::already_stopped, sse::call(mask));
        forget(id);
    }
    expect_error("a hart that is none", sbi::invalid_param, sse::call(inject, local, machine().harts));
    expect_success("complete with nothing to complete", sse::call(complete));
}

void inject_both(SseEvent&) {
    sse::call(inject, local, this_hart().id);
    sse::call(inject, global);
}
void inject_both_once(SseEvent& event) {
    if (event.runs == 1) {
        inject_both(event);
    }
}

/// Of equal priority, the local event has the lower id.
void priorities_decide() {
    must(unmask);
    auto& high = enable_event(local);
    auto& low = enable_event(global, inject_both_once);
    inject_here(global);
    expect_equal("runs of the higher", 1, high.runs);
    expect_equal("runs of the lower", 2, low.runs);  // once more for the injection by itself
    forget(global);
    enable_event(global, [](SseEvent&) { sse::call(inject, local, this_hart().id); });
    inject_here(global);
    expect("the higher preempts", global_event.begun < local_event.begun && local_event.ended < global_event.ended);
    forget(local);
    expect_success("a lower priority", write(local, priority, 1));
    enable_event(local);
    inject_here(global);
    expect("the lower waits", global_event.ended < local_event.begun);
    forget(local);
    forget(global);
    must(mask);
    expect_success("the priority", write(local, priority, 0));
}

void one_shot_events_are_disabled() {
    must(unmask);
    for (const auto id : {local, global}) {
        expect_success("one-shot", write(id, config, 1));
        auto& event = enable_event(id);
        inject_here(id);
        expect_equal("runs", 1, event.runs);
        expect_state(id, registered);
        must(unregister, id);
        expect_success("not one-shot", write(id, config, 0));
    }
    must(mask);
}

std::array<std::int64_t, 3> written;

void change_what_goes_on(SseEvent& event) {
    written = {write(event.id, interrupted_flags, 1).error, write(event.id, interrupted_sepc, 0x4320).error,
               write(event.id, interrupted_flags, 0x40).error};
}

void attributes_change_what_goes_on() {
    must(unmask);
    enable_event(local, change_what_goes_on);
    write_csr<sepc>(0x1234);
    set_csr<sstatus>(spie_bit);
    clear_csr<sstatus>(spp_bit);
    inject_here(local);
    const auto after = read_csr<sstatus>();
    expect_equal("sepc", 0x4320, read_csr<sepc>());
    expect_equal("SPP, SPIE", spp_bit, after & (spp_bit | spie_bit));
    expect_equal("legal flags", 0, std::uint64_t(written[0]));
    expect_equal("sepc is written", 0, std::uint64_t(written[1]));
    expect_equal("other flags", std::uint64_t(sbi::invalid_param), std::uint64_t(written[2]));
    forget(local);
    must(mask);
}

// --- other harts ---------------------------------------------------------------------------------------------------

std::atomic<bool> other_is_ready;
std::atomic<bool> leave;

void unmask_and_spin(std::uint64_t id) {
    if (id == local) {
        expect_state(local, unused);
        enable_event(local);
    }
    must(unmask);
    other_is_ready = true;
    while (!leave) {
    }
}

/// Runs a job on another hart, which spins with interrupts off and has reset values after its stop.
void with_other_hart(std::uint64_t id, void (*job)(Hart&)) {
    auto& other = other_hart(0);
    other_is_ready = false;
    leave = false;
    expect_success("start of a hart", start(other, unmask_and_spin, id));
    expect("it is ready", wait_until([] { return other_is_ready.load(); }));
    job(other);
    leave = true;
    expect("it has stopped", wait_stopped(other));
}

void other_harts_are_interrupted() {
    for (int i = 0; i < 3; ++i) {
        with_other_hart(local, [](Hart& other) {
            for (std::uint32_t runs = 1; runs <= 20; ++runs) {
                must(inject, local, other.id);
                expect("the event runs there", wait_until([&] { return local_event.runs == runs; }));
                expect_equal("on hart", other.id, local_event.x[16]);
            }
            expect_state(local, unused);  // this hart's own
        });
    }
}

void expect_run_on(const Hart& hart, std::uint32_t runs) {
    must(inject, global, ~std::uint64_t{0});
    expect("the event runs", wait_until([&] { return global_event.runs == runs; }));
    expect_equal("on hart", hart.id, global_event.x[16]);
    expect("it is over", wait_until([] { return (read(global, status) & 3) == enabled; }));
}

void preferred_harts_are_preferred() {
    expect_success("the preferred hart", write(global, preferred_hart, other_hart(0).id));
    enable_event(global);
    expect_error("of an enabled event", sbi::invalid_state, write(global, preferred_hart, 0));
    must(unmask);
    expect_run_on(this_hart(), 1);  // the other is stopped
    with_other_hart(global, [](Hart& other) {
        expect_run_on(other, 2);
        must(mask);
        expect_run_on(other, 3);
        must(unmask);
    });
    expect_run_on(this_hart(), 4);
    must(mask);
    forget(global);
    expect_success("the preferred hart", write(global, preferred_hart, 0));
}

void stop_in_handler(SseEvent& event) {
    if (this_hart().id != boot_hart().id) {
        event.job = nullptr;
        sbi::hart_stop();
    }
}

/// A hart that stops loses its events, and a global one that it handles can interrupt another hart.
void events_end_with_their_hart() {
    expect_success("the preferred hart", write(global, preferred_hart, other_hart(0).id));
    auto& event = enable_event(global, stop_in_handler);
    with_other_hart(global, [](Hart& other) {
        must(inject, global);
        expect("the hart stops", wait_until([&] { return sbi::hart_is(other.id, sbi::HartState::stopped); }));
        expect("its event is over", wait_until([] { return (read(global, status) & 3) == enabled; }));
    });
    expect_equal("runs", 1, event.runs);
    must(unmask);
    expect_run_on(this_hart(), 2);
    must(mask);
    forget(global);
    expect_success("the preferred hart", write(global, preferred_hart, 0));
    run_on(other_hart(0), [](std::uint64_t) {
        expect_state(local, unused);
        expect_error("events are masked again", sbi::already_stopped, sse::call(mask));
    });
}

void suspended_harts_are_woken() {
    auto& other = other_hart(0);
    leave = false;
    expect_success("start of a hart", start(other, [](std::uint64_t) {
                       enable_event(local);
                       must(unmask);
                       while (!leave) {
                           sbi::call(sbi::hsm, 3, {0, 0, 0});
                       }
                   }));
    expect("it is suspended", wait_until([&] { return sbi::hart_is(other.id, sbi::HartState::suspended); }));
    must(inject, local, other.id);
    expect("the event runs there", wait_until([] { return local_event.runs == 1; }));
    leave = true;
    // Repeatedly, as an event may come after the hart has read `leave` and before it suspends again.
    expect("it has stopped", wait_until([&] {
               sse::call(inject, local, other.id);
               return sbi::hart_is(other.id, sbi::HartState::stopped);
           }));
}

[[gnu::section(".cases"), gnu::used]] constexpr std::array cases{
    Case{"sse.handler", handler_begins_and_ends_as_the_chapter_says, When::on_mullion},
    Case{"sse.pending", events_wait_until_they_may_run, When::on_mullion},
    Case{"sse.priority", priorities_decide, When::on_mullion},
    Case{"sse.one-shot", one_shot_events_are_disabled, When::on_mullion},
    Case{"sse.interrupted", attributes_change_what_goes_on, When::on_mullion},
    Case{"sse.other-hart", other_harts_are_interrupted, When::on_mullion},
    Case{"sse.preferred", preferred_harts_are_preferred, When::on_mullion},
    Case{"sse.stop", events_end_with_their_hart, When::on_mullion},
    Case{"sse.suspended", suspended_harts_are_woken, When::on_mullion},
};

}  // namespace

}  // namespace probe
