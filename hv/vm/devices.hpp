// SPDX-License-Identifier: Apache-2.0
// A guest's emulated devices: the one dispatch of its loads and stores, and the lock of all that they touch.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <span>

#include "core/address.hpp"
#include "core/decode.hpp"
#include "core/description.hpp"
#include "vm/emulated_device.hpp"
#include "vm/vcpu.hpp"

namespace mullion {

/// What the registers of a device are made for. Of words: aligned accesses of 32 bits, and no others (AIA 4.5). Of
/// bytes: accesses of every width, answered with one byte. Of parts: aligned accesses of 8, 16 and 32 bits, to words
/// and parts of words (PCI Express, "PCI Express Enhanced Configuration Access Mechanism").
enum class RegisterWidth : std::uint8_t { bytes = 0, words = 3, parts = 7 };  // bits of an address that are zero

/// A row of the table.
struct DeviceRow {
    GuestRange range;
    TransformedForm form;  ///< of the commonest accesses to its registers
    EmulatedDevice* device = nullptr;
    std::uint32_t source = 0;  ///< at the guest's controller; 0: none
    RegisterWidth width{};
    Exit exit{};  ///< what an access counts as

    static constexpr DeviceRow of(const VirtualDevice& described, EmulatedDevice& device, RegisterWidth width) {
        return {described.range(), form_of(width), &device, described.source, width, exit_of(described.kind)};
    }

    /// Of a device of parts no access is of the row's form: their speed does not matter.
    static constexpr TransformedForm form_of(RegisterWidth width) {
        switch (width) {
            case RegisterWidth::bytes:
                return lb_or_sb;
            case RegisterWidth::words:
                return lw_or_sw;
            default:
                return no_access;
        }
    }

    constexpr bool is_aligned_for(Gpa at) const { return (at.value & static_cast<std::uint64_t>(width)) == 0; }
    /// Returns whether all of an access that begins at `at` is one that the device has.
    constexpr bool takes(Gpa at, std::uint64_t bytes) const { return range.contains(at, bytes) && has_form(at, bytes); }

 private:
    constexpr bool has_form(Gpa at, std::uint64_t bytes) const {
        constexpr std::uint64_t word = 4;
        switch (width) {
            case RegisterWidth::bytes:
                return true;
            case RegisterWidth::words:
                return bytes == word && is_aligned_for(at);
            default:
                return bytes <= word && is_aligned(at.value, bytes);
        }
    }
};

/// What the dispatch needs of the machine, of the calling hart.
///
/// set_deadline  Devices::expire() is called no later
template <class P>
concept DevicesPort = requires(P port, std::uint64_t time) {
    port.set_deadline(time);
};

template <class Lock, DevicesPort Port>
class Devices {
 public:
    /// Requires: the rows' ranges are apart, and there is one at least. The busiest device is best the first.
    constexpr Devices(std::span<const DeviceRow> rows, EmulatedController& controller, Port& port)
        : begin_(rows.data()), end_(begin_ + rows.size()), controller_(controller), port_(port) {}

    /// Returns the lock, for those who use a device otherwise than by read() and write().
    Lock& lock() { return lock_; }

    /// Returns the device that answers there, to some accesses at least; null where none does.
    const DeviceRow* find(Gpa at) const {
        const auto* row = begin_;
        while (at - row->range.base >= row->range.size) {  // wraps around, and so is large, below the base
            if (++row == end_) {
                return nullptr;
            }
        }
        return row;
    }

    /// Reads a register. Requires: the device takes the access.
    [[gnu::always_inline]] std::uint32_t read(const DeviceRow& row, std::uint64_t offset) {
        lock_.lock();
        const auto answer = row.device->read(static_cast<std::uint32_t>(offset));
        settle_and_unlock(row, answer.effect());  // no device says anything when it is read
        return answer.value();
    }

    /// Writes a register. Requires: the device takes the access. Returns whether there is output to be moved on.
    [[nodiscard, gnu::always_inline]] bool write(const DeviceRow& row, std::uint64_t offset, std::uint32_t value) {
        lock_.lock();
        return settle_and_unlock(row, row.device->write(static_cast<std::uint32_t>(offset), value));
    }

    /// Reads what begins at `offset`, of a register or a part of one. Requires: as for read().
    std::uint32_t read_bytes(const DeviceRow& row, std::uint64_t offset) {
        constexpr std::uint64_t in_word = 3;
        return row.width == RegisterWidth::parts ? read(row, offset & ~in_word) >> ((offset & in_word) * 8)
                                                 : read(row, offset);
    }

    /// Writes so many bytes, a register or a part of one. Requires and returns the same as write().
    [[nodiscard]] bool write_bytes(const DeviceRow& row, std::uint64_t offset, std::uint64_t bytes,
                                   std::uint32_t value) {
        if (row.width != RegisterWidth::parts) {
            return write(row, offset, value);
        }
        lock_.lock();
        return settle_and_unlock(
            row, row.device->write_part(static_cast<std::uint32_t>(offset), static_cast<std::uint32_t>(bytes), value));
    }

    /// Drives the device's wire after it was used otherwise. Requires: the caller holds the lock.
    void refresh_line(const EmulatedDevice& device) {
        const auto* row = std::ranges::find(begin_, end_, &device, &DeviceRow::device);
        controller_.set_line(row->source, device.interrupt());
    }

    /// Resets all of them, as at the start of a guest. Requires: the caller holds the lock.
    void reset() {
        for (const auto& row : rows()) {
            row.device->reset();
        }
        for (const auto& row : rows()) {
            if (row.source != 0) {
                controller_.set_line(row.source, row.device->interrupt());
            }
        }
    }

    /// Handles a deadline that seems to have come. Returns whether a device wants the guest reset; it says so until
    /// that is done, or it changes its mind.
    bool expire() {
        lock_.lock();
        bool resets = false;
        for (const auto& row : rows()) {
            const auto effect = row.device->expire();
            settle(row, effect);
            resets = resets || has(effect, Effect::reset);
        }
        lock_.unlock();
        return resets;
    }

 private:
    /// Does what an access has left to be done, which is mostly nothing. Returns whether there is output.
    [[gnu::always_inline]] bool settle_and_unlock(const DeviceRow& row, Effect effect) {
        if (effect != Effect::none) {
            return settle_some_and_unlock(row, effect);
        }
        lock_.unlock();
        return false;
    }

    // Apart, so that others save no registers for it.
    [[gnu::noinline]] bool settle_some_and_unlock(const DeviceRow& row, Effect effect) {
        settle(row, effect);
        lock_.unlock();
        return has(effect, Effect::output);
    }

    std::span<const DeviceRow> rows() const { return {begin_, end_}; }

    void settle(const DeviceRow& row, Effect effect) {
        if (has(effect, Effect::line)) {
            controller_.set_line(row.source, row.device->interrupt());
        }
        if (has(effect, Effect::deadline)) {
            wait_for_deadline();
        }
    }

    [[gnu::noinline]] void wait_for_deadline() {
        auto earliest = EmulatedDevice::never;
        for (const auto& row : rows()) {
            earliest = std::min(earliest, row.device->deadline());
        }
        port_.set_deadline(earliest);
    }

    Lock lock_;
    const DeviceRow* begin_;  // rather than a span, whose end is worked out at every exit
    const DeviceRow* end_;
    EmulatedController& controller_;
    Port& port_;
};

}  // namespace mullion
