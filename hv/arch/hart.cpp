// SPDX-License-Identifier: Apache-2.0
#include "arch/hart.hpp"

#include "arch/offsets.h"
#include "core/boot_hart.hpp"
#include "core/tables.hpp"

namespace mullion::arch {

static_assert(offsetof(HartContext, gpr) == HART_GPR(0));
static_assert(offsetof(HartContext, fixup) == HART_FIXUP);
static_assert(offsetof(HartContext, fault) == HART_FAULT);
static_assert(offsetof(HartContext, spare) == HART_SPARE);
static_assert(offsetof(HartContext, index) == HART_INDEX);
static_assert(offsetof(HartContext, time_calls) == HART_TIME_CALLS);
static_assert(offsetof(HartContext, guest_timer) == HART_GUEST_TIMER);
static_assert(offsetof(HartContext, own_timer) == HART_OWN_TIMER);
static_assert(offsetof(HartContext, armed_timer) == HART_ARMED_TIMER);
static_assert(sizeof(HartContext) == HART_SIZE);
static_assert(stack_block == std::uint64_t{1} << STACK_BLOCK_SHIFT);
static_assert(offsetof(BootHart, id) == BOOT_HART_ID);
static_assert(offsetof(BootHart, satp) == BOOT_HART_SATP);
static_assert(sizeof(BootHart) == BOOT_HART_SIZE);

extern "C" [[noreturn]] void park(HartContext* context);
extern "C" [[noreturn]] void enter_guest(HartContext* context);

HartContext& context_of(const Hart& hart) {
    const auto index = static_cast<std::uint64_t>(&hart - description.board.harts.data());
    const auto end = layout.stacks.base + (index + 1) * stack_block;
    return *reinterpret_cast<HartContext*>(end.value - sizeof(HartContext));
}

void park() {
    ::mullion::arch::park(&this_hart());
}

void enter_guest() {
    ::mullion::arch::enter_guest(&this_hart());
}

}  // namespace mullion::arch
