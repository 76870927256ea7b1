// SPDX-License-Identifier: Apache-2.0
#include "arch/uart.hpp"

#include "core/wait.hpp"

namespace mullion::arch::uart {

void print_now(std::string_view text) {
    for (const char c : text) {
        // Each byte waits a bounded time, so that a dead line does not turn a report into a silent hang.
        int tries = 0;
        await_machine<Wait::dying>([] { return room() != 0; }, [&tries] { return ++tries > 100'000; }, [] {});
        const auto byte = static_cast<std::uint8_t>(c);
        send({&byte, 1});
    }
}

}  // namespace mullion::arch::uart
