// SPDX-License-Identifier: Apache-2.0
// SBI chapter 18, "Firmware Features Extension". The offered features depend on hart and firmware: one that is not
// offered must say so, and one that is offered must have its effect.
#include <array>

#include "probe/cases.hpp"
#include "probe/expect.hpp"
#include "probe/paging.hpp"
#include "probe/trap.hpp"

extern "C" {
std::uint64_t jump_with_landing_pads(std::uint64_t to_pad);
void secondary_start();
}

namespace probe {
namespace {

enum Feature : std::uint64_t {
    misaligned_exc_deleg,
    landing_pad,
    shadow_stack,
    double_trap,
    pte_ad_hw_updating,
    pointer_masking_pmlen,
    feature_count
};

constexpr std::uint64_t lock = 1;
constexpr std::uint64_t non_retentive = 0x8000'0000;

sbi::Result set(std::uint64_t feature, std::uint64_t value, std::uint64_t flags = 0) {
    return sbi::call(sbi::fwft, 0, {feature, value, flags});
}
sbi::Result get(std::uint64_t feature) {
    return sbi::call(sbi::fwft, 1, {feature});
}

/// Returns whether the feature is offered; if not, expects that both functions refuse it as not supported.
bool is_offered(std::uint64_t feature) {
    const auto result = get(feature);
    if (result.error == sbi::success) {
        return true;
    }
    expect_error("sbi_fwft_get", sbi::not_supported, result);
    expect_equal("the value", 0, result.value);
    expect_error("sbi_fwft_set", sbi::not_supported, set(feature, 0));
    return false;
}

void expect_value(Feature feature, std::uint64_t value) {
    const auto result = get(feature);
    expect_success("sbi_fwft_get", result);
    expect_equal("the value", value, result.value);
}

void switch_and_look(Feature feature) {
    for (const std::uint64_t value : {1, 0, 1, 0}) {
        expect_success("sbi_fwft_set", set(feature, value));
        expect_value(feature, value);
    }
}

void is_found() {
    expect_equal("sbi_probe_extension", 1, sbi::call(sbi::base, 3, {sbi::fwft}).value);
}

/// Every feature answers, whatever this machine's description has.
void every_feature_answers() {
    for (std::uint64_t feature = 0; feature < feature_count; ++feature) {
        if (is_offered(feature)) {
            expect_equal("the reset value", 0, get(feature).value);
        }
    }
    expect_equal("PTE A/D updating", machine().has_extension("svadu"), is_offered(pte_ad_hw_updating));
}

/// On a hart with all extensions and OpenSBI 1.5, which enables neither shadow stacks nor double traps.
void what_cpu_max_has_is_offered() {
    for (const auto feature : {misaligned_exc_deleg, landing_pad, pte_ad_hw_updating, pointer_masking_pmlen}) {
        expect("a feature", is_offered(feature));
    }
    for (const auto feature : {shadow_stack, double_trap}) {
        expect("none that firmware withholds", !is_offered(feature));
    }
}

/// On a hart whose A and D bits are software's alone.
void without_svadu_there_is_no_updating() {
    expect("PTE A/D updating is not offered", !is_offered(pte_ad_hw_updating));
}

void reserved_features_are_denied() {
    for (const std::uint64_t feature :
         {std::uint64_t{feature_count}, std::uint64_t{0x3FFF'FFFF}, std::uint64_t{0x4000'0000},
          std::uint64_t{0x7FFF'FFFF}, std::uint64_t{0x8000'0000}, std::uint64_t{0xBFFF'FFFF},
          std::uint64_t{0xC000'0000}, std::uint64_t{0xFFFF'FFFF}}) {
        expect_error("sbi_fwft_get", sbi::denied, get(feature));
        expect_error("sbi_fwft_set", sbi::denied, set(feature, 1));
    }
}

void bad_values_and_flags_are_refused() {
    for (std::uint64_t feature = 0; feature < feature_count; ++feature) {
        if (!is_offered(feature)) {
            continue;
        }
        const auto first_bad = feature == pointer_masking_pmlen ? 17 : 2;
        for (const auto bad :
             {std::uint64_t(first_bad), std::uint64_t{0xFFFF'FFFF}, std::uint64_t{1} << 32, ~std::uint64_t{0}}) {
            expect_error("a value", sbi::invalid_param, set(feature, bad));
        }
        for (const auto bad : {std::uint64_t{2}, std::uint64_t{1} << 32, ~std::uint64_t{0}}) {
            expect_error("flags", sbi::invalid_param, set(feature, 0, bad));
        }
        expect_equal("the value", 0, get(feature).value);
    }
}

/// feature is a uint32_t.
void upper_half_of_the_feature_means_nothing() {
    constexpr auto high = std::uint64_t{1} << 32;
    expect_success("sbi_fwft_set", set(high | pte_ad_hw_updating, 1));
    expect_value(pte_ad_hw_updating, 1);
    expect_success("sbi_fwft_set", set(pte_ad_hw_updating, 0));
}

// --- effects -------------------------------------------------------------------------------------------------------

alignas(page) std::array<std::uint64_t, page / 8> frame;

std::uint64_t accessed_and_dirty() {
    return page_entry(1) & (pte::a | pte::d);
}

/// Expects what a load and then a store through an entry without A and D do.
void expect_updating(bool by_hardware) {
    const auto at = page_address(1);
    page_entry(1) = pte::make(reinterpret_cast<std::uint64_t>(frame.data()), pte::v | pte::r | pte::w);
    sfence_vma();
    const auto load = try_load<std::uint64_t>(at).trap;
    expect_equal("a load faults", by_hardware ? 0 : 1, load.taken);
    expect_equal("A after a load", by_hardware ? std::uint64_t{pte::a} : 0, accessed_and_dirty());
    const auto store = try_store<std::uint64_t>(at, 1);
    expect_equal("a store faults", by_hardware ? 0 : 1, store.taken);
    expect_equal("A and D after a store", by_hardware ? pte::a | pte::d : 0, accessed_and_dirty());
    if (!by_hardware) {
        expect_trap("a load", load_page_fault, at, load);
        expect_trap("a store", store_page_fault, at, store);
    }
}

void hardware_updates_as_asked() {
    make_tables();
    paging_on();
    expect_updating(false);
    for (const bool by_hardware : {true, false, true, false}) {
        expect_success("sbi_fwft_set", set(pte_ad_hw_updating, by_hardware ? 1 : 0));
        expect_value(pte_ad_hw_updating, by_hardware ? 1 : 0);
        expect_updating(by_hardware);
    }
}

/// A hart may or may not trap misaligned loads; with the feature off the guest does not notice.
void misaligned_accesses_are_done_unless_delegated() {
    if (!is_offered(misaligned_exc_deleg)) {
        return;
    }
    alignas(16) static std::array<std::uint8_t, 16> bytes{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
    const auto at = reinterpret_cast<std::uint64_t>(bytes.data()) + 1;
    switch_and_look(misaligned_exc_deleg);
    const auto emulated = try_load<std::uint64_t>(at);
    expect_no_trap("a misaligned load", emulated.trap);
    expect_equal("its value", 0x0908'0706'0504'0302, emulated.value);
    expect_success("sbi_fwft_set", set(misaligned_exc_deleg, 1));
    const auto delegated = try_load<std::uint64_t>(at);
    if (delegated.trap.taken) {
        expect_trap("a misaligned load", load_misaligned, at, delegated.trap);
    }
    expect_success("sbi_fwft_set", set(misaligned_exc_deleg, 0));
}

constexpr std::uint64_t no_landing_pad = std::uint64_t{1} << 63 | 2;  // stval 2: landing pad fault

void indirect_jumps_need_landing_pads() {
    if (!is_offered(landing_pad)) {
        return;
    }
    switch_and_look(landing_pad);
    for (int i = 0; i < 10; ++i) {
        expect_equal("a jump to a landing pad", 0, jump_with_landing_pads(1));
        expect_equal("a jump to another instruction", no_landing_pad, jump_with_landing_pads(0));
    }
    expect_value(landing_pad, 0);
}

/// Bits 63:57, or 63:48, of an address are ignored while pointers are masked.
void pointers_are_masked() {
    if (!is_offered(pointer_masking_pmlen)) {
        return;
    }
    frame[5] = 0x55;
    const auto at = reinterpret_cast<std::uint64_t>(&frame[5]);
    const auto tagged = at | std::uint64_t{0x5} << 57;
    const auto tagged_more = at | std::uint64_t{0x5} << 48;
    expect("a tagged pointer faults", try_load<std::uint64_t>(tagged).trap.taken);
    for (const std::uint64_t asked : {7, 1, 16, 9}) {
        const std::uint64_t length = asked <= 7 ? 7 : 16;
        expect_success("sbi_fwft_set", set(pointer_masking_pmlen, asked));
        expect_value(pointer_masking_pmlen, length);
        const auto loaded = try_load<std::uint64_t>(tagged);
        if (loaded.trap.taken) {
            continue;  // QEMU 10 checks mstatus.MPV instead of V, and so masks nothing here
        }
        expect_equal("what it points to", 0x55, loaded.value);
        expect_equal("a pointer with a longer tag faults", length == 7 ? 1 : 0,
                     try_load<std::uint64_t>(tagged_more).trap.taken);
    }
    expect_success("sbi_fwft_set", set(pointer_masking_pmlen, 0));
    expect("a tagged pointer faults again", try_load<std::uint64_t>(tagged).trap.taken);
}

// --- locks and resets, on harts that then stop ---------------------------------------------------------------------

void lock_holds(std::uint64_t value) {
    expect_value(pte_ad_hw_updating, 0);
    expect_success("sbi_fwft_set with LOCK", set(pte_ad_hw_updating, value, lock));
    for (const std::uint64_t again : {0, 1}) {
        expect_error("a locked feature", sbi::denied_locked, set(pte_ad_hw_updating, again));
        expect_error("a locked feature", sbi::denied_locked, set(pte_ad_hw_updating, again, lock));
    }
    expect_value(pte_ad_hw_updating, value);
}

/// A hart that starts again has reset values, and no lock.
void locks_hold_until_the_hart_starts_again() {
    for (const std::uint64_t value : {1, 1, 0, 1}) {
        run_on(other_hart(0), lock_holds, value);
    }
}

/// Values are a hart's own.
void values_are_local() {
    expect_success("sbi_fwft_set", set(pte_ad_hw_updating, 1));
    run_on(other_hart(0), [](std::uint64_t) { lock_holds(0); });
    expect_value(pte_ad_hw_updating, 1);
    expect_success("no lock here", set(pte_ad_hw_updating, 0));
}

void after_suspend(std::uint64_t) {
    expect_value(pte_ad_hw_updating, 1);
    expect_error("still locked", sbi::denied_locked, set(pte_ad_hw_updating, 0));
}

void values_survive_a_suspend() {
    run_on(other_hart(0), [](std::uint64_t) {
        expect_success("sbi_fwft_set with LOCK", set(pte_ad_hw_updating, 1, lock));
        set_csr<sie>(1 << software_interrupt);
        set_csr<sip>(1 << software_interrupt);
        auto& self = this_hart();
        self.job = after_suspend;
        sbi::call(
            sbi::hsm, 3,
            {non_retentive, reinterpret_cast<std::uint64_t>(&secondary_start), reinterpret_cast<std::uint64_t>(&self)});
        expect("a non-retentive suspend does not return", false);
    });
}

[[gnu::section(".cases"), gnu::used]] constexpr std::array cases{
    Case{"fwft.probe", is_found, When::on_mullion},
    Case{"fwft.features", every_feature_answers, When::on_mullion},
    Case{"fwft.no-updating", without_svadu_there_is_no_updating, When::on_mullion, Needs::no_svadu},
    Case{"fwft.max", what_cpu_max_has_is_offered, When::by_name},
    Case{"fwft.reserved", reserved_features_are_denied, When::on_mullion},
    Case{"fwft.bad-value", bad_values_and_flags_are_refused, When::on_mullion},
    Case{"fwft.upper-half", upper_half_of_the_feature_means_nothing, When::on_mullion, Needs::svadu},
    Case{"fwft.updating", hardware_updates_as_asked, When::on_mullion, Needs::svadu},
    Case{"fwft.misaligned", misaligned_accesses_are_done_unless_delegated, When::on_mullion},
    Case{"fwft.landing-pad", indirect_jumps_need_landing_pads, When::on_mullion},
    Case{"fwft.pointer-masking", pointers_are_masked, When::on_mullion},
    Case{"fwft.lock", locks_hold_until_the_hart_starts_again, When::on_mullion, Needs::svadu},
    Case{"fwft.local", values_are_local, When::on_mullion, Needs::svadu},
    Case{"fwft.suspend", values_survive_a_suspend, When::on_mullion, Needs::svadu},
};

}  // namespace

}  // namespace probe
