// SPDX-License-Identifier: Apache-2.0
// Emulates configuration space of a guest's PCI bus: of its functions, under the numbers that the board gives them, and
// of no others. What a guest writes reaches the function only where it harms nobody else: where it answers (its BARs),
// who else hears of it (its pins), and what it may ask of the bus stay as the description and the machine have them.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <span>

#include "core/description.hpp"
#include "core/pci_registers.hpp"
#include "vm/emulated_device.hpp"
#include "vm/pci_capabilities.hpp"

namespace mullion {

/// What the emulation needs of the machine: configuration space of a function by its number.
///
/// load_pci   returns the word at an offset, a multiple of 4; all ones if the function does not answer
/// store_pci  stores 1, 2 or 4 bytes at an offset that is a multiple of them
template <class P>
concept PciPort = requires(P& port, std::uint8_t function, std::uint32_t value) {
    { port.load_pci(function, value) } -> std::same_as<std::uint32_t>;
    port.store_pci(function, value, value, value);
};

/// And what it needs of those who watch what the IOMMU refuses.
///
/// may_do_dma    returns whether the function has not lost its DMA
/// watch_due     returns when watch() is due, in ticks of `time`
template <class P>
concept WatchedPciPort = PciPort<P> && requires(P& port, std::uint8_t function) {
    { port.may_do_dma(function) } -> std::same_as<bool>;
    { port.watch_due() } -> std::same_as<std::uint64_t>;
    { port.watch() } -> std::same_as<void>;
};

/// Of a function: a bit for each BAR's register that was last written with ones, to learn its size.
using PciSizing = std::uint8_t;

template <WatchedPciPort Port>
class VirtualPciHost final : public EmulatedDevice {
 public:
    /// `sizing` has an element for each function.
    constexpr VirtualPciHost(std::span<const PciFunction> functions, std::span<PciSizing> sizing, Port& port)
        : functions_(functions), sizing_(sizing), port_(port) {}

    constexpr void reset() override {
        std::ranges::fill(sizing_, PciSizing{0});
        port_.watch();
    }

    constexpr bool interrupt() const override { return false; }

    constexpr std::uint64_t deadline() const override { return port_.watch_due(); }
    constexpr Effect expire() override {
        port_.watch();
        return Effect::deadline;
    }

    constexpr Answer read(std::uint32_t offset) override {
        const auto* function = find(offset);
        return function != nullptr ? read_word(*function, offset % pci::function_bytes) : pci::no_function;
    }

    constexpr Effect write(std::uint32_t offset, std::uint32_t value) override {
        return write_part(offset, sizeof value, value);
    }

    /// Also of whole words.
    constexpr Effect write_part(std::uint32_t offset, std::uint32_t bytes, std::uint32_t value) override {
        if (const auto* function = find(offset)) {
            write_function(*function, Store{offset % pci::function_bytes, bytes, value});
        }
        return Effect::none;
    }

 private:
    /// A store of 1, 2 or 4 bytes within a word.
    struct Store {
        std::uint32_t at = 0;
        std::uint32_t bytes = 0;
        std::uint32_t value = 0;

