// SPDX-License-Identifier: Apache-2.0
#include "bench/interrupts.hpp"

namespace bench {

void expect_only(std::uint64_t interrupt, void (*handler)()) {
    write_csr<stimecmp>(~std::uint64_t{0});
    write_csr<sip>(0);
    write_csr<stvec>(reinterpret_cast<std::uint64_t>(handler));
    write_csr<sie>(std::uint64_t{1} << interrupt);
}

void sleep(std::uint64_t ticks) {
    const auto enabled = read_csr<sie>();
    write_csr<sie>(1 << timer_interrupt);
    write_csr<stimecmp>(now() + ticks);
    asm volatile("wfi" ::: "memory");
    write_csr<stimecmp>(~std::uint64_t{0});
    write_csr<sie>(enabled);
}

}  // namespace bench
