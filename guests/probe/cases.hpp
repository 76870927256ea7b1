// SPDX-License-Identifier: Apache-2.0
// Lists the cases by subject. A case is a function that returns if everything that it expects holds.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace probe {

enum class When : std::uint8_t {
    always,      ///< part of its group
    on_mullion,  ///< part of its group; checks a promise of Mullion that bare hardware does not make
    by_name,     ///< only when asked for: it ends or disturbs the guest
};

/// What the guest's tree must have. Without it the case is in no group, and its name is unknown.
enum class Needs : std::uint8_t {
    no_more,
    sstc,
    svadu,
    no_svadu,
    sscofpmf,
    imsic,
    plic,
    external,  ///< an IMSIC or a PLIC
    floats,
    vectors,
    scalar_crypto,
    vector_crypto,
    zicboz,
    zicbom,
    ssnpm
};

bool machine_has(Needs needs);

struct Case {
    std::string_view name;  ///< GROUP.NAME
    void (*run)();
    When when = When::always;
    Needs needs = Needs::no_more;
};

extern const std::span<const Case> base_cases;
extern const std::span<const Case> time_cases;
extern const std::span<const Case> ipi_cases;
extern const std::span<const Case> rfence_cases;
extern const std::span<const Case> hsm_cases;
extern const std::span<const Case> srst_cases;
extern const std::span<const Case> dbcn_cases;
extern const std::span<const Case> susp_cases;
extern const std::span<const Case> sta_cases;
extern const std::span<const Case> legacy_cases;
extern const std::span<const Case> pmu_cases;
extern const std::span<const Case> pmu_memory_cases;
extern const std::span<const Case> fwft_cases;
extern const std::span<const Case> sse_cases;
extern const std::span<const Case> sse_delivery_cases;
extern const std::span<const Case> sse_hypervisor_cases;
extern const std::span<const Case> isolation_cases;
extern const std::span<const Case> exception_cases;
extern const std::span<const Case> paging_cases;
extern const std::span<const Case> uart_cases;
extern const std::span<const Case> watchdog_cases;
extern const std::span<const Case> console_cases;
extern const std::span<const Case> stream_cases;
extern const std::span<const Case> aplic_cases;
extern const std::span<const Case> imsic_cases;
extern const std::span<const Case> plic_cases;
extern const std::span<const Case> plic_device_cases;
extern const std::span<const Case> mmio_cases;
extern const std::span<const Case> border_cases;
extern const std::span<const Case> fresh_cases;
extern const std::span<const Case> fatal_cases;
extern const std::span<const Case> neighbour_cases;
extern const std::span<const Case> state_cases;

}  // namespace probe