        constexpr std::uint32_t word() const { return at & ~3u; }
        constexpr std::uint32_t in_word() const { return value << (at % 4 * 8); }
        constexpr std::uint32_t mask() const { return (0xffff'ffffu >> (32 - bytes * 8)) << (at % 4 * 8); }
        /// Returns what a register has then in `bits`, and in others.
        constexpr std::uint32_t over(std::uint32_t old, std::uint32_t bits) const {
            return (old & ~(mask() & bits)) | (in_word() & mask() & bits);
        }
    };

    constexpr const PciFunction* find(std::uint32_t offset) const {
        const auto number = static_cast<std::uint8_t>(offset / pci::function_bytes);
        const auto it = std::ranges::find(functions_, number, &PciFunction::number);
        return it != functions_.end() ? &*it : nullptr;
    }

    constexpr PciSizing& sizing_of(const PciFunction& function) const {
        return sizing_[static_cast<std::size_t>(&function - functions_.data())];
    }

    constexpr auto loader(const PciFunction& function) const {
        return [this, &function](std::uint32_t at) { return port_.load_pci(function.number, at); };
    }

    constexpr std::uint32_t read_word(const PciFunction& function, std::uint32_t at) const {
        switch (at) {
            case pci::ids:
            case pci::class_code:
            case pci::subsystem:
                return port_.load_pci(function.number, at);
            case pci::command:
                return port_.load_pci(function.number, at) & ~pci::intx_status;
            case pci::header_type:
                return has_siblings(function) ? pci::multi_function : 0;
            case pci::capabilities:
                return next_visible(function, 0);
            default:
                return at < pci::header_end ? read_bar(function, at) : read_capability(function, at);
        }
    }

    /// Returns whether the guest has another function of the same device.
    constexpr bool has_siblings(const PciFunction& function) const {
        constexpr unsigned device_shift = 3;
        return std::ranges::any_of(functions_, [&](const PciFunction& other) {
            return other.number != function.number && other.number >> device_shift == function.number >> device_shift;
        });
    }

    constexpr std::uint32_t read_bar(const PciFunction& function, std::uint32_t at) const {
        const auto slot = (at - pci::bar0) / 4;
        if (at < pci::bar0 || slot >= PciFunction::max_bars) {
            return 0;  // no pin, no ROM, nothing of a bridge or of CardBus
        }
        const auto words = pci::bar_words(function);
        return (sizing_of(function) >> slot & 1) != 0 ? words.mask[slot] : words.address[slot];
    }

    /// Returns the capability that holds the word, if the guest sees it: one of a kind that pci::Capability knows.
    constexpr std::optional<pci::Capability> capability_at(const PciFunction& function, std::uint32_t at) const {
        return pci::find_capability(loader(function), [at](const pci::Capability& found) { return found.holds(at); });
    }

    /// Returns the offset of the next capability that the guest sees, behind the one at `at`; with 0, of the first.
    constexpr std::uint32_t next_visible(const PciFunction& function, std::uint32_t at) const {
        bool is_behind = at == 0;
        const auto next = pci::find_capability(loader(function), [&](const pci::Capability& found) {
            const bool is_next = is_behind && found.size() != 0;
            is_behind = is_behind || found.at == at;
            return is_next;
        });
        return next ? next->at : 0;
    }

    /// Returns 0 for what is hidden, which ends the list of extended capabilities, too.
    constexpr std::uint32_t read_capability(const PciFunction& function, std::uint32_t at) const {
        const auto capability = at < pci::extended ? capability_at(function, at) : std::nullopt;
        if (!capability) {
            return 0;
        }
        const auto word = port_.load_pci(function.number, at);
        return at == capability->at ? (word & 0xffff'00ff) | next_visible(function, at) << 8 : word;
    }

    constexpr void write_function(const PciFunction& function, const Store& store) {
        const auto word = store.word();
        const auto slot = (word - pci::bar0) / 4;
        if (word == pci::command) {
            write_command(function, store);
        } else if (word >= pci::bar0 && slot < PciFunction::max_bars) {
            write_bar(function, slot, store);
        } else if (word >= pci::header_end && word < pci::extended) {
            if (const auto capability = capability_at(function, word)) {
                write_capability(function, *capability, store);
            }
        }
    }

    /// Before the function answers or does DMA its BARs are as the description has them: a reset, and a way back from
    /// D3hot, forget them.
    constexpr void write_command(const PciFunction& function, const Store& store) {
        const auto dma = port_.may_do_dma(function.number) ? pci::bus_master : 0;
        const auto free = pci::memory_space | dma | pci::parity_response | pci::serr;
        const auto old = port_.load_pci(function.number, pci::command);
        if ((store.mask() & 0xffff) != 0) {
            const auto value = (store.over(old, free) & free) | pci::intx_disable;
            if ((value & ~old & (pci::memory_space | pci::bus_master)) != 0) {
                restore_bars(function, port_);
            }
            port_.store_pci(function.number, pci::command, 2, value);
        }
        const auto errors = store.in_word() & store.mask() & pci::errors;
        if (errors != 0) {
            port_.store_pci(function.number, pci::command + 2, 2, errors >> 16);
        }
    }

    /// Remembers whether the guest asks for the size: ones in all bits that are an address's.
    constexpr void write_bar(const PciFunction& function, std::uint32_t slot, const Store& store) {
        constexpr std::uint32_t kind = 0xf;
        const auto mask = pci::bar_words(function).mask[slot] & (function.bars[slot].exists() ? ~kind : ~0u);
        const bool is_asked = store.bytes == 4 && (store.value & mask) == mask;
        const auto bit = 1u << slot;
        auto& sizing = sizing_of(function);
        sizing = static_cast<PciSizing>(is_asked ? sizing | bit : sizing & ~bit);
    }

    constexpr void write_capability(const PciFunction& function, const pci::Capability& capability,
                                    const Store& store) {
        const auto within = store.word() - capability.at;
        switch (capability.id()) {
            case pci::express:
                if (within == pci::device_control) {
                    write_device_control(function, store);
                }
                return;
            default:
                port_.store_pci(function.number, store.at, store.bytes, store.value);
        }
    }

    /// The guest may reset its function. How large its accesses are depends on bridges, and stays.
    constexpr void write_device_control(const PciFunction& function, const Store& store) {
        constexpr auto free = pci::error_reporting | pci::function_reset;
        const auto old = port_.load_pci(function.number, store.word());
        if ((store.mask() & 0xffff) != 0) {
            port_.store_pci(function.number, store.word(), 2, store.over(old & 0xffff, free));
        }
        const auto errors = store.in_word() & store.mask() & pci::device_errors;
        if (errors != 0) {
            port_.store_pci(function.number, store.word() + 2, 2, errors >> 16);
        }
    }

    std::span<const PciFunction> functions_;
    std::span<PciSizing> sizing_;
    Port& port_;
};

/// Has the function's BARs where the description has them. Requires: it does not answer to them now.
template <PciPort Port>
constexpr void restore_bars(const PciFunction& function, Port& port) {
    const auto words = pci::bar_words(function);
    for (std::uint32_t slot = 0; slot < PciFunction::max_bars; ++slot) {
        port.store_pci(function.number, pci::bar0 + slot * 4, 4, words.address[slot]);
    }
}

}  // namespace mullion
