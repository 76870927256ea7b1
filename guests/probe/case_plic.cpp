// SPDX-License-Identifier: Apache-2.0
// The PLIC specification, chapter by chapter: what a hart sees of its own context.
#include <algorithm>
#include <array>

#include "probe/cases.hpp"
#include "probe/expect.hpp"
#include "probe/plic_lines.hpp"

namespace probe {
namespace {

using namespace plic;

std::uint32_t uart_source() {
    return machine().uart.source;
}
std::uint32_t rtc_source() {
    return machine().rtc.source;
}

void expect_notified(std::string_view what) {
    expect(what, wait_until(notified));
}
void expect_silence(std::string_view what) {
    expect(what, !wait_until(notified, 20'000));
}
void expect_pending(std::uint32_t source) {
    expect("pending", wait_until([=] { return is_pending(source); }));
}

/// Claims, lowers the line and completes, so that nothing is left.
void end_uart() {
    expect_equal("the claim", uart_source(), take());
    lower_uart();
    complete(uart_source());
    expect_silence("nothing after it is lowered and completed");
    unroute(uart_source());
}

/// "Interrupt Priorities": WARL, and every combination of the bits that can be written.
void priorities_keep_what_they_can() {
    prepare();
    for (const auto source : {uart_source(), rtc_source()}) {
        write(priority_of(source), ~0U);
        const auto writable = read(priority_of(source));
        expect("there are two priorities at least", writable >= 2);
        for (std::uint32_t value = 0; value <= std::min(writable, 63U); ++value) {
            write(priority_of(source), value & writable);
            expect_equal("priority", value & writable, read(priority_of(source)));
        }
        write(priority_of(source), 0);
    }
    write(priority_of(0), ~0U);
    expect_equal("the priority of source 0, which is none", 0, read(priority_of(0)));
}

/// "The priority value 0 is reserved to mean never interrupt".
void priority_0_never_interrupts() {
    prepare();
    set_enabled(own_context(), uart_source(), true);
    raise_uart();
    expect_pending(uart_source());
    expect_silence("with priority 0");
    expect_equal("a claim", 0, take());
    expect("still pending", is_pending(uart_source()));
    write(priority_of(uart_source()), 1);
    expect_notified("with priority 1");
    end_uart();
}

/// "Interrupt Pending Bits": cleared by a claim, and by nothing else.
void pending_bits_are_read_only() {
    prepare();
    raise_uart();
    expect_pending(uart_source());
    for (std::uint32_t word = 0; word <= machine().plic_sources; word += 32) {
        const auto before = read(pending + word / 8);
        write(pending + word / 8, 0);
        expect_equal("after a store of zeros", before, read(pending + word / 8));
        write(pending + word / 8, ~0U);
        expect_equal("after a store of ones", before, read(pending + word / 8));
    }
    route(rtc_source());
    expect("what is not enabled stays pending", is_pending(uart_source()));
    unroute(rtc_source());
    set_enabled(own_context(), uart_source(), true);
    write(priority_of(uart_source()), 1);
    end_uart();
}

void enable_bits_gate() {
    prepare();
    write(priority_of(uart_source()), 1);
    raise_uart();
    expect_pending(uart_source());
    expect_silence("while not enabled");
    expect_equal("a claim while not enabled", 0, take());
    for (int i = 0; i < 10; ++i) {
        set_enabled(own_context(), uart_source(), true);
        expect_notified("when enabled");
        set_enabled(own_context(), uart_source(), false);
        expect("no more when disabled", wait_until([] { return !notified(); }));
        expect("and still pending", is_pending(uart_source()));
    }
    set_enabled(own_context(), uart_source(), true);
    end_uart();
}

/// "Interrupt Enables": bit 0 stands for no source.
void enable_bits_keep_what_they_can() {
    prepare();
    for (const auto source : {uart_source(), rtc_source()}) {
        const auto word = enable_word(own_context(), source);
        write(word, ~0U);
        const auto enabled = read(word);
        write(word, 0);
        expect_equal("the source's bit", bit_of(source), enabled & bit_of(source));
        expect_equal("the bit, cleared", 0, read(word));
    }
    write(enable_word(own_context(), 0), ~0U);
    const auto lowest = read(enable_word(own_context(), 0));
    write(enable_word(own_context(), 0), 0);
    expect_equal("bit 0", 0, lowest & 1);
}

/// "Priority Thresholds": interrupts of a priority less than or equal to it are masked.
void threshold_masks() {
    prepare();
    route(uart_source());
    raise_uart();
    expect_notified("above the threshold");
    const auto at = threshold_of(own_context());
    write(at, 1);
    expect_equal("threshold", 1, read(at));
    expect("masked at the threshold", wait_until([] { return !notified(); }));
    write(priority_of(uart_source()), 2);
    expect_notified("a higher priority");
    write(at, ~0U);
    expect("masked below the highest threshold", wait_until([] { return !notified(); }));
    write(at, 0);
    expect_notified("again above the threshold");
    end_uart();
}

/// "Interrupt Claim Process": the claim is not affected by the threshold.
void threshold_does_not_hold_a_claim() {
    prepare();
    route(uart_source());
    write(threshold_of(own_context()), ~0U);
    raise_uart();
    expect_pending(uart_source());
    expect_silence("below the threshold");
    end_uart();
    write(threshold_of(own_context()), 0);
}

void claims_come_in_this_order(std::uint32_t first, std::uint32_t second) {
    for (const auto source : {uart_source(), rtc_source()}) {
        set_enabled(own_context(), source, true);
    }
    raise_uart();
    raise_rtc();
    expect_pending(uart_source());
    expect_pending(rtc_source());
    expect_equal("the first claim", first, take());
    expect_notified("of the second");
    expect_equal("the second claim", second, take());
    expect_equal("the third claim", 0, take());
    lower_uart();
    lower_rtc();
    complete(second);
    complete(first);
    expect_silence("nothing after both are lowered and completed");
}

/// "Interrupt Identifiers": the highest priority first, of equal ones the lowest number.
void claims_are_ordered() {
    prepare();
    const auto low = std::min(uart_source(), rtc_source());
    const auto high = std::max(uart_source(), rtc_source());
    write(priority_of(low), 1);
    write(priority_of(high), 1);
    claims_come_in_this_order(low, high);
    write(priority_of(high), 2);
    claims_come_in_this_order(high, low);
    write(priority_of(low), 2);
    claims_come_in_this_order(low, high);
    unroute(low);
    unroute(high);
}

/// A claim takes the pending bit; the gateway forwards nothing more until the completion.
void claim_takes_the_request() {
    prepare();
    expect_equal("a claim of nothing", 0, take());
    route(uart_source());
    for (int i = 0; i < 20; ++i) {
        raise_uart();
        expect_notified("the UART");
        expect_equal("the claim", uart_source(), take());
        expect("no longer pending", !is_pending(uart_source()));
        expect("no longer notified", wait_until([] { return !notified(); }));
        expect_equal("a second claim", 0, take());
        expect_silence("nothing before the completion, with the line still high");
        lower_uart();
        complete(uart_source());
    }
    expect_silence("nothing is left");
    unroute(uart_source());
}

/// "Interrupt Gateways": a level that is still asserted at the completion is a new request.
void level_comes_again() {
    prepare();
    route(uart_source());
    raise_uart();
    for (int i = 0; i < 20; ++i) {
        expect_notified("the line is high");
        expect_equal("the claim", uart_source(), take());
        complete(uart_source());
    }
    expect_notified("the line is still high");
    end_uart();
}

/// "The gateway does not have the facility to retract an interrupt request".
void request_is_not_retracted() {
    prepare();
    route(uart_source());
    raise_uart();
    expect_notified("the UART");
    lower_uart();
    expect("still notified", notified());
    end_uart();
}

/// "Interrupt Completion": ignored unless the source is enabled for the context.
void completion_counts_only_where_enabled() {
    prepare();
    route(uart_source());
    raise_uart();
    expect_notified("the UART");
    expect_equal("the claim", uart_source(), take());
    set_enabled(own_context(), uart_source(), false);
    complete(uart_source());
    set_enabled(own_context(), uart_source(), true);
    expect_silence("the completion while disabled was ignored");
    for (const auto nonsense : {0U, rtc_source(), machine().plic_sources + 1, 1023U, 1024U + uart_source(), ~0U}) {
        complete(nonsense);
        expect_equal("a claim after a completion that means nothing", 0, take());
    }
    expect_silence("nor did any other end the claim");
    complete(uart_source());
    expect_notified("the line is still high");
    end_uart();
}

void interrupt_is_taken() {
    prepare();
    route(uart_source());
    auto& claimed = this_hart().claims[uart_source()];
    for (std::uint32_t i = 0; i < 20; ++i) {
        const auto before = claimed;
        raise_uart();
        expect_notified("the UART");
        set_csr<sstatus>(2);
        clear_csr<sstatus>(2);
        expect_equal("claimed by the handler", before + 1, const_cast<volatile std::uint32_t&>(claimed));
        lower_uart();
        complete(uart_source());
    }
    unroute(uart_source());
}

/// QEMU's own PLIC departs from the specification where a case is on_mullion: a store of enable bits alone notifies
/// nobody, bit 0 is writable, a claim respects the threshold, a completion counts where the source is not enabled, and
/// does not look at the line.
[[gnu::section(".cases"), gnu::used]] constexpr std::array cases{
    Case{"plic.priorities", priorities_keep_what_they_can, When::always, Needs::plic},
    Case{"plic.priority-zero", priority_0_never_interrupts, When::always, Needs::plic},
    Case{"plic.pending", pending_bits_are_read_only, When::always, Needs::plic},
    Case{"plic.enable", enable_bits_gate, When::on_mullion, Needs::plic},
    Case{"plic.enable-bits", enable_bits_keep_what_they_can, When::on_mullion, Needs::plic},
    Case{"plic.threshold", threshold_masks, When::always, Needs::plic},
    Case{"plic.claim-masked", threshold_does_not_hold_a_claim, When::on_mullion, Needs::plic},
    Case{"plic.order", claims_are_ordered, When::always, Needs::plic},
    Case{"plic.claim", claim_takes_the_request, When::always, Needs::plic},
    Case{"plic.level", level_comes_again, When::on_mullion, Needs::plic},
    Case{"plic.no-retraction", request_is_not_retracted, When::always, Needs::plic},
    Case{"plic.completion", completion_counts_only_where_enabled, When::on_mullion, Needs::plic},
    Case{"plic.interrupt", interrupt_is_taken, When::always, Needs::plic},
};

}  // namespace

}  // namespace probe
