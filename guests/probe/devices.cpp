// SPDX-License-Identifier: Apache-2.0
#include "probe/devices.hpp"

namespace probe {

namespace imsic {
namespace {

/// On RV64 only the even registers exist, with 64 identities each (AIA 3.8.4).
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

}  // namespace probe
