// SPDX-License-Identifier: Apache-2.0
// SBI chapter 7, "IPI Extension".
#include <array>

#include "probe/cases.hpp"
#include "probe/expect.hpp"

namespace probe {
namespace {

constexpr std::uint64_t every_hart = ~std::uint64_t{0};  ///< as hart_mask_base

bool software_pending() {
    return (read_csr<sip>() >> software_interrupt & 1) != 0;
}

std::uint64_t bit(std::uint64_t n) {
    return std::uint64_t{1} << n;
}

void self_is_reached() {
    for (int i = 0; i < 100; ++i) {
        expect_success("sbi_send_ipi to self", sbi::send_ipi(bit(this_hart().id)));
        expect("pending", wait_until(software_pending));
        clear_csr<sip>(1 << software_interrupt);
        expect("cleared", !software_pending());
    }
}

void hart_mask_base_shifts() {
    expect_success("mask 1 from base self", sbi::send_ipi(1, this_hart().id));
    expect("pending", wait_until(software_pending));
}

std::atomic<std::uint32_t> waiting;
std::atomic<std::uint32_t> received;

void wait_for_ipi(std::uint64_t) {
    clear_csr<sip>(1 << software_interrupt);
    set_csr<sie>(1 << software_interrupt);
    ++waiting;
    const bool came = wait_until(software_pending);
    clear_csr<sip>(1 << software_interrupt);
    expect("the IPI has come", came);
    ++received;
}

/// `count` harts wait for an IPI, which `send` sends.
void send_to_waiting_harts(std::size_t count, auto send) {
    waiting = 0;
    received = 0;
    for (std::size_t n = 0; n < count; ++n) {
        expect_success("start of a hart", start(other_hart(n), wait_for_ipi));
    }
    expect("all harts wait", wait_until([&] { return waiting == count; }));
    expect_success("sbi_send_ipi", send());
    for (std::size_t n = 0; n < count; ++n) {
        expect("a hart has received and stopped", wait_stopped(other_hart(n)));
    }
    expect_equal("harts that received", count, received);
}

void others_are_reached() {
    for (int i = 0; i < 50; ++i) {
        send_to_waiting_harts(1, [] { return sbi::send_ipi(bit(other_hart(0).id)); });
    }
    expect("a hart that was not named", !software_pending());
}

void base_minus_one_means_every_hart() {
    for (int i = 0; i < 20; ++i) {
        clear_csr<sip>(1 << software_interrupt);
        const std::uint64_t ignored = i % 2 == 0 ? 0 : ~std::uint64_t{0};
        send_to_waiting_harts(machine().harts - 1, [&] { return sbi::send_ipi(ignored, every_hart); });
        expect("the sender too", wait_until(software_pending));
    }
}

void empty_mask_reaches_nobody() {
    expect_success("an empty mask", sbi::send_ipi(0));
    expect("nothing is pending", !software_pending());
}

void harts_that_do_not_exist_are_refused() {
    const auto harts = machine().harts;
    expect_error("the hart after the last", sbi::invalid_param, sbi::send_ipi(bit(harts)));
    expect_error("one that exists and one that does not", sbi::invalid_param, sbi::send_ipi(bit(harts) | bit(0)));
    expect_error("all 64", sbi::invalid_param, sbi::send_ipi(~std::uint64_t{0}));
    expect_error("base beyond the last", sbi::invalid_param, sbi::send_ipi(1, harts));
    expect_error("base far beyond the last", sbi::invalid_param, sbi::send_ipi(1, std::uint64_t{1} << 40));
    expect_error("base whose sum with the bit wraps", sbi::invalid_param, sbi::send_ipi(4, every_hart - 1));
    expect("a call that fails interrupts nobody", !software_pending());
}

/// A hart that does not run has nothing to interrupt, and starts with nothing pending.
void stopped_hart_is_passed_over() {
    auto& other = other_hart(0);
    expect_success("an IPI to a stopped hart", sbi::send_ipi(bit(other.id)));
    run_on(other, [](std::uint64_t) { expect("nothing is pending at the start", !software_pending()); });
}

void ping_pong(std::uint64_t peer) {
    set_csr<sie>(1 << software_interrupt);
    sbi::send_ipi(bit(peer));
    for (int i = 0; i < 200; ++i) {
        expect("a ping has come", wait_until(software_pending));
        clear_csr<sip>(1 << software_interrupt);
        sbi::send_ipi(bit(peer));
    }
}

void no_ipi_is_lost_between_two_harts() {
    auto& peer = other_hart(0);
    clear_csr<sip>(1 << software_interrupt);
    expect_success("start of a hart", start(peer, ping_pong, this_hart().id));
    set_csr<sie>(1 << software_interrupt);
    expect("the other hart is ready", wait_until(software_pending));
    clear_csr<sip>(1 << software_interrupt);
    for (int i = 0; i < 200; ++i) {
        sbi::send_ipi(bit(peer.id));
        expect("a pong has come", wait_until(software_pending));
        clear_csr<sip>(1 << software_interrupt);
    }
    expect("the other hart has stopped", wait_stopped(peer));
}

[[gnu::section(".cases"), gnu::used]] constexpr std::array cases{
    Case{"ipi.self", self_is_reached},
    Case{"ipi.base", hart_mask_base_shifts},
    Case{"ipi.other", others_are_reached},
    Case{"ipi.all", base_minus_one_means_every_hart},
    Case{"ipi.empty", empty_mask_reaches_nobody},
    Case{"ipi.invalid", harts_that_do_not_exist_are_refused, When::on_mullion},
    Case{"ipi.stopped", stopped_hart_is_passed_over, When::on_mullion},
    Case{"ipi.ping-pong", no_ipi_is_lost_between_two_harts},
};

}  // namespace

}  // namespace probe
