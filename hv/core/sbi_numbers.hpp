// SPDX-License-Identifier: Apache-2.0
// The numbers of the RISC-V Supervisor Binary Interface, version 3.0, with the specification's names.
#pragma once

#include <cstdint>

namespace mullion {

/// Extension ids (a7).
enum class SbiExtension : std::uint64_t {
    base = 0x10,
    time = 0x54494D45,    // "TIME"
    ipi = 0x735049,       // "sPI"
    rfence = 0x52464E43,  // "RFNC"
    hsm = 0x48534D,       // "HSM"
    srst = 0x53525354,    // "SRST"
    dbcn = 0x4442434E,    // "DBCN"
    pmu = 0x504D55,       // "PMU"
    susp = 0x53555350,    // "SUSP"
    sta = 0x535441,       // "STA"
    fwft = 0x46574654,    // "FWFT"
    sse = 0x535345,       // "SSE"
};

/// Extensions of version 0.1, an id for each function; they preserve a1 (SBI, "Legacy Extensions").
enum class LegacyExtension : std::uint64_t {
    set_timer,
    console_putchar,
    console_getchar,
    clear_ipi,
    send_ipi,
    remote_fence_i,
    remote_sfence_vma,
    remote_sfence_vma_asid,
    shutdown,
};

/// Standard SBI errors (SBI 3, "Binary Encoding"), returned in a0.
enum class SbiError : std::int64_t {
    success = 0,
    failed = -1,
    not_supported = -2,
    invalid_param = -3,
    denied = -4,
    invalid_address = -5,
    already_available = -6,
    already_started = -7,
    already_stopped = -8,
    no_shmem = -9,
    invalid_state = -10,
    bad_range = -11,
    timeout = -12,
    io = -13,
    denied_locked = -14,
};

/// struct sbiret: a0 and a1. With an error the value is unspecified; Mullion returns 0.
struct SbiResult {
    SbiError error = SbiError::success;
    std::uint64_t value = 0;

    constexpr bool operator==(const SbiResult&) const = default;
};

/// Function ids (a6), an enumeration per extension.
enum class BaseFunction : std::uint64_t {
    get_spec_version,
    get_impl_id,
    get_impl_version,
    probe_extension,
    get_mvendorid,
    get_marchid,
    get_mimpid,
};
enum class TimeFunction : std::uint64_t { set_timer };
enum class IpiFunction : std::uint64_t { send_ipi };
enum class RfenceFunction : std::uint64_t {
    remote_fence_i,
    remote_sfence_vma,
    remote_sfence_vma_asid,
    remote_hfence_gvma_vmid,
    remote_hfence_gvma,
    remote_hfence_vvma_asid,
    remote_hfence_vvma,
};
enum class HsmFunction : std::uint64_t { hart_start, hart_stop, hart_get_status, hart_suspend };
enum class SrstFunction : std::uint64_t { system_reset };
enum class DbcnFunction : std::uint64_t { console_write, console_read, console_write_byte };
enum class PmuFunction : std::uint64_t {
    num_counters,
    counter_get_info,
    counter_config_matching,
    counter_start,
    counter_stop,
    counter_fw_read,
    counter_fw_read_hi,
    snapshot_set_shmem,
    event_get_info,
};
enum class SuspFunction : std::uint64_t { system_suspend };
enum class StaFunction : std::uint64_t { steal_time_set_shmem };
enum class FwftFunction : std::uint64_t { set, get };
enum class SseFunction : std::uint64_t {
    read_attrs,
    write_attrs,
    register_event,
    unregister,
    enable,
    disable,
    complete,
    inject,
    hart_unmask,
    hart_mask,
};

/// HSM hart states (SBI, "Hart State Management Extension", table of states).
enum class HsmState : std::uint32_t {
    started,
    stopped,
    start_pending,
    stop_pending,
    suspended,
    suspend_pending,
    resume_pending,
};

/// The two suspend types that are neither reserved nor platform specific.
enum class HsmSuspendType : std::uint32_t { default_retentive = 0, default_non_retentive = 0x80000000 };

enum class SrstType : std::uint32_t { shutdown, cold_reboot, warm_reboot };
enum class SrstReason : std::uint32_t { no_reason, system_failure };

/// The one sleep type that is neither reserved nor platform specific.
enum class SleepType : std::uint32_t { suspend_to_ram };

/// Firmware features (chapter's table of types), all local to a hart; the others are reserved or platform specific.
enum class FwftFeature : std::uint32_t {
    misaligned_exc_deleg,
    landing_pad,
    shadow_stack,
    double_trap,
    pte_ad_hw_updating,
    pointer_masking_pmlen,
};

/// hart_mask_base with which hart_mask is ignored and all available harts are meant.
inline constexpr std::uint64_t sbi_all_harts = ~std::uint64_t{0};

/// Returns the value of sbi_get_spec_version.
constexpr std::uint64_t sbi_version(std::uint32_t major, std::uint32_t minor) {
    return std::uint64_t{major} << 24 | minor;
}

}  // namespace mullion
