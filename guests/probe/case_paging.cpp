// SPDX-License-Identifier: Apache-2.0
// Checks the guest's own translation: page faults reach it directly, and page table walks outside of its memory end as
// access faults of the original access (privileged manual, "Virtual Address Translation Process", step 2; "Two-Stage
// Address Translation": implicit accesses).
#include <array>

#include "probe/cases.hpp"
#include "probe/expect.hpp"
#include "probe/paging.hpp"
#include "probe/trap.hpp"

namespace probe {
namespace {

alignas(page) std::array<std::uint64_t, page / 8> frame;

std::uint64_t frame_address() {
    return reinterpret_cast<std::uint64_t>(frame.data());
}

/// Returns the address after the last window, where the guest has nothing.
std::uint64_t outside() {
    return machine().windows().back().end();
}

void unmapped_pages_fault() {
    make_tables();
    paging_on();
    const auto at = page_address(1) + 0x18;
    expect_trap("load", load_page_fault, at, try_load<std::uint64_t>(at).trap);
    expect_trap("store", store_page_fault, at, try_store<std::uint64_t>(at, 1));
    expect_trap("jump", instruction_page_fault, at, try_execute(at));
    constexpr std::uint64_t not_canonical = std::uint64_t{1} << 45;
    expect_trap("load of an address that is not sign-extended", load_page_fault, not_canonical,
                try_load<std::uint64_t>(not_canonical).trap);
}

void rights_hold() {
    make_tables();
    const auto at = page_address(2);
    paging_on();
    page_entry(2) = pte::make(frame_address(), pte::v | pte::r | pte::a | pte::d);
    sfence_vma();
    expect_no_trap("load of a readable page", try_load<std::uint64_t>(at).trap);
    expect_trap("store", store_page_fault, at, try_store<std::uint64_t>(at, 1));
    expect_trap("jump", instruction_page_fault, at, try_execute(at));
    page_entry(2) = pte::make(frame_address(), pte::data);
    sfence_vma();
    expect_no_trap("store to a writable page", try_store<std::uint64_t>(at, 0x2121));
    expect_equal("what was stored", 0x2121, frame[0]);
    page_entry(2) = pte::make(frame_address(), pte::data | pte::u);
    sfence_vma();
    clear_csr<sstatus>(sstatus_sum);
    expect_trap("load of a user page", load_page_fault, at, try_load<std::uint64_t>(at).trap);
    set_csr<sstatus>(sstatus_sum);
    expect_no_trap("load of a user page with SUM", try_load<std::uint64_t>(at).trap);
    clear_csr<sstatus>(sstatus_sum);
}

void leaf_to_the_outside_faults() {
    make_tables();
    page_entry(3) = pte::make(outside(), pte::data);
    page_entry(4) = pte::make(outside(), pte::code);
    paging_on();
    const auto at = page_address(3) + 0x40;
    expect_trap("load", load_access_fault, at, try_load<std::uint64_t>(at).trap);
    expect_trap("store", store_access_fault, at, try_store<std::uint64_t>(at, 1));
    const auto code_at = page_address(4) + 0x40;
    expect_trap("jump", instruction_access_fault, code_at, try_execute(code_at));
}

void table_outside_faults() {
    make_tables();
    directory_entry(1) = pte::make(outside(), pte::v);
    directory_entry(2) = pte::make(std::uint64_t{1} << 45, pte::v);
    directory_entry(3) = pte::make(0, pte::v);
    directory_entry(4) = pte::make(machine().uart.base, pte::v);
    directory_entry(5) = pte::make((machine().aplic.size != 0 ? machine().aplic : machine().plic).base, pte::v);
    paging_on();
    for (const std::uint64_t entry : {1, 2, 3, 4, 5}) {
        const auto at = pages_at + entry * directory_reach + 0x50;
        expect_trap("load", load_access_fault, at, try_load<std::uint64_t>(at).trap);
        expect_trap("store", store_access_fault, at, try_store<std::uint64_t>(at, 1));
        expect_trap("jump", instruction_access_fault, at, try_execute(at));
    }
}

/// The guest's accessed and dirty bits are set by hardware (Svadu) or demanded by page faults (Svade), and never lost.
void accessed_and_dirty_bits_are_the_guests() {
    make_tables();
    page_entry(5) = pte::make(frame_address(), pte::v | pte::r | pte::w);
    paging_on();
    const auto at = page_address(5);
    const auto stored = try_store<std::uint64_t>(at, 0x5a);
    if (stored.taken) {
        expect_trap("store without A and D", store_page_fault, at, stored);
        expect_equal("A and D are untouched", 0, page_entry(5) & (pte::a | pte::d));
    } else {
        expect_equal("A and D are set", pte::a | pte::d, page_entry(5) & (pte::a | pte::d));
        expect_equal("what was stored", 0x5a, frame[0]);
    }
}

/// An instruction that the hypervisor emulates, and so fetches again, is in a page that was unmapped: the hart still
/// has the old translation, but a walk of the tables finds none. Without a fence either may count, as on bare hardware.
void vanished_instruction_faults_as_a_fetch() {
    constexpr std::uint64_t csrr_a0_sireg = 0x1510'2573;
    constexpr std::uint64_t ret = 0x0000'8067;
    constexpr std::uint64_t major_priorities = 0x30;
    make_tables();
    frame[0] = ret << 32 | csrr_a0_sireg;
    asm volatile("fence.i" ::: "memory");
    write_csr<siselect>(major_priorities);
    paging_on();
    const auto at = page_address(6);
    page_entry(6) = pte::make(frame_address(), pte::code);
    sfence_vma();
    expect_no_trap("while its page is there", try_execute(at));
    frame[0] = ret;
    asm volatile("fence.i" ::: "memory");
    expect_no_trap("into the translation cache", try_execute(at));
    frame[0] = ret << 32 | csrr_a0_sireg;
    asm volatile("fence.i" ::: "memory");
    page_entry(6) = 0;
    if (const auto trap = try_execute(at); trap.taken) {
        expect_trap("without its page", instruction_page_fault, at, trap);
    }
}

[[gnu::section(".cases"), gnu::used]] constexpr std::array cases{
    Case{"paging.unmapped", unmapped_pages_fault},
    Case{"paging.rights", rights_hold},
    Case{"paging.leaf-outside", leaf_to_the_outside_faults},
    Case{"paging.table-outside", table_outside_faults, When::on_mullion},
    Case{"paging.vanished", vanished_instruction_faults_as_a_fetch, When::always, Needs::imsic},
    Case{"paging.accessed-dirty", accessed_and_dirty_bits_are_the_guests},
};

}  // namespace

}  // namespace probe
