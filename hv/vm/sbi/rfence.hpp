// SPDX-License-Identifier: Apache-2.0
// SBI RFENCE extension. The HFENCE functions are for guests with guests of their own; none has the H extension.
#pragma once

#include <cstdint>
#include <expected>
#include <limits>
#include <optional>

#include "core/address.hpp"
#include "core/sbi.hpp"
#include "vm/sbi/hart_mask.hpp"
#include "vm/sbi/port.hpp"
#include "vm/sbi/requests.hpp"
#include "vm/vcpu.hpp"

namespace mullion {

/// None: the range is empty. Whole pages that cover [start, start + size), or everything where the chapter says so
/// (start and size 0, size -1) or where there are many pages. A range that leaves the address space is not valid.
constexpr std::expected<std::optional<Fence>, SbiError> fence_of(std::uint64_t start, std::uint64_t size,
                                                                 std::optional<std::uint16_t> asid) {
    constexpr auto whole = std::numeric_limits<std::uint64_t>::max();
    if (size == whole || (start == 0 && size == 0)) {
        return Fence{{}, 0, asid};
    }
    if (size == 0) {
        return std::nullopt;
    }
    const auto last = start + (size - 1);
    if (last < start) {
        return std::unexpected{SbiError::invalid_address};
    }
    const auto pages = last / page_size - start / page_size + 1;
    if (pages > fence_page_limit) {
        return Fence{{}, 0, asid};
    }
    return Fence{{align_down(start, page_size)}, pages, asid};
}

/// As fence_harts(); most fences of a busy guest are for the calling hart alone.
template <SbiPort Port, class Local>
[[gnu::always_inline]] inline void fence(VCpu& self, Port& port, HartMask harts, FenceTickets VCpu::*kind,
                                         Local local) {
    harts.is_only(self.index) ? local() : fence_harts(self, port, harts, kind, local);
}

/// Apart from the hot calls (vm/sbi/sbi.hpp), so that those save no registers for it. Functions without a range or an
/// ASID ignore those arguments.
template <SbiPort Port>
[[gnu::noinline]] SbiResult sbi_rfence(VCpu& self, Port& port, RfenceFunction function, HartMask harts,
                                       std::uint64_t start, std::uint64_t size, std::uint64_t asid) {
    if (function > RfenceFunction::remote_sfence_vma_asid) {
        return {SbiError::not_supported};
    }
    if (!harts.valid_for(self.siblings.size())) {
        return {SbiError::invalid_param};
    }
    if (function == RfenceFunction::remote_fence_i) {
        fence(self, port, harts, &VCpu::fence_i, [&] { port.local_fence_i(); });
        return {};
    }
    std::optional<std::uint16_t> only;
    if (function == RfenceFunction::remote_sfence_vma_asid) {
        // An ASID has 16 bits (privileged manual, satp); fewer on some harts, which then ignore the others.
        if (asid > std::numeric_limits<std::uint16_t>::max()) {
            return {SbiError::invalid_param};
        }
        only = static_cast<std::uint16_t>(asid);
    }
    const auto range = fence_of(start, size, only);
    if (!range) {
        return {range.error()};
    }
    if (const auto pages = *range) {
        fence(self, port, harts, &VCpu::sfence, [&port, what = *pages] { port.local_sfence(what); });
    }
    return {};
}

}  // namespace mullion
