// SPDX-License-Identifier: Apache-2.0
// SBI chapter 8, "RFENCE Extension".
#include <array>
#include <span>

#include "probe/cases.hpp"
#include "probe/expect.hpp"
#include "probe/paging.hpp"

namespace probe {
namespace {

enum Function : std::uint64_t { fence_i, sfence_vma_range, sfence_vma_asid, hfence_gvma_vmid, hfence_vvma = 6 };
constexpr std::array guest_functions{fence_i, sfence_vma_range, sfence_vma_asid};

constexpr std::uint64_t every_hart = ~std::uint64_t{0};  ///< as hart_mask_base
constexpr std::uint64_t everything = ~std::uint64_t{0};  ///< as size

sbi::Result fence(std::uint64_t function, std::uint64_t mask, std::uint64_t base, std::uint64_t address = 0,
                  std::uint64_t size = everything, std::uint64_t asid = 0) {
    return sbi::call(sbi::rfence, function, {mask, base, address, size, asid});
}

void every_form_succeeds() {
    for (const auto function : guest_functions) {
        expect_success("all harts, everything", fence(function, 0, every_hart));
        expect_success("all harts, whatever the mask", fence(function, ~std::uint64_t{0}, every_hart));
        expect_success("this hart", fence(function, std::uint64_t{1} << this_hart().id, 0));
        expect_success("a stopped hart", fence(function, std::uint64_t{1} << other_hart(0).id, 0));
        expect_success("no hart", fence(function, 0, 0));
        expect_success("address and size 0", fence(function, 0, every_hart, 0, 0));
        expect_success("one page", fence(function, 0, every_hart, pages_at, page));
        expect_success("many pages", fence(function, 0, every_hart, pages_at, 10'000 * page));
        expect_success("no page", fence(function, 0, every_hart, pages_at, 0));
        expect_success("to the end of the address space", fence(function, 0, every_hart, everything - 9, 10));
        expect_success("everything but the last byte", fence(function, 0, every_hart, 0, everything - 1));
        expect_success("everything, from anywhere", fence(function, 0, every_hart, everything, everything));
        expect_success("an asid", fence(function, 0, every_hart, pages_at, page, 5));
    }
}

void harts_that_do_not_exist_are_refused() {
    const auto harts = machine().harts;
    for (const auto function : guest_functions) {
        expect_error("the hart after the last", sbi::invalid_param, fence(function, std::uint64_t{1} << harts, 0));
        expect_error("all 64", sbi::invalid_param, fence(function, ~std::uint64_t{0}, 0));
        expect_error("base beyond the last", sbi::invalid_param, fence(function, 1, harts));
        expect_error("base far beyond the last", sbi::invalid_param, fence(function, 1, std::uint64_t{1} << 40));
    }
}

void ranges_that_wrap_are_refused() {
    for (const auto function : {sfence_vma_range, sfence_vma_asid}) {
        expect_error("a range that wraps", sbi::invalid_address,
                     fence(function, 0, every_hart, ~std::uint64_t{0} - page + 1, 2 * page));
        expect_error("one that wraps by a byte", sbi::invalid_address,
                     fence(function, 0, every_hart, everything - 9, 11));
        expect_error("one that wraps by nearly everything", sbi::invalid_address,
                     fence(function, 0, every_hart, page, everything - 1));
    }
}

/// satp.ASID has 16 bits.
void asids_that_no_hart_has_are_refused() {
    for (const std::uint64_t asid : {std::uint64_t{1} << 16, std::uint64_t{1} << 32, ~std::uint64_t{0}}) {
        expect_error("an asid of more than 16 bits", sbi::invalid_param,
                     fence(sfence_vma_asid, 0, every_hart, pages_at, page, asid));
        expect_success("it means nothing to the others", fence(sfence_vma_range, 0, every_hart, pages_at, page, asid));
    }
    expect_success("the last asid", fence(sfence_vma_asid, 0, every_hart, pages_at, page, 0xffff));
}

void hypervisor_fences_are_not_supported() {
    for (std::uint64_t function = hfence_gvma_vmid; function <= hfence_vvma; ++function) {
        expect_error("a fence for hypervisors", sbi::not_supported, fence(function, 0, every_hart));
    }
}

// --- remote translations -------------------------------------------------------------------------------------------

/// Two pages; the first word identifies each.
std::array<std::atomic<std::uint64_t>, 2 * page / 8> frames alignas(page);
std::atomic<std::uint64_t> generation;  ///< even: the first page is mapped
std::atomic<std::uint64_t> seen;        ///< generation that the reader has confirmed

std::uint64_t entry_for(std::uint64_t which) {
    return pte::make(reinterpret_cast<std::uint64_t>(frames.data()) + which % 2 * page, pte::data);
}

constexpr std::uint64_t rounds = 120;

/// Reads through the hart's TLB without traps in between, since an exit to a hypervisor may flush it by accident.
void read_page(std::uint64_t) {
    paging_on();
    auto& word = *reinterpret_cast<volatile std::uint64_t*>(page_address(0));
    while (seen < rounds) {
        const auto expected = generation.load(std::memory_order_acquire);
        const auto got = word;
        if (expected == generation.load() && expected != seen) {
            expect_equal("the page that a remote hart sees after a fence", expected % 2, got);
            seen = expected;
        }
    }
    paging_off();
}

struct Extent {
    std::uint64_t start;
    std::uint64_t size;
};

/// Each covers page 0: as it is, a byte of it, straddling its ends, in a range of many pages, and in everything.
constexpr std::array<Extent, 8> extents{{{page_address(0), page},
                                         {page_address(0) + 8, 1},
                                         {page_address(0) - 1, 2},
                                         {page_address(0) + page - 1, 2},
                                         {page_address(0) - 5000 * page, 10'000 * page},
                                         {0, 0},
                                         {0, everything},
                                         {page_address(9), everything}}};

void remote_translation_changes(Function function, std::span<const Extent> forms) {
    make_tables();
    frames[0] = 0;
    frames[page / 8] = 1;
    page_entry(0) = entry_for(0);
    generation = 0;
    seen = 0;
    auto& reader = other_hart(0);
    expect_success("start of a hart", start(reader, read_page));
    for (std::uint64_t next = 1; next <= rounds; ++next) {
        const auto [at, size] = forms[next % forms.size()];
        page_entry(0) = entry_for(next);
        expect_success("fence", fence(function, std::uint64_t{1} << reader.id, 0, at, size));
        generation.store(next, std::memory_order_release);
        const auto deadline = now() + patience;
        while (seen != next && now() < deadline) {
            end_case_if_failed();
        }
        expect_equal("generation that the remote hart has seen", next, seen);
    }
    expect("the other hart has stopped", wait_stopped(reader));
}

void fence_storm(std::uint64_t) {
    for (std::uint64_t i = 0; i < 50; ++i) {
        expect_success("a fence among fences", fence(guest_functions[i % 3], 0, every_hart, pages_at, i * page));
    }
}

void fencing_each_other_ends() {
    const auto others = machine().harts - 1;
    for (std::size_t n = 0; n < others; ++n) {
        expect_success("start of a hart", start(other_hart(n), fence_storm));
    }
    fence_storm(0);
    for (std::size_t n = 0; n < others; ++n) {
        expect("a hart has stopped", wait_stopped(other_hart(n)));
    }
}

/// Harts come and go while another fences them.
void fencing_harts_that_stop_ends() {
    auto& other = other_hart(0);
    for (int i = 0; i < 100; ++i) {
        expect_success("start of a hart", start(other, [](std::uint64_t) {}));
        for (int j = 0; j < 10; ++j) {
            expect_success("fence", fence(sfence_vma_range, 0, every_hart));
        }
        expect("the other hart has stopped", wait_stopped(other));
    }
}

[[gnu::section(".cases"), gnu::used]] constexpr std::array cases{
    Case{"rfence.valid", every_form_succeeds},
    Case{"rfence.invalid-hart", harts_that_do_not_exist_are_refused, When::on_mullion},
    Case{"rfence.invalid-range", ranges_that_wrap_are_refused, When::on_mullion},
    Case{"rfence.hfence", hypervisor_fences_are_not_supported, When::on_mullion},
    Case{"rfence.invalid-asid", asids_that_no_hart_has_are_refused, When::on_mullion},
    Case{"rfence.sfence", [] { remote_translation_changes(sfence_vma_range, std::span{extents}.first(1)); }},
    Case{"rfence.sfence-asid", [] { remote_translation_changes(sfence_vma_asid, std::span{extents}.first(1)); }},
    Case{"rfence.ranges", [] { remote_translation_changes(sfence_vma_range, extents); }},
    Case{"rfence.ranges-asid", [] { remote_translation_changes(sfence_vma_asid, extents); }},
    Case{"rfence.storm", fencing_each_other_ends},
    Case{"rfence.stopping", fencing_harts_that_stop_ends},
};

}  // namespace

}  // namespace probe
