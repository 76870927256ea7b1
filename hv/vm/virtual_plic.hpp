// SPDX-License-Identifier: Apache-2.0
// Emulates the PLIC of a guest on a machine without IMSIC (RISC-V Platform-Level Interrupt Controller Specification
// 1.0; words in quotes are its section titles). Context 2h + 1 is the S-mode of the guest's hart h. Context 2h would be
// its M-mode, and has no registers.
//
// A source is one of three kinds:
// - granted: a physical source of the same number. When it interrupts, the hypervisor claims it and calls arrive(); it
//   stays claimed in the machine until the guest completes it. So the machine's gateway is the guest's, too.
// - virtual: driven by an emulated device through set_line(); its gateway is here, for a level-triggered wire.
// - neither: not implemented, all its bits read-only zero.
//
// Priorities and thresholds exist only here. In the machine a granted source is enabled for one hart, the lowest hart
// for which the guest has enabled it, if its priority is not 0. So it interrupts where the guest wants it, and a source
// that no hart wants costs no exit.
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstdint>
#include <span>

#include "core/description.hpp"
#include "core/message.hpp"
#include "core/plic_registers.hpp"
#include "core/source_set.hpp"
#include "vm/emulated_device.hpp"

namespace mullion {

/// What the PLIC needs of the machine. `hart` is the guest's hart index; `source` is granted to the guest.
///
/// route         the source may interrupt that hart of the guest, and no other; it is not routed and not held
/// unroute       it interrupts nobody; it is routed to that hart
/// release       a held source may come again, if its wire is still up at once; it is routed to that hart
/// put_back      a source that arrived on the calling hart, and is not routed any more, waits in the machine
/// pending       whether it waits in the machine
/// calling_hart  the guest's hart that runs this
/// set_external  VSEIP of the calling hart
/// call          another hart calls refresh() soon
template <class P>
concept PlicPort = requires(P port, std::uint32_t source, std::uint32_t hart, bool level) {
    port.route(source, hart);
    port.unroute(source, hart);
    port.release(source, hart);
    port.put_back(source);
    { port.pending(source) } -> std::same_as<bool>;
    { port.calling_hart() } -> std::same_as<std::uint32_t>;
    port.set_external(level);
    port.send(hart, Message::attention);
};

/// The state of one context.
struct PlicContext {
    SourceSet enabled;
    std::uint32_t threshold = 0;
    /// Level of the hart's VSEIP, or the level that it will have when the hart answers a pending call().
    bool signalled = false;
};

/// Requires: the caller holds the guest's device lock, for each call.
template <PlicPort Port>
class VirtualPlic final : public EmulatedController {
 public:
    static constexpr std::uint32_t max_priority = 7;  ///< priorities and thresholds have 3 bits

    /// Requires: `contexts`, one for each hart of the guest, outlive this. Does not access the machine: call reset()
    /// before the first use.
    constexpr VirtualPlic(const Guest& guest, std::span<PlicContext> contexts, Port& port)
        : port_(port), contexts_(contexts) {
        for (const auto& source : guest.sources) {
            granted_.insert(source.number);
            implement(source.number);
        }
        for (const auto& device : guest.devices) {
            if (device.source != 0) {
                implement(device.source);
            }
        }
        routes_.fill(nobody);
    }

    /// Resets the PLIC, at the start of a guest and after its end: every granted source is masked and not held, and all
    /// registers are 0. Wires keep their levels, which are the devices'. refresh() sets the harts' VSEIP.
    constexpr void reset() override {
        granted_.for_each([this](std::uint32_t source) {
            if (in_service_.contains(source)) {
                port_.release(source, routes_[source]);
            }
            set_route(source, nobody);
        });
        for (auto& context : contexts_) {
            context = {};
        }
        priorities_.fill(0);
        in_service_ = wires_;
        pending_ = wires_;
        num_pending_ = 0;
        pending_.for_each([this](std::uint32_t) { ++num_pending_; });
    }

    /// Drives the wire of a virtual source ("Interrupt Gateways"). Cheap if the level does not change.
    constexpr void set_line(std::uint32_t source, bool level) override {
        if (wires_.contains(source) == level) {
            return;
        }
        change_line(source, level);
    }

    /// Takes a granted source that has interrupted the calling hart, and holds it until release(). If the guest has
    /// disabled it meanwhile, so that it is not routed any more, it goes back to wait in the machine.
    constexpr void arrive(std::uint32_t source) {
        if (routes_[source] == nobody) {
            return port_.put_back(source);
        }
        request(source);
    }

    /// Sets VSEIP of the calling hart from its context. Called when another hart has called it, and when it starts.
    constexpr void refresh() { recompute(port_.calling_hart()); }

