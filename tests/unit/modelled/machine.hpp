// SPDX-License-Identifier: Apache-2.0
// Models a machine for the code that drives it: harts, interrupt files, an APLIC, a PLIC and the console's UART, as the
// specifications have them. Headers in this folder take the place of those of hv/arch that have instructions in them,
// so the drivers themselves run here. Before each access of a register `before_access` is called: others get in there.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string_view>
#include <vector>

#include "core/address.hpp"
#include "core/aplic_registers.hpp"
#include "core/csr_numbers.hpp"
#include "core/plic_registers.hpp"

namespace mullion::modelled {

/// An interrupt file (AIA 3).
struct InterruptFile {
    std::set<std::uint32_t> pending;
    std::set<std::uint32_t> enabled;
    bool delivers = false;

    std::uint32_t top() const {
        for (const auto identity : pending) {
            if (delivers && enabled.contains(identity)) {
                return identity;
            }
        }
        return 0;
    }
    void store(std::uint64_t which, std::uint64_t value) {
        if (which == csr::imsic::eidelivery) {
            delivers = value == 1;
        } else if (which >= csr::imsic::eie0) {
            assign(enabled, which - csr::imsic::eie0, value);
        } else if (which >= csr::imsic::eip0) {
            assign(pending, which - csr::imsic::eip0, value);
        }
    }
    /// Returns whether any of these bits was 1, which they are no more.
    bool take(std::uint64_t which, std::uint64_t bits) {
        bool had = false;
        for (std::uint32_t i = 0; i < 64; ++i) {
            const auto identity = static_cast<std::uint32_t>(32 * (which - csr::imsic::eip0) + i);
            had = ((bits >> i & 1) != 0 && pending.erase(identity) != 0) || had;
        }
        return had;
    }

 private:
    static void assign(std::set<std::uint32_t>& bits, std::uint64_t half_words, std::uint64_t value) {
        for (std::uint32_t i = 0; i < 64; ++i) {
            const auto identity = static_cast<std::uint32_t>(32 * half_words + i);
            (value >> i & 1) != 0 ? static_cast<void>(bits.insert(identity)) : static_cast<void>(bits.erase(identity));
        }
    }
};

/// The gateways, contexts and claims of the PLIC specification, for level-triggered sources.
class PlicModel {
 public:
    std::uint32_t load(std::uint32_t offset) {
        const auto context = (offset - plic::contexts) / plic::context_bytes;
        if (offset >= plic::contexts && offset == plic::claim_of(context)) {
            return claim(context);
        }
        if (offset >= plic::pending && offset < plic::enables) {
            const auto first = (offset - plic::pending) / 4 * 32;
            std::uint32_t word = 0;
            for (std::uint32_t i = 0; i < 32; ++i) {
                word |= sources_[first + i].pending ? 1U << i : 0;
            }
            return word;
        }
        return registers_[offset];
    }
    void store(std::uint32_t offset, std::uint32_t value) {
        const auto context = (offset - plic::contexts) / plic::context_bytes;
        if (offset >= plic::contexts && offset == plic::claim_of(context)) {
            complete(context, value);
        } else {
            registers_[offset] = value;
        }
    }
    void drive(std::uint32_t source, bool wire) {
        sources_[source].wire = wire;
        forward(sources_[source]);
    }
    /// "Interrupt Notifications": of the enabled ones some is pending with a priority above the threshold.
    bool interrupts(std::uint32_t context) {
        const auto most_urgent = best(context);
        return most_urgent != 0 && priority(most_urgent) > registers_[plic::threshold_of(context)];
    }

 private:
    struct Source {
        bool wire = false;
        bool pending = false;
        bool held = false;  ///< by its gateway, from its request until it is completed
    };

    static void forward(Source& source) {
        if (source.wire && !source.held) {
            source.pending = source.held = true;
        }
    }
    std::uint32_t priority(std::uint32_t source) { return registers_[plic::priority_of(source)]; }
    bool is_enabled(std::uint32_t context, std::uint32_t source) {
        return (registers_[plic::enable_word(context, source / 32)] >> source % 32 & 1) != 0;
    }
    std::uint32_t best(std::uint32_t context) {
        std::uint32_t found = 0;
        for (const auto& [number, source] : sources_) {
            if (source.pending && is_enabled(context, number) &&
                priority(number) > (found != 0 ? priority(found) : 0)) {
                found = number;
            }
        }
        return found;
    }
    std::uint32_t claim(std::uint32_t context) {
        const auto source = best(context);
        sources_[source].pending = false;
        return source;
    }
    /// "Interrupt Completion": of a source that is not enabled for the target it is ignored.
    void complete(std::uint32_t context, std::uint32_t number) {
        if (is_enabled(context, number)) {
            sources_[number].held = sources_[number].pending;
            forward(sources_[number]);
        }
    }

