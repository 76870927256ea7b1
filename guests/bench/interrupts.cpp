// SPDX-License-Identifier: Apache-2.0
#include "bench/interrupts.hpp"

#include "common/sbi.hpp"

namespace bench {
namespace {

bool has_stimecmp;
constexpr std::uint64_t never = ~std::uint64_t{0};

}  // namespace

void use_stimecmp(bool has_sstc) {
    has_stimecmp = has_sstc;
}

void set_timer(std::uint64_t at) {
    has_stimecmp ? write_csr<stimecmp>(at) : sbi::set_timer(at);
}

void expect_only(std::uint64_t interrupt, void (*handler)()) {
    set_timer(never);
    write_csr<sip>(0);
    write_csr<stvec>(reinterpret_cast<std::uint64_t>(handler));
    write_csr<sie>(std::uint64_t{1} << interrupt);
}

void sleep(std::uint64_t ticks) {
    const auto enabled = read_csr<sie>();
    write_csr<sie>(1 << timer_interrupt);
    set_timer(now() + ticks);
    asm volatile("wfi" ::: "memory");
    set_timer(never);
    write_csr<sie>(enabled);
}

}  // namespace bench
