// SPDX-License-Identifier: Apache-2.0
// Emulates the APLIC interrupt domain of a guest: supervisor level, no children, MSI delivery only, little-endian (AIA
// chapter 4; section numbers are of version 1.0).
//
// A source is one of three kinds:
// - granted: a physical source of the same number. Its mode, target, enable and pending bits are those of the machine's
//   own APLIC, so that the device's interrupt reaches the guest's interrupt file without the hypervisor.
// - virtual: driven by an emulated device through set_line(); its bits are kept here.
// - neither: not implemented, all its bits read-only zero.
//
// Guests are isolated because a physical source is accessed only if it is in `granted_`, it is enabled only after its
// target was written while it was disabled, and every target names a hart of the guest.
#pragma once

#include <array>
#include <concepts>
#include <cstdint>

#include "core/aplic_registers.hpp"
#include "core/description.hpp"
#include "core/source_set.hpp"
#include "vm/emulated_device.hpp"

namespace mullion {

/// What the domain needs of the machine. `hart` is the guest's hart index and stands for that hart's guest interrupt
/// file, never another one. `eiid` is an identity that the file implements, for physical_target also 0, which is none.
/// `source` is granted to the guest. Pending and input are those of the physical domain (AIA 4.5.5, 4.5.7).
template <class P>
concept AplicPort = requires(P port, std::uint32_t source, std::uint32_t hart, std::uint32_t eiid, SourceMode mode) {
    port.send_msi(hart, eiid);
    port.physical_source_mode(source, mode);
    port.physical_target(source, hart, eiid);
    port.physical_enable(source, true);
    port.physical_set_pending(source);
    port.physical_clear_pending(source);
    { port.physical_pending(source) } -> std::same_as<bool>;
    { port.physical_input(source) } -> std::same_as<bool>;
};

/// Requires: the caller holds the guest's device lock, for each call.
template <AplicPort Port>
class VirtualAplic final : public EmulatedController {
 public:
    /// `num_ids` is the highest identity of the guest's interrupt files. Does not access the machine: call reset()
    /// before the first use.
    constexpr VirtualAplic(const Guest& guest, std::uint32_t num_ids, Port& port)
        : port_(port), harts_(static_cast<std::uint32_t>(guest.harts.size())), num_ids_(num_ids) {
        for (const auto& source : guest.sources) {
            granted_.insert(source.number);
            implemented_.insert(source.number);
        }
        for (const auto& device : guest.devices) {
            if (device.source != 0) {
                implemented_.insert(device.source);
            }
        }
    }

    /// Resets the domain, at the start of a guest and after its end: every granted source becomes inactive, hence
    /// masked and not pending, and all registers 0. Wires keep their levels, which are the devices'.
    [[gnu::cold]] constexpr void reset() override {
        implemented_.for_each([this](std::uint32_t source) { deactivate(source); });
        delivering_ = false;
        genmsi_ = 0;
    }

    /// Drives the wire of a virtual source. Cheap if the level does not change.
    constexpr void set_line(std::uint32_t source, bool level) override {
        if (wires_.contains(source) == level) {
            return;
        }
        change_line(source, level);
    }

    /// Reads the register at `offset` into the control region, 0 beyond it. Requires: `offset` is a multiple of 4.
    /// Targets are the fast path, as guests read them to move interrupts; other registers are out of line, so that the
    /// fast path saves no registers.
    constexpr Answer read(std::uint32_t offset) override {
        const auto source = aplic_target_index(offset);
        return source != 0 ? Answer(targets_[source]) : read_other(offset);
    }

    /// Writes the register at `offset`; ignored beyond the region. Requires: `offset` is a multiple of 4. setipnum_le
    /// is the fast path, as it ends a level-triggered interrupt (AIA 4.9.2).
    constexpr Effect write(std::uint32_t offset, std::uint32_t value) override {
        if (offset == static_cast<std::uint32_t>(AplicRegister::setipnum_le)) {
            write_by_number(AplicRegister::setipnum_le, value);
        } else {
            write_other(offset, value);
        }
        return Effect::none;
    }

 private:
    [[gnu::noinline]] constexpr void change_line(std::uint32_t source, bool level) {
        wires_.assign(source, level);
        if (input(source)) {
            pending_.insert(source);  // the rectified input rose (AIA 4.7)
            forward(source);
        } else if (is_level(modes_[source])) {
            pending_.erase(source);  // a level source is never pending while its input is low (AIA 4.7)
        }
    }

