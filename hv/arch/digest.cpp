// SPDX-License-Identifier: Apache-2.0
#include "arch/digest.hpp"

#include "arch/memory.hpp"

namespace mullion::arch {
namespace {

/// Has an instruction for each of the functions (scalar cryptography, chapter Zknh).
struct ZknhSigmas {
    static constexpr bool is_unrolled = true;

    static std::uint32_t sum0(std::uint32_t x) {
        asm(".option push\n.option arch, +zknh\nsha256sum0 %0, %0\n.option pop" : "+r"(x));
        return x;
    }
    static std::uint32_t sum1(std::uint32_t x) {
        asm(".option push\n.option arch, +zknh\nsha256sum1 %0, %0\n.option pop" : "+r"(x));
        return x;
    }
    static std::uint32_t sig0(std::uint32_t x) {
        asm(".option push\n.option arch, +zknh\nsha256sig0 %0, %0\n.option pop" : "+r"(x));
        return x;
    }
    static std::uint32_t sig1(std::uint32_t x) {
        asm(".option push\n.option arch, +zknh\nsha256sig1 %0, %0\n.option pop" : "+r"(x));
        return x;
    }
};

}  // namespace

Digest digest_of(HostRange range, bool zknh, void (*meanwhile)()) {
    const auto bytes = host_memory(range);
    return zknh ? sha256_of<ZknhSigmas>(bytes, meanwhile) : sha256_of<UnrolledSigmas>(bytes, meanwhile);
}

}  // namespace mullion::arch
