// SPDX-License-Identifier: Apache-2.0
#include "probe/plic.hpp"

#include "probe/plic_lines.hpp"

namespace probe::plic {

void set_enabled(std::uint32_t context, std::uint32_t source, bool enabled) {
    const auto word = enable_word(context, source);
    const auto others = read(word) & ~bit_of(source);
    write(word, others | (enabled ? bit_of(source) : 0));
}

bool is_pending(std::uint32_t source) {
    return (read(pending + 4 * (source / 32)) & bit_of(source)) != 0;
}

void route(std::uint32_t source) {
    unroute(source);
    set_enabled(own_context(), source, true);
    write(threshold_of(own_context()), 0);
    write(priority_of(source), 1);
    while (const auto earlier = take()) {
        complete(earlier);
    }
}

void unroute(std::uint32_t source) {
    for (std::size_t id = 0; id < machine().harts; ++id) {
        set_enabled(context_of(id), source, false);
    }
    write(priority_of(source), 0);
}

void prepare() {
    lower_uart();
    lower_rtc();
    for (const auto source : {machine().uart.source, machine().rtc.source}) {
        route(source);
        complete(source);
        unroute(source);
    }
    set_csr<sie>(1 << external_interrupt);
}

}  // namespace probe::plic
