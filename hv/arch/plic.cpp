// SPDX-License-Identifier: Apache-2.0
#include "arch/plic.hpp"

#include <utility>

#include "arch/mmio.hpp"
#include "core/plic_registers.hpp"
#include "core/tables.hpp"
#include "core/wait.hpp"

namespace mullion::arch::plic {
namespace {

namespace reg = mullion::plic;

std::uint32_t get(std::uint32_t offset) {
    return load<std::uint32_t>(description.board.plic.base + offset);
}

void set(std::uint32_t offset, std::uint32_t value) {
    store<std::uint32_t>(description.board.plic.base + offset, value);
}

std::uint32_t words() {
    return words_of(description.board.plic);
}

std::atomic<std::uint32_t>& enable_word(const Hart& hart, std::uint32_t word) {
    const auto index = static_cast<std::size_t>(&hart - description.board.harts.data());
    return enable_words[index * words() + word];
}

/// Two harts may change a word at once. Each stores what the word is to be, and looks whether it still is: so the last
/// one that stores has stored what is true.
void store_enable_word(const Hart& hart, std::uint32_t word) {
    const auto& wanted = enable_word(hart, word);
    auto value = wanted.load();
    await_hart<Wait::enables>(
        [&] {
            set(reg::enable_word(hart.context, word), value);
            everything_in_order();
            const auto now = wanted.load();
            return std::exchange(value, now) == now;
        },
        [] {});
}

/// Whether the context is there: it takes a bit.
bool takes_enables(const Hart& hart) {
    const auto source = description.board.console.source;
    const auto at = reg::enable_word(hart.context, source / 32);
    set(at, std::uint32_t{1} << source % 32);
    const bool taken = get(at) != 0;
    set(at, 0);
    return taken;
}

}  // namespace

// The machine level's contexts are the firmware's.
bool initialise() {
    bool complete = true;
    for (const auto& hart : description.board.harts) {
        for (std::uint32_t word = 0; word < words(); ++word) {
            set(reg::enable_word(hart.context, word), 0);
        }
        complete = complete && takes_enables(hart);
    }
    return complete;
}

// Firmware that starts a hart clears its contexts (OpenSBI does): what is routed there already is stored once more.
void initialise_hart(const Hart& self) {
    set(reg::threshold_of(self.context), 0);
    for (std::uint32_t word = 0; word < words(); ++word) {
        store_enable_word(self, word);
    }
}

// What the gateway sent before stays pending until it is claimed, and what was claimed before must be completed.
// Nothing else of this context is more urgent meanwhile; if the UART's interrupt is what the claim finds, its wire is
// up, and it comes again.
void prepare(std::uint32_t source, const Hart& by) {
    set_enabled(source, by, true);
    set(reg::priority_of(source), 2);
    complete(source, by);
    if (const auto claimed = claim(by); claimed != 0) {
        complete(claimed, by);
    }
    set_enabled(source, by, false);
    set(reg::priority_of(source), 1);
}

// QEMU's PLIC looks at what is pending when a priority is written, and not when a source is enabled.
void set_enabled(std::uint32_t source, const Hart& hart, bool enabled) {
    auto& word = enable_word(hart, source / 32);
    const auto mask = std::uint32_t{1} << source % 32;
    enabled ? word.fetch_or(mask) : word.fetch_and(~mask);
    store_enable_word(hart, source / 32);
    if (enabled) {
        set(reg::priority_of(source), 1);
    }
}

std::uint32_t claim(const Hart& self) {
    return get(reg::claim_of(self.context));
}

void complete(std::uint32_t source, const Hart& hart) {
    set(reg::claim_of(hart.context), source);
}

bool pending(std::uint32_t source) {
    return (get(reg::pending + source / 32 * 4) >> source % 32 & 1) != 0;
}

}  // namespace mullion::arch::plic
