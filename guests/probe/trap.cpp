// SPDX-License-Identifier: Apache-2.0
#include "probe/trap.hpp"

#include <algorithm>

#include "probe/expect.hpp"
#include "probe/external.hpp"

namespace probe {
namespace {

constexpr std::uint64_t interrupt = std::uint64_t{1} << 63;

std::uint64_t instruction_length(std::uint64_t pc) {
    const auto low = *reinterpret_cast<const std::uint16_t*>(pc);
    return (low & 3) == 3 ? 4 : 2;
}

void take_interrupt(Hart& self, std::uint64_t code) {
    ++self.interrupts[code % self.interrupts.size()];
    if (code == software_interrupt) {
        clear_csr<sip>(1 << software_interrupt);
    } else if (code == external_interrupt) {
        while (const auto claimed = external::claim()) {  // a PLIC's is not completed: the line may be high for ever
            ++self.claims[claimed % self.claims.size()];
        }
    } else if (code == timer_interrupt && self.timer_again != 0) {
        sbi::set_timer(now() + self.timer_again);
    } else {
        clear_csr<sie>(std::uint64_t{1} << code);  // pending until set_timer
    }
}

/// Leaves to a context, with the interrupted code's a0 as result.
void leave_to(Hart& self, Context* context) {
    self.frame.x[11] = self.frame.x[10];
    self.frame.x[10] = reinterpret_cast<std::uint64_t>(context);
    self.frame.pc = reinterpret_cast<std::uint64_t>(&leave_context);
    self.frame.status |= sstatus_spp;
}

void resume_after(Hart& self) {
    self.expects_trap = false;
    if (self.resume != nullptr) {
        leave_to(self, self.resume);
    } else if (self.trap.cause == instruction_access_fault || self.trap.cause == instruction_page_fault) {
        self.frame.pc = self.frame.x[1];  // the return address of the jump
    } else {
        self.frame.pc += instruction_length(self.frame.pc);
    }
}

/// Where run_instructions() writes instructions, for each hart.
std::array<std::array<std::uint32_t, 16>, max_harts> code;

constexpr std::uint32_t ret = 0x00008067;
constexpr std::uint32_t ecall = 0x00000073;

}  // namespace

Trap try_execute(std::uint64_t address) {
    auto& self = this_hart();
    self.trap = {};
    self.expects_trap = true;
    reinterpret_cast<void (*)()>(address)();
    self.expects_trap = false;
    return self.trap;
}

RunResult run_instructions(Mode mode, std::initializer_list<std::uint32_t> words, std::uint64_t a0, std::uint64_t a1) {
    auto& buffer = code[this_hart().id];
    auto* const end = std::copy(words.begin(), words.end(), buffer.begin());
    *end = mode == Mode::user ? ecall : ret;
    asm volatile("fence.i" ::: "memory");
    return run_at(mode, reinterpret_cast<std::uint64_t>(buffer.data()), a0, a1);
}

RunResult run_at(Mode mode, std::uint64_t pc, std::uint64_t a0, std::uint64_t a1) {
    auto& self = this_hart();
    self.trap = {};
    self.expects_trap = true;
    Context context;
    self.resume = &context;
    const auto enter = mode == Mode::user ? &enter_user_mode : &call_with_context;
    const auto result = enter(pc, &context, a0, a1);
    self.resume = nullptr;
    self.expects_trap = false;
    return {self.trap, result};
}

bool went_through(const Trap& trap) {
    return !trap.taken || trap.cause == ecall_from_user;
}

}  // namespace probe

extern "C" void handle_trap(probe::Hart* hart) {
    using namespace probe;
    const auto cause = read_csr<scause>();
    if ((cause & interrupt) != 0) {
        take_interrupt(*hart, cause & ~interrupt);
        return;
    }
    hart->trap = {true, cause, read_csr<stval>(), hart->frame.pc};
    if (hart->expects_trap) {
        resume_after(*hart);
        return;
    }
    report_failure("unexpected trap: cause ", cause, " stval ", Hex{hart->trap.value}, " sepc ", Hex{hart->trap.pc});
    leave_to(*hart, &hart->abandon);
}
