// SPDX-License-Identifier: Apache-2.0
// SBI chapter 5, "Legacy Extensions".
#include <array>

#include "probe/cases.hpp"
#include "probe/expect.hpp"
#include "probe/paging.hpp"
#include "probe/trap.hpp"

namespace probe {
namespace {

enum Legacy : std::uint64_t {
    set_timer,
    console_putchar,
    console_getchar,
    clear_ipi,
    send_ipi,
    remote_fence_i,
    remote_sfence_vma,
    remote_sfence_vma_asid,
    shutdown
};

constexpr std::uint64_t never = ~std::uint64_t{0};
constexpr std::uint64_t kept = 0x1234'5678'9abc'def0;
constexpr std::array masked{send_ipi, remote_fence_i, remote_sfence_vma, remote_sfence_vma_asid};

/// Calls, expects that a1 is preserved, and returns a0. The function id is ignored.
std::int64_t call(Legacy extension, std::uint64_t a0 = 0, std::uint64_t a1 = kept, std::uint64_t a2 = 0,
                  std::uint64_t a3 = 0) {
    const auto result = sbi::call(extension, kept, {a0, a1, a2, a3});
    expect_equal("a1", a1, result.value);
    return result.error;
}

std::int64_t call(Legacy extension, const std::uint64_t* mask) {
    return call(extension, reinterpret_cast<std::uint64_t>(mask), 0x1000, 0x1000, 1);
}

bool is_pending(std::uint64_t interrupt) {
    return (read_csr<sip>() >> interrupt & 1) != 0;
}

void all_nine_are_found() {
    for (std::uint64_t id = 0; id < 0x10; ++id) {
        expect_equal("sbi_probe_extension", id <= shutdown ? 1 : 0, sbi::call(sbi::base, 3, {id}).value);
    }
    for (std::uint64_t id = shutdown + 1; id < 0x10; ++id) {
        expect_error("a reserved extension", sbi::not_supported, sbi::call(id, 0));
    }
}

void timer_is_set() {
    expect_equal("a0", 0, static_cast<std::uint64_t>(call(set_timer, now())));
    expect("the timer interrupt is pending", is_pending(timer_interrupt));
    expect_equal("a0", 0, static_cast<std::uint64_t>(call(set_timer, never)));
    expect("it is cleared", !is_pending(timer_interrupt));
}

/// The harness looks for the line.
void putchar_prints() {
    for (const char c : std::string_view{"probe: by console_putchar\n"}) {
        expect_equal("a0", 0, static_cast<std::uint64_t>(call(console_putchar, static_cast<std::uint64_t>(c))));
    }
}

void getchar_without_input_fails() {
    expect_equal("a0", never, static_cast<std::uint64_t>(call(console_getchar)));
}

/// When something has been typed.
void getchar_reads() {
    print("probe: ", case_name(), " waits");
    std::int64_t byte = -1;
    expect("a byte", wait_until([&] { return (byte = call(console_getchar)) >= 0; }));
    expect_equal("what was typed", 'x', static_cast<std::uint64_t>(byte));
}

void pending_ipi_is_cleared() {
    expect_equal("nothing pending", 0, static_cast<std::uint64_t>(call(clear_ipi)));
    const std::uint64_t self = std::uint64_t{1} << this_hart().id;
    expect_equal("send_ipi", 0, static_cast<std::uint64_t>(call(send_ipi, &self)));
    expect("the interrupt is pending", is_pending(software_interrupt));
    expect("clear_ipi tells that it was", call(clear_ipi) > 0);
    expect("it is cleared", !is_pending(software_interrupt));
    expect_equal("nothing pending again", 0, static_cast<std::uint64_t>(call(clear_ipi)));
}

/// Waits with all interrupts off until its own software interrupt is pending.
void wait_for_software_interrupt(std::uint64_t) {
    expect("the interrupt comes", wait_until([] { return is_pending(software_interrupt); }));
    clear_csr<sip>(1 << software_interrupt);
}

void ipi_reaches_the_harts(const std::uint64_t* mask) {
    for (std::size_t n = 0; n < 2; ++n) {
        expect_success("start of a hart", start(other_hart(n), wait_for_software_interrupt));
        expect("it is started", wait_until([&] { return sbi::hart_is(other_hart(n).id, sbi::HartState::started); }));
    }
    expect_equal("send_ipi", 0, static_cast<std::uint64_t>(call(send_ipi, mask)));
    for (std::size_t n = 0; n < 2; ++n) {
        expect("the hart has got it", wait_stopped(other_hart(n)));
    }
    clear_csr<sip>(1 << software_interrupt);
}

void ipi_is_sent_by_mask() {
    const std::uint64_t others = std::uint64_t{1} << other_hart(0).id | std::uint64_t{1} << other_hart(1).id;
    ipi_reaches_the_harts(&others);
    expect("this hart was not in the mask", !is_pending(software_interrupt));
}

/// As the kernels that have only these calls expect.
void no_mask_is_all_harts() {
    ipi_reaches_the_harts(nullptr);
}

void fences_return_zero() {
    const std::uint64_t all = (std::uint64_t{1} << machine().harts) - 1;
    for (const auto fence : {remote_fence_i, remote_sfence_vma, remote_sfence_vma_asid}) {
        for (const auto* mask : {&all, static_cast<const std::uint64_t*>(nullptr)}) {
            expect_equal("a0", 0, static_cast<std::uint64_t>(call(fence, mask)));
        }
    }
}

void impossible_fences_fail() {
    expect("a range that wraps", call(remote_sfence_vma, 0, ~std::uint64_t{0}, 2) < 0);
    expect("an ASID of 17 bits", call(remote_sfence_vma_asid, 0, 0x1000, 0x1000, 0x1'0000) < 0);
}

alignas(page) std::array<std::uint64_t, page / 8> frame;

/// The mask's address is virtual, with the rights of S-mode.
void mask_is_in_virtual_memory() {
    make_tables();
    page_entry(1) = pte::make(reinterpret_cast<std::uint64_t>(frame.data()), pte::v | pte::r | pte::a);
    page_entry(2) = pte::make(reinterpret_cast<std::uint64_t>(frame.data()), pte::data | pte::u);
    paging_on();
    frame[3] = std::uint64_t{1} << this_hart().id;
    for (const std::uint64_t index : {1, 2}) {
        set_csr<sstatus>(sstatus_sum);
        expect_equal("send_ipi", 0, static_cast<std::uint64_t>(call(send_ipi, page_address(index) + 24)));
        expect("the interrupt is pending", is_pending(software_interrupt));
        clear_csr<sip>(1 << software_interrupt);
    }
    clear_csr<sstatus>(sstatus_sum);
}

/// "The page and access faults ... are redirected back to the supervisor with sepc pointing to the faulting ECALL":
/// all registers are as they were.
void expect_fault(Legacy extension, std::uint64_t mask, std::uint64_t cause) {
    const auto li_a7 = 0x893U | static_cast<std::uint32_t>(extension) << 20;
    constexpr std::uint32_t ecall = 0x73;
    const auto run = run_instructions(Mode::supervisor, {li_a7, ecall}, mask, kept);
    expect_trap("a mask that cannot be read", cause, mask, run.trap);
    expect_equal("sepc is at the ECALL", ecall, *reinterpret_cast<const std::uint32_t*>(run.trap.pc));
    expect_equal("a0", mask, run.a0);
    expect("nothing was sent", !is_pending(software_interrupt));
}

void page_faults_are_the_guests() {
    make_tables();
    page_entry(2) = pte::make(reinterpret_cast<std::uint64_t>(frame.data()), pte::data | pte::u);
    paging_on();
    clear_csr<sstatus>(sstatus_sum);
    for (const auto extension : masked) {
        expect_fault(extension, page_address(1) + 0x18, load_page_fault);
        expect_fault(extension, page_address(2) + 0x18, load_page_fault);
        expect_fault(extension, std::uint64_t{1} << 45, load_page_fault);
    }
}

void access_faults_are_the_guests() {
    for (const auto extension : masked) {
        expect_fault(extension, machine().windows().back().end(), load_access_fault);
        expect_fault(extension, 8, load_access_fault);
        expect_fault(extension, machine().uart.base, load_access_fault);
    }
    make_tables();
    page_entry(3) = pte::make(machine().windows().back().end(), pte::data);
    paging_on();
    expect_fault(send_ipi, page_address(3), load_access_fault);
}

/// The guest is to end here.
void shutdown_ends_the_guest() {
    print("probe: ", case_name(), " ends the guest");
    sbi::call(shutdown, 0);
    expect("a shutdown does not return", false);
}

[[gnu::section(".cases"), gnu::used]] constexpr std::array cases{
    Case{"legacy.probe", all_nine_are_found, When::on_mullion},
    Case{"legacy.set-timer", timer_is_set},
    Case{"legacy.putchar", putchar_prints},
    Case{"legacy.getchar-nothing", getchar_without_input_fails},
    Case{"legacy.clear-ipi", pending_ipi_is_cleared, When::on_mullion},
    Case{"legacy.send-ipi", ipi_is_sent_by_mask},
    Case{"legacy.all-harts", no_mask_is_all_harts},
    Case{"legacy.fences", fences_return_zero},
    Case{"legacy.bad-range", impossible_fences_fail, When::on_mullion},
    Case{"legacy.virtual", mask_is_in_virtual_memory},
    Case{"legacy.page-fault", page_faults_are_the_guests},
    Case{"legacy.access-fault", access_faults_are_the_guests, When::on_mullion},
    Case{"legacy.getchar", getchar_reads, When::by_name},
    Case{"legacy.off", shutdown_ends_the_guest, When::by_name},
};

}  // namespace

}  // namespace probe
