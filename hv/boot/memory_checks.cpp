// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "arch/memory.hpp"
#include "boot/checks.hpp"
#include "core/cache_blocks.hpp"
#include "core/text.hpp"

namespace mullion::boot {
namespace {

/// The first page of a guest's memory.
struct GuestPage {
    Hpa at;

    std::span<std::uint8_t> bytes() const { return arch::host_memory({at, page_size}); }
    void fill(std::uint8_t byte) const { std::ranges::fill(bytes(), byte); }
    std::uint64_t count(std::uint8_t byte) const {
        return static_cast<std::uint64_t>(std::ranges::count(bytes(), byte));
    }
    bool zero_block() const { return arch::zero_block(at); }
    bool flush_block() const { return arch::flush_block(at); }
    bool discard_block() const { return arch::discard_block(at); }
};

[[noreturn]] void refuse_block(const Hart& hart, std::string_view what, std::uint64_t measured,
                               std::uint64_t declared) {
    refuse_hart(hart, (Text{} << what << ' ' << measured << " bytes, where the board file has " << declared).view());
}

/// Returns the first or the last page of a window of that kind, the first of them that is not `right(at)`.
template <class Function>
std::optional<Hpa> find_end(std::span<const Window> windows, WindowKind kind, Function right) {
    for (const auto& window : windows) {
        for (const auto at : {window.to, window.host().end() - page_size}) {
            if (window.kind == kind && !right(at)) {
                return at;
            }
        }
    }
    return std::nullopt;
}

}  // namespace

std::optional<Hpa> find_hole(const Hart& hart, std::span<const Window> windows, WindowKind kind) {
    std::optional<Hpa> hole;
    for (const std::uint64_t pattern : {0x5555'5555'5555'5555U, 0xaaaa'aaaa'aaaa'aaaaU}) {
        const auto value_at = [pattern](Hpa at) { return pattern ^ at.value; };
        const auto stores = [&](Hpa at) { return arch::try_store(at, value_at(at)) == 0; };
        const auto keeps = [&](Hpa at) {
            if (hart.features.has(Extension::zicbom)) {
                arch::flush_block(at);  // or a cache answers
            }
            const auto loaded = arch::try_load(at);
            return loaded.fault == 0 && loaded.value == value_at(at);
        };
        hole = hole ? hole : find_end(windows, kind, stores);
        hole = hole ? hole : find_end(windows, kind, keeps);
    }
    return hole;
}

void check_cache_blocks(const Hart& hart, const Guest& guest) {
    const auto memory = std::ranges::find(guest.windows, WindowKind::memory, &Window::kind);
    GuestPage page{memory->to};
    if (hart.features.has(Extension::zicboz)) {
        const auto cleared = measure_zero(page);
        if (!cleared) {
            refuse_lack(hart, Extension::zicboz);
        }
        if (*cleared != hart.cboz_block) {
            refuse_block(hart, "cbo.zero clears", *cleared, hart.cboz_block);
        }
    }
    if (hart.features.has(Extension::zicbom)) {
        const auto discarded = measure_discard(page);
        if (!discarded) {
            refuse_lack(hart, Extension::zicbom);
        }
        if (*discarded != 0 && *discarded != hart.cbom_block) {
            refuse_block(hart, "cbo.inval discards", *discarded, hart.cbom_block);
        }
    }
}

}  // namespace mullion::boot