    /// Reads the register at `offset`, 0 if there is none. Requires: `offset` is a multiple of 4. Contexts are the fast
    /// path, as each interrupt costs a claim; the rest is out of line, so that the fast path saves no registers.
    constexpr Answer read(std::uint32_t offset) override {
        if (offset < first_context) {
            return is_enable(offset) ? Answer(read_enable(offset)) : read_other(offset);
        }
        const auto hart = (offset - first_context) / hart_bytes;
        const auto reg = (offset - first_context) % hart_bytes;
        if (hart >= contexts_.size()) {
            return 0;
        }
        if (reg == plic::claim) {
            return claim(hart);
        }
        return reg == plic::threshold ? contexts_[hart].threshold : 0;
    }

    /// Writes the register at `offset`; ignored if there is none. Requires: `offset` is a multiple of 4.
    constexpr Effect write(std::uint32_t offset, std::uint32_t value) override {
        if (offset < first_context) {
            write_other(offset, value);
        } else {
            write_context(offset, value);
        }
        return Effect::none;
    }

 private:
    [[gnu::noinline]] constexpr void write_context(std::uint32_t offset, std::uint32_t value) {
        const auto hart = (offset - first_context) / hart_bytes;
        const auto reg = (offset - first_context) % hart_bytes;
        if (hart >= contexts_.size()) {
            return;
        }
        if (reg == plic::claim) {
            complete(hart, value);
        } else if (reg == plic::threshold) {
            contexts_[hart].threshold = value & max_priority;
            update(hart);
        }
    }

    /// Returns whether `offset` is in the enable bits of a context. Drivers read them often, to change one bit of a
    /// word.
    constexpr bool is_enable(std::uint32_t offset) const {
        const auto at = offset - first_enables;  // wraps to a large number below first_enables
        return at / hart_enable_bytes < contexts_.size() && at % hart_enable_bytes < plic::enable_bytes;
    }
    constexpr std::uint32_t read_enable(std::uint32_t offset) const {
        return contexts_[(offset - first_enables) / hart_enable_bytes].enabled.word(offset % plic::enable_bytes / 4);
    }

    // Distance of the registers of a hart's S-mode from those of the previous hart; M-mode contexts are in between.
    static constexpr std::uint32_t first_context = plic::threshold_of(plic::supervisor_context);
    static constexpr std::uint32_t hart_bytes = plic::contexts_of_hart * plic::context_bytes;
    static constexpr std::uint32_t first_enables = plic::enable_word(plic::supervisor_context, 0);
    static constexpr std::uint32_t hart_enable_bytes = plic::contexts_of_hart * plic::enable_bytes;

    [[gnu::noinline]] constexpr void change_line(std::uint32_t source, bool level) {
        wires_.assign(source, level);
        if (level && !in_service_.contains(source)) {
            request(source);
        }
    }

    static constexpr std::uint16_t nobody = 0xffff;

    constexpr void implement(std::uint32_t source) {
        implemented_.insert(source);
        words_ = std::max(words_, source / 32 + 1);
    }

    [[gnu::noinline]] constexpr Answer read_other(std::uint32_t offset) const {
        if (offset < plic::pending) {
            return priorities_[offset / 4];
        }
        return offset < plic::pending + plic::enable_bytes ? pending_word((offset - plic::pending) / 4) : 0;
    }

    [[gnu::noinline]] constexpr void write_other(std::uint32_t offset, std::uint32_t value) {
        if (offset < plic::pending) {
            return write_priority(offset / 4, value);
        }
        if (is_enable(offset)) {  // pending bits are read-only
            write_enables((offset - first_enables) / hart_enable_bytes, offset % plic::enable_bytes / 4, value);
        }
    }

    /// Returns pending bits. A granted source that no hart may claim is pending in the machine.
    [[gnu::noinline]] constexpr std::uint32_t pending_word(std::uint32_t index) const {
        auto bits = pending_.word(index);
        granted_.for_each_in(index, ~bits, [&](std::uint32_t source) {
            const bool waits = !in_service_.contains(source) && port_.pending(source);
            bits |= std::uint32_t{waits} << source % 32;
        });
        return bits;
    }

    constexpr void write_priority(std::uint32_t source, std::uint32_t value) {
        if (!implemented_.contains(source)) {
            return;
        }
        priorities_[source] = static_cast<std::uint8_t>(value & max_priority);
        apply_route(source);
        if (pending_.contains(source)) {
            update_all();
        }
    }

    constexpr void write_enables(std::uint32_t hart, std::uint32_t word, std::uint32_t value) {
        auto& enabled = contexts_[hart].enabled;
        const auto bits = value & implemented_.word(word);
        const auto changed = bits ^ enabled.word(word);
        enabled.set_word(word, bits);
        granted_.for_each_in(word, changed, [this](std::uint32_t source) { apply_route(source); });
        update(hart);
    }