    std::map<std::uint32_t, Source> sources_;
    std::map<std::uint32_t, std::uint32_t> registers_;
};

/// The files of each hart, and the messages on their way there: those of an APLIC to one hart arrive in their order
/// (AIA 4.5.15).
class ImsicModel {
 public:
    explicit ImsicModel(std::size_t harts) : files_(harts) {}

    /// 0: the supervisor-level one.
    InterruptFile& file(std::size_t hart, std::uint32_t number) { return files_.at(hart).at(number); }
    void send(std::size_t hart, std::uint32_t number, std::uint32_t identity) {
        on_their_way_.push_back({hart, number, identity, latency});
        if (latency == 0) {
            pass();
        }
    }
    /// Lets time pass, of which each message needs `latency`.
    void pass() {
        for (auto& message : on_their_way_) {
            message.left -= message.left > 0 ? 1 : 0;
        }
        while (!on_their_way_.empty() && on_their_way_.front().left == 0) {
            const auto arrived = on_their_way_.front();
            on_their_way_.pop_front();
            file(arrived.hart, arrived.file).pending.insert(arrived.identity);
        }
    }

    unsigned latency = 0;  ///< of the APLIC's messages, in accesses of registers; a hart's own arrive at once

 private:
    struct Message {
        std::size_t hart;
        std::uint32_t file;
        std::uint32_t identity;
        unsigned left;
    };
    std::vector<std::array<InterruptFile, 2>> files_;
    std::deque<Message> on_their_way_;
};

/// One domain of an APLIC, for level-triggered sources (AIA 4.5 to 4.9).
class AplicModel {
 public:
    explicit AplicModel(ImsicModel& imsic) : imsic_(imsic) {}

    std::uint32_t load(std::uint32_t offset) {
        if (offset >= idc::structures) {
            const auto context = (offset - idc::structures) / idc::bytes;
            return offset == idc::offset(context, idc::claimi) ? top(context) << idc::identity_shift
                                                               : registers_[offset];
        }
        const auto location = locate_aplic_register(offset).value();
        switch (location.reg) {
            case AplicRegister::setip:
                return bits(location.index, [](const Source& source) { return source.pending; });
            case AplicRegister::in_clrip:
                return bits(location.index, [](const Source& source) { return source.input(); });
            case AplicRegister::sourcecfg:
                return static_cast<std::uint32_t>(sources_[location.index].mode);
            case AplicRegister::domaincfg:
                return domaincfg_;
            default:
                return 0;
        }
    }
    void store(std::uint32_t offset, std::uint32_t value) {
        if (offset >= idc::structures) {
            registers_[offset] = value;
            return;
        }
        const auto location = locate_aplic_register(offset).value();
        switch (location.reg) {
            case AplicRegister::domaincfg:
                domaincfg_ = domaincfg::fixed | (value & (domaincfg::ie | domaincfg::dm));
                break;
            case AplicRegister::sourcecfg: {
                if (delegated_elsewhere.contains(location.index)) {
                    break;
                }
                auto& source = sources_[location.index];
                const bool was_active = source.mode != SourceMode::inactive;
                source.mode = source_mode(value);
                source.enabled = source.enabled && source.mode != SourceMode::inactive;
                source.pending = source.input() && (source.pending || !was_active);
                break;
            }
            case AplicRegister::target:
                sources_[location.index].target = value;
                break;
            case AplicRegister::setienum:
            case AplicRegister::clrienum:
                sources_[value].enabled =
                    location.reg == AplicRegister::setienum && sources_[value].mode != SourceMode::inactive;
                break;
            case AplicRegister::genmsi:
                imsic_.send(AplicTarget::of(value).hart, 0, AplicTarget::of(value).eiid);
                break;
            case AplicRegister::setipnum_le:
                sources_[value].pending = sources_[value].input();  // of a level, only while its input is up
                break;
            default:
                break;
        }
        deliver();
    }
    void drive(std::uint32_t number, bool wire) {
        auto& source = sources_[number];
        const bool before = source.input();
        source.wire = wire;
        source.pending = source.input() && (source.pending || !before || !sends());
        deliver();
    }
    /// Direct delivery mode (AIA 4.8.1).
    bool interrupts(std::uint32_t context) {
        return !sends() && (domaincfg_ & domaincfg::ie) != 0 && registers_[idc::offset(context, idc::idelivery)] == 1 &&
               top(context) != 0;
    }

