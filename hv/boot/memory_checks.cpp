// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "arch/memory.hpp"
#include "arch/panic.hpp"
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

void require_ram(bool answers, Hpa at, const Guest& guest) {
    if (!answers) {
        Text line;
        (line << "no RAM at ").hex(at.value) << ", which the description gives to " << guest.name;
        arch::refuse_machine(line.view());
    }
}

/// The first and the last page of each memory window.
template <class Function>
void for_each_end(const Guest& guest, Function function) {
    for (const auto& window : guest.windows) {
        if (window.kind == WindowKind::memory) {
            function(window.to);
            function(window.host().end() - page_size);
        }
    }
}

}  // namespace

void check_guest_memory(const Hart& hart, const Guest& guest) {
    for (const std::uint64_t pattern : {0x5555'5555'5555'5555U, 0xaaaa'aaaa'aaaa'aaaaU}) {
        const auto value_at = [pattern](Hpa at) { return pattern ^ at.value; };
        for_each_end(guest, [&](Hpa at) { require_ram(arch::try_store(at, value_at(at)) == 0, at, guest); });
        for_each_end(guest, [&](Hpa at) {
            if (hart.features.has(Extension::zicbom)) {
                arch::flush_block(at);  // or a cache answers
            }
            const auto loaded = arch::try_load(at);
            require_ram(loaded.fault == 0 && loaded.value == value_at(at), at, guest);
        });
    }
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