    /// Claims ("Interrupt Claim Process"); the threshold does not matter.
    [[gnu::noinline]] constexpr Answer claim(std::uint32_t hart) {
        const auto source = most_urgent(contexts_[hart]);
        if (source == 0) {
            update(hart);
            return 0;
        }
        pending_.erase(source);
        --num_pending_;
        for (std::uint32_t other = 0; other < contexts_.size(); ++other) {
            if (contexts_[other].signalled) {
                update(other);
            }
        }
        return source;
    }

    /// Completes a source ("Interrupt Completion"), whichever context has claimed it. Ignored if it is not enabled for
    /// this context, or not claimed.
    [[gnu::noinline]] constexpr void complete(std::uint32_t hart, std::uint32_t source) {
        if (!contexts_[hart].enabled.contains(source) || !in_service_.contains(source) || pending_.contains(source)) {
            return;
        }
        in_service_.erase(source);
        if (granted_.contains(source)) {
            port_.release(source, routes_[source]);
            apply_route(source);
        } else if (wires_.contains(source)) {
            request(source);
        }
    }

    /// Takes a gateway's request. The gateway forwards no other one before the completion.
    constexpr void request(std::uint32_t source) {
        in_service_.insert(source);
        num_pending_ += pending_.contains(source) ? 0 : 1;
        pending_.insert(source);
        for (std::uint32_t hart = 0; hart < contexts_.size(); ++hart) {
            const auto& context = contexts_[hart];
            if (context.enabled.contains(source) && priorities_[source] > context.threshold) {
                tell(hart, true);
            }
        }
    }

    /// Returns the pending source of the highest priority, of equal ones the lowest number ("Interrupt Priorities"); 0
    /// if there is none.
    constexpr std::uint32_t most_urgent(const PlicContext& context) const {
        std::uint32_t found = 0;
        for (std::uint32_t word = 0; word < words_; ++word) {
            for (auto rest = pending_.word(word) & context.enabled.word(word); rest != 0; rest &= rest - 1) {
                const auto source = 32 * word + lowest_bit(rest);
                found = priorities_[source] > priorities_[found] ? source : found;
            }
        }
        return found;
    }

    constexpr void update_all() {
        for (std::uint32_t hart = 0; hart < contexts_.size(); ++hart) {
            update(hart);
        }
    }

    /// Updates a hart's interrupt ("Interrupt Notifications") after a change that may affect its context.
    constexpr void update(std::uint32_t hart) {
        if (num_pending_ != 0) {
            recompute(hart);
        } else if (contexts_[hart].signalled) {
            tell(hart, false);
        }
    }

    [[gnu::noinline]] constexpr void recompute(std::uint32_t hart) {
        const auto& context = contexts_[hart];
        tell(hart, priorities_[most_urgent(context)] > context.threshold);
    }

    constexpr void tell(std::uint32_t hart, bool level) {
        auto& signalled = contexts_[hart].signalled;
        if (hart == port_.calling_hart()) {
            port_.set_external(level);
        } else if (signalled != level) {
            port_.send(hart, Message::attention);
        }
        signalled = level;
    }

    /// Routes a granted source to the hart that wants it. Called when that may have changed. A held source stays routed
    /// where it must be released, and is moved after that.
    constexpr void apply_route(std::uint32_t source) {
        if (granted_.contains(source) && !in_service_.contains(source)) {
            set_route(source, priorities_[source] != 0 ? lowest_hart(source) : nobody);
        }
    }

    constexpr std::uint16_t lowest_hart(std::uint32_t source) const {
        for (std::uint16_t hart = 0; hart < contexts_.size(); ++hart) {
            if (contexts_[hart].enabled.contains(source)) {
                return hart;
            }
        }
        return nobody;
    }

    constexpr void set_route(std::uint32_t source, std::uint16_t hart) {
        auto& route = routes_[source];
        if (route == hart) {
            return;
        }
        if (route != nobody) {
            port_.unroute(source, route);
        }
        if (hart != nobody) {
            port_.route(source, hart);
        }
        route = hart;
    }

    Port& port_;
    std::span<PlicContext> contexts_;
    SourceSet granted_;
    SourceSet implemented_;
    std::uint32_t words_ = 0;  // words of the sets below that can have members

    SourceSet pending_;  // of virtual sources, and of granted ones that have arrived
    std::uint32_t num_pending_ = 0;
    SourceSet in_service_;  // gateways that wait for a completion; granted sources that are held in the machine
    SourceSet wires_;       // of virtual sources
    std::array<std::uint8_t, max_source + 1> priorities_{};  // 0 for what is not implemented
    std::array<std::uint16_t, max_source + 1> routes_{};     // of granted sources: the hart
};

}  // namespace mullion
