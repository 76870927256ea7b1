// SPDX-License-Identifier: Apache-2.0
#include "probe/devices.hpp"

namespace probe {

namespace imsic {
namespace {

/// Returns the register of an identity, relative to the first. On RV64 only even ones exist, with 64 identities each
/// (AIA 3.8.4).
std::uint64_t word_of(std::uint64_t identity) {
    return identity / 64 * 2;
}
std::uint64_t bit_of(std::uint64_t identity) {
    return std::uint64_t{1} << identity % 64;
}

}  // namespace

void clear() {
    for (std::uint64_t word = 0; word <= word_of(machine().imsic_ids); word += 2) {
        write(eie0 + word, 0);
        write(eip0 + word, 0);
    }
    write(eithreshold, 0);
    write(eidelivery, 1);
}

void enable(std::uint64_t identity) {
    write(eie0 + word_of(identity), read(eie0 + word_of(identity)) | bit_of(identity));
}

bool is_pending(std::uint64_t identity) {
    return (read(eip0 + word_of(identity)) & bit_of(identity)) != 0;
}

std::uint64_t top() {
    return read_csr<stopei>() >> 16;
}

std::uint64_t claim() {
    std::uint64_t value = 0;
    asm volatile("csrrw %0, %1, zero" : "=r"(value) : "i"(stopei) : "memory");
    return value >> 16;
}

std::uint64_t file(std::uint64_t hart) {
    return machine().imsic.base + hart * machine().imsic_stride;
}

}  // namespace imsic

namespace aplic {

void route(std::uint32_t source, std::uint32_t mode, std::uint64_t hart, std::uint32_t identity) {
    write(domaincfg, enable_and_msi);
    write(sourcecfg + 4 * source, mode);
    write(target + 4 * source, to(hart, identity));
    write(setienum, source);
}

void unroute(std::uint32_t source) {
    write(clrienum, source);
    write(sourcecfg + 4 * source, 0);
}

}  // namespace aplic

namespace rtc {
namespace {

enum Register : std::uint64_t {
    time_low = 0x00,
    time_high = 0x04,
    alarm_low = 0x08,
    alarm_high = 0x0c,
    irq_enabled = 0x10,
    clear_alarm = 0x14,
    clear_interrupt = 0x1c
};

std::uint64_t read(Register which) {
    return read_register<std::uint32_t>(machine().rtc.base + which);
}
void write(Register which, std::uint64_t value) {
    write_register(machine().rtc.base + which, static_cast<std::uint32_t>(value));
}

}  // namespace

void set_alarm(std::uint64_t nanoseconds_ahead) {
    const auto low = read(time_low);  // latches the high half
    const auto at = (read(time_high) << 32 | low) + nanoseconds_ahead;
    write(alarm_high, at >> 32);
    write(alarm_low, at);
}

void enable(bool enabled) {
    write(irq_enabled, enabled ? 1 : 0);
}

void clear() {
    write(clear_alarm, 1);  // first: an alarm that is late would raise the interrupt again
    write(clear_interrupt, 1);
}

}  // namespace rtc

}  // namespace probe
