// SPDX-License-Identifier: Apache-2.0
// Answers the SBI RFENCE extension. HFENCE functions are not supported: they are for guests with the H extension, which
// none has.
#pragma once

#include <cstdint>
#include <limits>

#include "core/address.hpp"
#include "core/sbi_numbers.hpp"
#include "vm/sbi/hart_mask.hpp"
#include "vm/sbi/port.hpp"
#include "vm/sbi/requests.hpp"
#include "vm/vcpu.hpp"

namespace mullion {

inline constexpr auto whole_address_space = std::numeric_limits<std::uint64_t>::max();  ///< a size

/// Returns the fence that covers [start, start + size) in whole pages; a fence of everything if the chapter says so
/// (start and size 0, size -1), or for more than fence_page_limit pages. Requires: otherwise the range is not empty and
/// does not wrap.
constexpr Fence fence_of(std::uint64_t start, std::uint64_t size, std::uint32_t asid) {
    const auto pages = (start + (size - 1)) / page_size - start / page_size + 1;
    const bool whole = size == whole_address_space || (start == 0 && size == 0) || pages > fence_page_limit;
    return {{align_down(start, page_size)}, whole ? 0 : pages, asid};
}

/// Checks the arguments except the mask as the chapter says, then calls `fence_i()`, or `sfence(Fence)` unless the
/// range is empty. Functions without a range or an ASID ignore those arguments.
[[gnu::always_inline]] inline SbiError checked_fence(RfenceFunction function, std::uint64_t start, std::uint64_t size,
                                                     std::uint64_t asid, auto fence_i, auto sfence) {
    if (function == RfenceFunction::remote_fence_i) {
        fence_i();
        return SbiError::success;
    }
    if (function == RfenceFunction::remote_sfence_vma) {
        asid = every_asid;
    } else if (function != RfenceFunction::remote_sfence_vma_asid) {
        return SbiError::not_supported;
    } else if (asid >= every_asid) {
        // An ASID has at most 16 bits (privileged manual, satp). Harts that implement fewer ignore the rest.
        return SbiError::invalid_param;
    }
    if (size == 0 && start != 0) {
        return SbiError::success;
    }
    if (size != 0 && size != whole_address_space && start + (size - 1) < start) {
        return SbiError::invalid_address;
    }
    sfence(fence_of(start, size, static_cast<std::uint32_t>(asid)));
    return SbiError::success;
}

/// Answers a call whose mask names harts other than the caller, or none.
template <SbiPort Port>
[[gnu::noinline, gnu::hot]] SbiResult sbi_remote_rfence(std::uint64_t mask, std::uint64_t mask_base,
                                                        std::uint64_t start, std::uint64_t size, std::uint64_t asid,
                                                        VCpu& self, RfenceFunction function, Port& port) {
    const HartMask harts{mask, mask_base};
    const auto sfence_sent = function == RfenceFunction::remote_sfence_vma_asid ? FirmwareEvent::sfence_vma_asid_sent
                                                                                : FirmwareEvent::sfence_vma_sent;
    if (function <= RfenceFunction::remote_sfence_vma_asid && !harts.valid_for(self.siblings.size())) {
        return {SbiError::invalid_param};
    }
    return {checked_fence(
        function, start, size, asid,
        [&] {
            fence_harts(self, port, harts, &VCpu::fence_i, FirmwareEvent::fence_i_sent, [&] { port.local_fence_i(); });
        },
        [&](Fence fence) {
            fence_harts(self, port, harts, &VCpu::sfence, sfence_sent, [&] { port.local_sfence(fence); });
        })};
}

/// Answers a call; a fence of only the calling hart, the most frequent one, is the fast path. Not inlined, so that
/// simple calls (vm/sbi/dispatch.hpp) save no registers for it. Parameters are in the order of the guest's registers.
template <SbiPort Port>
[[gnu::noinline, gnu::hot]] SbiResult sbi_rfence(std::uint64_t mask, std::uint64_t mask_base, std::uint64_t start,
                                                 std::uint64_t size, std::uint64_t asid, VCpu& self,
                                                 RfenceFunction function, Port& port) {
    if (!HartMask{mask, mask_base}.is_only(self.index)) {
        return sbi_remote_rfence(mask, mask_base, start, size, asid, self, function, port);
    }
    return {checked_fence(
        function, start, size, asid, [&] { port.local_fence_i(); }, [&](Fence fence) { port.local_sfence(fence); })};
}

}  // namespace mullion
