// SPDX-License-Identifier: Apache-2.0
// A PLIC, and the firmware's IPIs beside it. Every source that is enabled has priority 1, and every threshold is 0: the
// guests' own are kept in their emulated PLICs.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

#include "arch/irq/irq.hpp"
#include "arch/irq/tried.hpp"
#include "arch/irq/without_imsic.hpp"
#include "arch/memory.hpp"
#include "arch/missing.hpp"
#include "arch/mmio.hpp"
#include "arch/order.hpp"
#include "core/plic_registers.hpp"
#include "core/tables.hpp"
#include "core/wait.hpp"

namespace mullion::arch::irq {

namespace reg = mullion::plic;

class PlicDriver : public WithoutImsic {
 public:
    /// The enable words of each of the board's harts, one hart's after the other's, as they are to be in the machine: a
    /// word has bits of a guest and the console's, which change under different locks.
    using EnableWords = std::span<std::atomic<std::uint32_t>>;

    /// How many words a hart has.
    static constexpr std::uint32_t words_of(const Plic& plic) { return plic.num_sources / 32 + 1; }

    constexpr PlicDriver(const Board& board, EnableWords enable_words) : board_(board), enable_words_(enable_words) {}

    // The machine level's contexts are the firmware's.
    std::optional<Text> initialise() const {
        const auto base = board_.plic.base;
        bool complete = probe_load(base) == 0 && probe_load(base + reg::contexts) == 0;
        for (std::size_t i = 0; complete && i < board_.harts.size(); ++i) {
            complete = disable_all(board_.harts[i]);
        }
        if (!complete) {
            return missing("PLIC with a context for each hart", base);
        }
        if (const auto source = first_not_taken([this](const Source& tried) { return takes(tried); })) {
            return missing((Text{} << "source " << source->number << " of the PLIC").view(), base);
        }
        return std::nullopt;
    }

    // Firmware that starts a hart clears its contexts (OpenSBI does): what is routed there already is stored once more.
    void initialise_hart(const Hart& self) const {
        set(reg::threshold_of(self.context), 0);
        for (std::uint32_t word = 0; word < words_of(board_.plic); ++word) {
            store_enable_word(self, word);
        }
        enable_interrupts();
    }

    // What the gateway sent before stays pending until it is claimed, and what was claimed before must be completed.
    // A wire that falls late sends once more meanwhile. Nothing else of this context is more urgent; if the console's
    // interrupt is what a claim finds, its wire is up, and it comes again.
    void prepare(const Source& source, const Hart& by) const {
        route(source.number, by);
        set(reg::priority_of(source.number), 2);
        release(source.number, by);
        constexpr int tries = 4;
        for (int i = 0; i < tries; ++i) {
            if (take_and_complete(by) != source.number) {
                break;
            }
        }
        unroute(source.number, by);
        set(reg::priority_of(source.number), 1);
    }

    // QEMU's PLIC looks at what is pending when a priority is written, and not when a source is enabled.
    void route(std::uint32_t source, const Hart& to) const {
        enable_word(to, source / 32).fetch_or(mask_of(source));
        store_enable_word(to, source / 32);
        set(reg::priority_of(source), 1);
    }

    void unroute(std::uint32_t source, const Hart& from) const {
        enable_word(from, source / 32).fetch_and(~mask_of(source));
        store_enable_word(from, source / 32);
    }

    std::uint32_t claim(const Hart& self) const {
        const auto source = get(reg::claim_of(self.context));
        order::after_claim();
        return source;
    }

    void release(std::uint32_t source, const Hart& routed) const { set(reg::claim_of(routed.context), source); }

    // A PLIC ignores completions of what is not enabled.
    void put_back(std::uint32_t source, const Hart& self) const {
        route(source, self);
        release(source, self);
        unroute(source, self);
    }

    bool pending(std::uint32_t source) const { return (get(reg::pending + source / 32 * 4) & mask_of(source)) != 0; }

 private:
    std::uint32_t take_and_complete(const Hart& by) const {
        const auto claimed = claim(by);
        if (claimed != 0) {
            release(claimed, by);
            order::between_steps();
        }
        return claimed;
    }

    static constexpr std::uint32_t mask_of(std::uint32_t source) { return std::uint32_t{1} << source % 32; }

    std::uint32_t get(std::uint32_t offset) const { return load<std::uint32_t>(board_.plic.base + offset); }
    void set(std::uint32_t offset, std::uint32_t value) const {
        store<std::uint32_t>(board_.plic.base + offset, value);
    }

    std::atomic<std::uint32_t>& enable_word(const Hart& hart, std::uint32_t word) const {
        const auto index = static_cast<std::size_t>(&hart - description.board.harts.data());
        return enable_words_[index * words_of(board_.plic) + word];
    }

    /// Two harts may change a word at once. Each stores what the word is to be, and looks whether it still is: so the
    /// last one that stores has stored what is true.
    void store_enable_word(const Hart& hart, std::uint32_t word) const {
        const auto& wanted = enable_word(hart, word);
        auto value = wanted.load();
        await_hart<Wait::enables>(
            [&] {
                set(reg::enable_word(hart.context, word), value);
                order::between_steps();
                const auto now = wanted.load();
                return std::exchange(value, now) == now;
            },
            [] {});
    }

    /// False: the context is not there, it takes no bit.
    bool disable_all(const Hart& hart) const {
        for (std::uint32_t word = 0; word < words_of(board_.plic); ++word) {
            set(reg::enable_word(hart.context, word), 0);
        }
        return takes_enable(hart, board_.console.source);
    }

    bool takes_enable(const Hart& hart, std::uint32_t source) const {
        const auto at = reg::enable_word(hart.context, source / 32);
        set(at, mask_of(source));
        const bool taken = get(at) != 0;
        set(at, 0);
        return taken;
    }

    /// A source that is not there has neither a priority nor an enable bit that takes a 1 (specification, "Interrupt
    /// Priorities" and "Interrupt Enables"). Requires: nothing is enabled.
    bool takes(const Source& source) const {
        const auto priority = reg::priority_of(source.number);
        set(priority, 1);
        const bool taken = get(priority) == 1;
        set(priority, 0);
        return taken && takes_enable(board_.harts.front(), source.number);
    }

    const Board& board_;
    EnableWords enable_words_;
};

}  // namespace mullion::arch::irq