    [[gnu::cold, gnu::noinline]] constexpr Answer read_other(std::uint32_t offset) const {
        const auto at = locate_aplic_register(offset);
        if (!at) {
            return 0;
        }
        switch (at->reg) {
            case AplicRegister::domaincfg:
                return domaincfg::fixed | domaincfg::dm | (delivering_ ? domaincfg::ie : 0);
            case AplicRegister::sourcecfg:
                return static_cast<std::uint32_t>(modes_[at->index]);
            case AplicRegister::setip:
            case AplicRegister::in_clrip:
                return collect(at->index, [&](std::uint32_t source) {
                    return at->reg == AplicRegister::setip ? is_pending(source) : input(source);
                });
            case AplicRegister::setie:
                return enabled_.word(at->index);
            case AplicRegister::genmsi:
                return genmsi_;
            default:
                return 0;  // the other registers are write-only
        }
    }

    [[gnu::cold, gnu::noinline]] constexpr void write_other(std::uint32_t offset, std::uint32_t value) {
        const auto at = locate_aplic_register(offset);
        if (!at) {
            return;
        }
        switch (at->reg) {
            case AplicRegister::domaincfg:
                return write_domaincfg(value);
            case AplicRegister::sourcecfg:
                return write_sourcecfg(at->index, value);
            case AplicRegister::target:
                return write_target(at->index, value);
            case AplicRegister::genmsi:
                return write_genmsi(value);
            case AplicRegister::setip:
                return write_by_numbers(AplicRegister::setipnum, at->index, value);
            case AplicRegister::in_clrip:
                return write_by_numbers(AplicRegister::clripnum, at->index, value);
            case AplicRegister::setie:
                return write_by_numbers(AplicRegister::setienum, at->index, value);
            case AplicRegister::clrie:
                return write_by_numbers(AplicRegister::clrienum, at->index, value);
            default:
                return write_by_number(at->reg, value);
        }
    }

    /// Writes the *num register with each source whose bit is set in word `index` of a bit array.
    [[gnu::cold]] constexpr void write_by_numbers(AplicRegister reg, std::uint32_t index, std::uint32_t bits) {
        active_.for_each_in(index, bits, [&](std::uint32_t source) { write_by_number(reg, source); });
    }

    /// Writes a *num register; ignored unless `source` is active (AIA 4.5.6, 4.5.8, 4.5.10, 4.5.12, 4.5.13).
    /// setipnum_be is not implemented, as BE is read-only zero (AIA 4.5.14).
    constexpr void write_by_number(AplicRegister reg, std::uint32_t source) {
        if (!is_active(source)) {
            return;
        }
        switch (reg) {
            case AplicRegister::setipnum:
            case AplicRegister::setipnum_le:
                return set_pending(source);
            case AplicRegister::clripnum:
                return clear_pending(source);
            case AplicRegister::setienum:
                return enable(source, true);
            case AplicRegister::clrienum:
                return enable(source, false);
            default:
                return;
        }
    }

    [[gnu::cold]] constexpr void write_domaincfg(std::uint32_t value) {
        delivering_ = (value & domaincfg::ie) != 0;
        enabled_.for_each([this](std::uint32_t source) { apply_enable(source); });
    }

    [[gnu::cold]] constexpr void write_sourcecfg(std::uint32_t source, std::uint32_t value) {
        if (!implemented_.contains(source)) {
            return;
        }
        const auto mode = source_mode(value);
        if (mode == SourceMode::inactive) {
            return deactivate(source);
        }
        const bool activated = !is_active(source);
        active_.insert(source);
        modes_[source] = mode;
        if (granted_.contains(source)) {
            port_.physical_source_mode(source, mode);
        } else if (is_level(mode)) {
            // A high input may set the bit (AIA 4.5.2), and does here, as it may never rise again. A low one clears it.
            pending_.assign(source, input(source));
        }
        if (activated) {
            // The target of a source that becomes active is unspecified (AIA 4.5.2): 0 here. It must be set in the
            // machine, too, as it may be another guest's there. The source is still masked.
            set_target(source, {});
        }
        forward(source);
    }

    constexpr void write_target(std::uint32_t source, std::uint32_t value) {
        if (is_active(source)) {
            set_target(source, legal_target(value));
        }
    }

    /// Sends an extempore MSI at once, so that Busy always reads 0; domaincfg.IE does not gate it (AIA 4.5.15).
    constexpr void write_genmsi(std::uint32_t value) {
        const auto target = legal_target(value);
        genmsi_ = target.bits();
        send(target);
    }

