// SPDX-License-Identifier: Apache-2.0
#include "arch/irq/domain.hpp"

#include "arch/irq/tried.hpp"
#include "arch/mmio.hpp"
#include "core/tables.hpp"

namespace mullion::arch::irq::domain {
namespace {

std::uint32_t get(std::uint32_t offset) {
    return load<std::uint32_t>(description.board.aplic.base + offset);
}

void set(std::uint32_t offset, std::uint32_t value) {
    store<std::uint32_t>(description.board.aplic.base + offset, value);
}

void set(AplicRegister reg, std::uint32_t value) {
    set(static_cast<std::uint32_t>(reg), value);
}

bool bit_of(AplicRegister array, std::uint32_t source) {
    return (get(aplic_offset_of_word(array, source / 32)) >> source % 32 & 1) != 0;
}

/// A source that is delegated elsewhere, or not to this domain, has a register that reads 0 (AIA 4.5.2).
[[gnu::noinline]] bool takes(const Source& source) {
    set_mode(source.number, source.mode);
    const bool taken = mode(source.number) == source.mode;
    set_mode(source.number, SourceMode::inactive);
    return taken;
}

}  // namespace

bool initialise(Delivery delivery) {
    const auto delivering = domaincfg::ie | static_cast<std::uint32_t>(delivery);
    for (std::uint32_t source = 1; source <= description.board.aplic.num_sources; ++source) {
        set_enabled(source, false);
        set_mode(source, SourceMode::inactive);
    }
    set(AplicRegister::domaincfg, delivering);
    return (get(static_cast<std::uint32_t>(AplicRegister::domaincfg)) & ~domaincfg::be) ==
           (domaincfg::fixed | delivering);
}

[[gnu::cold]] std::optional<Text> check_sources() {
    if (const auto source = first_not_taken(takes)) {
        return (Text{} << "the firmware has not left source " << source->number << " to the APLIC domain at ")
            .hex(description.board.aplic.base.value);
    }
    return std::nullopt;
}

void set_mode(std::uint32_t source, SourceMode mode) {
    set(aplic_offset_of_source(AplicRegister::sourcecfg, source), static_cast<std::uint32_t>(mode));
}

SourceMode mode(std::uint32_t source) {
    return source_mode(get(aplic_offset_of_source(AplicRegister::sourcecfg, source)));
}

void prepare(const Source& source) {
    set_mode(source.number, SourceMode::inactive);
    set_mode(source.number, source.mode);
}

void set_target(std::uint32_t source, const Hart& to, std::uint32_t file, std::uint32_t identity) {
    set(aplic_offset_of_source(AplicRegister::target, source), AplicTarget{to.imsic_index, file, identity}.bits());
}

void set_direct_target(std::uint32_t source, const Hart& to) {
    set(aplic_offset_of_source(AplicRegister::target, source), direct_target(to.context, 1));
}

void send_message(const Hart& to, std::uint32_t identity) {
    set(AplicRegister::genmsi, AplicTarget{to.imsic_index, 0, identity}.bits());
}

bool is_sending() {
    return (get(static_cast<std::uint32_t>(AplicRegister::genmsi)) & genmsi_busy) != 0;
}

void set_enabled(std::uint32_t source, bool enabled) {
    set(enabled ? AplicRegister::setienum : AplicRegister::clrienum, source);
}

bool pending(std::uint32_t source) {
    return bit_of(AplicRegister::setip, source);
}

bool input(std::uint32_t source) {
    return bit_of(AplicRegister::in_clrip, source);
}

void set_pending(std::uint32_t source) {
    set(AplicRegister::setipnum_le, source);
}

void clear_pending(std::uint32_t source) {
    set(AplicRegister::clripnum, source);
}

}  // namespace mullion::arch::irq::domain