    std::set<std::uint32_t> delegated_elsewhere;  ///< sources whose registers are read-only 0 here (AIA 4.5.2)

 private:
    struct Source {
        SourceMode mode = SourceMode::inactive;
        bool wire = false;
        bool enabled = false;
        bool pending = false;
        std::uint32_t target = 0;

        bool input() const { return rectified_input(mode, wire); }
    };

    bool sends() const { return (domaincfg_ & domaincfg::dm) != 0; }
    /// An MSI takes its source's pending bit along (AIA 4.9.1). In direct mode the bit is the input (AIA 4.7).
    void deliver() {
        for (auto& [number, source] : sources_) {
            if (!sends()) {
                source.pending = source.input();
            } else if ((domaincfg_ & domaincfg::ie) != 0 && source.enabled && source.pending) {
                source.pending = false;
                const auto target = AplicTarget::of(source.target);
                imsic_.send(target.hart, target.guest_index, target.eiid);
            }
        }
    }
    std::uint32_t top(std::uint32_t context) {
        for (const auto& [number, source] : sources_) {
            if (source.enabled && source.pending && source.target >> 18 == context) {
                return number;
            }
        }
        return 0;
    }
    std::uint32_t bits(std::uint32_t word, auto of) {
        std::uint32_t found = 0;
        for (std::uint32_t i = 0; i < 32; ++i) {
            found |= of(sources_[32 * word + i]) ? 1U << i : 0;
        }
        return found;
    }

    ImsicModel& imsic_;
    std::uint32_t domaincfg_ = domaincfg::fixed;
    std::map<std::uint32_t, Source> sources_;
    std::map<std::uint32_t, std::uint32_t> registers_;
};

inline constexpr std::uint64_t plic_at = 0x0c00'0000, aplic_at = 0x0d00'0000, imsic_at = 0x2800'0000;
inline constexpr std::uint32_t uart_source = 10, granted_source = 11, num_sources = 12;

/// The calling hart is `hart`. What is typed waits in `typed`.
class Machine {
 public:
    explicit Machine(std::size_t harts) : imsic(harts), sie(harts), select(harts) {}

    std::uint32_t load(std::uint64_t at) {
        access();
        return at >= aplic_at ? aplic.load(static_cast<std::uint32_t>(at - aplic_at))
                              : plic.load(static_cast<std::uint32_t>(at - plic_at));
    }
    void store(std::uint64_t at, std::uint32_t value) {
        access();
        if (at >= imsic_at) {
            const auto page = (at - imsic_at) / page_size;
            imsic.file(page / 2, page % 2).pending.insert(value);
        } else if (at >= aplic_at) {
            aplic.store(static_cast<std::uint32_t>(at - aplic_at), value);
        } else {
            plic.store(static_cast<std::uint32_t>(at - plic_at), value);
        }
    }
    void access() {
        if (before_access) {
            before_access();
        }
        imsic.pass();
        settle();
    }

    void type(std::string_view bytes) {
        typed.insert(typed.end(), bytes.begin(), bytes.end());
        settle();
    }
    void listen(bool on) {
        access();
        listens = on;
        settle();
    }
    /// The UART's wire is up while a byte lies there.
    void settle() {
        const bool wire = listens && !typed.empty();
        plic.drive(uart_source, wire);
        aplic.drive(uart_source, wire);
    }
    /// Whether the hart has an external interrupt; its context at the controllers has its own number.
    bool interrupts(std::size_t of) {
        return (sie[of] & csr::interrupt::se) != 0 &&
               (imsic.file(of, 0).top() != 0 || plic.interrupts(static_cast<std::uint32_t>(of)) ||
                aplic.interrupts(static_cast<std::uint32_t>(of)));
    }

    std::size_t hart = 0;
    ImsicModel imsic;
    std::vector<std::uint64_t> sie;
    std::vector<std::array<std::uint64_t, 2>> select;  ///< siselect, vsiselect
    PlicModel plic;
    AplicModel aplic{imsic};
    std::deque<std::uint8_t> typed;
    bool listens = false;
    std::uint64_t time = 0;
    std::function<void()> before_access;
};

extern Machine machine;

}  // namespace mullion::modelled