    /// Returns what a target register holds after `value` was written (AIA 4.5.16). Hart Index is WLRL: a hart that the
    /// guest does not have becomes hart 0. Guest Index is read-only zero, as the guest has no H extension. EIID is
    /// WARL: all 11 bits are kept.
    constexpr AplicTarget legal_target(std::uint32_t value) const {
        const auto written = AplicTarget::of(value);
        return {.hart = written.hart < harts_ ? written.hart : 0, .guest_index = 0, .eiid = written.eiid};
    }

    /// Returns whether interrupt files implement the identity. They ignore others (AIA 3.5), so those are not sent.
    constexpr bool is_identity(std::uint32_t eiid) const { return eiid != 0 && eiid <= num_ids_; }

    constexpr void send(const AplicTarget& target) {
        if (is_identity(target.eiid)) {
            port_.send_msi(target.hart, target.eiid);
        }
    }

    constexpr void set_target(std::uint32_t source, const AplicTarget& target) {
        targets_[source] = target.bits();
        if (granted_.contains(source)) {
            port_.physical_target(source, target.hart, is_identity(target.eiid) ? target.eiid : 0);
        }
    }

    [[gnu::cold]] constexpr void deactivate(std::uint32_t source) {
        if (granted_.contains(source)) {
            port_.physical_enable(source, false);
            port_.physical_source_mode(source, SourceMode::inactive);  // clears its pending bit, too (AIA 4.5.2)
        }
        active_.erase(source);
        enabled_.erase(source);
        pending_.erase(source);
        modes_[source] = SourceMode::inactive;
        targets_[source] = 0;
    }

    constexpr void enable(std::uint32_t source, bool on) {
        enabled_.assign(source, on);
        apply_enable(source);
    }

    /// Applies the source's enable bit and domaincfg.IE. Called when one of them may have changed.
    constexpr void apply_enable(std::uint32_t source) {
        if (granted_.contains(source)) {
            port_.physical_enable(source, delivering_ && enabled_.contains(source));
        } else {
            forward(source);
        }
    }

    constexpr void set_pending(std::uint32_t source) {
        if (granted_.contains(source)) {
            return port_.physical_set_pending(source);
        }
        if (!is_level(modes_[source]) || input(source)) {  // AIA 4.7
            pending_.insert(source);
            forward(source);
        }
    }

    constexpr void clear_pending(std::uint32_t source) {
        if (granted_.contains(source)) {
            return port_.physical_clear_pending(source);
        }
        pending_.erase(source);
    }

    /// Returns whether the source is active. `source` may be any number.
    constexpr bool is_active(std::uint32_t source) const {
        return source <= max_source && modes_[source] != SourceMode::inactive;
    }

    constexpr bool is_pending(std::uint32_t source) const {
        return granted_.contains(source) ? port_.physical_pending(source) : pending_.contains(source);
    }

    /// Returns the rectified input value.
    constexpr bool input(std::uint32_t source) const {
        return granted_.contains(source) ? port_.physical_input(source)
                                         : rectified_input(modes_[source], wires_.contains(source));
    }

    /// Returns word `index` of a bit array whose bits are `test(source)`; bits of inactive sources are 0 (AIA 4.5.2).
    constexpr std::uint32_t collect(std::uint32_t index, auto test) const {
        constexpr auto all = ~std::uint32_t{0};
        std::uint32_t bits = 0;
        active_.for_each_in(index, all,
                            [&](std::uint32_t source) { bits |= std::uint32_t{test(source)} << source % 32; });
        return bits;
    }

    /// Sends the source's MSI if it is pending and enabled and domaincfg.IE is set (AIA 4.9). For granted sources,
    /// whose bits are never in `pending_`, the machine's APLIC does it.
    constexpr void forward(std::uint32_t source) {
        if (delivering_ && enabled_.contains(source) && pending_.contains(source)) {
            pending_.erase(source);
            send(AplicTarget::of(targets_[source]));
        }
    }

    Port& port_;
    std::uint32_t harts_;
    std::uint32_t num_ids_;
    SourceSet granted_;
    SourceSet implemented_;

    bool delivering_ = false;  // domaincfg.IE
    std::uint32_t genmsi_ = 0;
    SourceSet active_;   // those whose mode is not inactive, for accesses to 32 at once
    SourceSet enabled_;  // the guest's view; a subset of active_
    SourceSet pending_;  // of virtual sources; a subset of active_
    SourceSet wires_;    // of virtual sources
    std::array<SourceMode, max_source + 1> modes_{};
    std::array<std::uint32_t, max_source + 1> targets_{};  // as registers; 0 unless active
};

}  // namespace mullion
