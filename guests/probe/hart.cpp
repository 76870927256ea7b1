// SPDX-License-Identifier: Apache-2.0
#include "probe/hart.hpp"

#include <cstddef>

#include "common/print.hpp"
#include "probe/expect.hpp"
#include "probe/offsets.h"
#include "probe/trap.hpp"

extern "C" void secondary_start();

namespace probe {
namespace {

static_assert(offsetof(Hart, frame.pc) == HART_PC);
static_assert(offsetof(Hart, frame.status) == HART_STATUS);
static_assert(offsetof(Hart, trap_stack) == HART_TRAP_STACK);
static_assert(offsetof(Hart, stack) == HART_STACK);
static_assert(offsetof(Hart, at_start) == HART_AT_START);

std::array<Hart, max_harts> harts;
std::uint64_t boot_id;
Machine the_machine;
bool bare;

constexpr std::uint64_t opensbi_implementation = 1;

std::uint64_t end_of(auto& bytes) {
    return reinterpret_cast<std::uint64_t>(bytes.data() + bytes.size());
}

}  // namespace

Hart& hart(std::uint64_t id) {
    return harts[id];
}

Hart& this_hart() {
    return *reinterpret_cast<Hart*>(read_csr<sscratch>());
}

Hart& boot_hart() {
    return harts[boot_id];
}

Hart& other_hart(std::size_t n) {
    return harts[n < boot_id ? n : n + 1];
}

const Machine& machine() {
    return the_machine;
}

bool on_bare_machine() {
    return bare;
}

void set_up_machine(std::uint64_t boot_hart_id, std::uint64_t tree) {
    boot_id = boot_hart_id;
    for (std::uint64_t id = 0; id < max_harts; ++id) {
        auto& h = harts[id];
        h.id = id;
        h.trap_stack = end_of(h.trap_stack_bytes);
        h.stack = end_of(h.stack_bytes);
    }
    write_csr<sscratch>(reinterpret_cast<std::uint64_t>(&boot_hart()));
    write_csr<stvec>(reinterpret_cast<std::uint64_t>(&trap_entry));
    the_machine = read_tree(tree);
    set_console(the_machine.uart.base);
    bare = sbi::call(sbi::base, 1).value == opensbi_implementation;
}

sbi::Result start(Hart& target, void (*job)(std::uint64_t), std::uint64_t argument) {
    target.job = job;
    target.argument = argument;
    return sbi::hart_start(target.id, reinterpret_cast<std::uint64_t>(&secondary_start),
                           reinterpret_cast<std::uint64_t>(&target));
}

bool wait_stopped(Hart& target) {
    return wait_until([&] { return sbi::hart_is(target.id, sbi::HartState::stopped); });
}

void run_on(Hart& target, void (*job)(std::uint64_t), std::uint64_t argument) {
    expect_success("start of a hart", start(target, job, argument));
    expect("the hart has stopped after its job", wait_stopped(target));
    end_case_if_failed();
}

void sleep(std::uint64_t ticks) {
    sbi::set_timer(now() + ticks);
    set_csr<sie>(1 << timer_interrupt);
    asm volatile("wfi" ::: "memory");
    clear_csr<sie>(1 << timer_interrupt);
    sbi::set_timer(~std::uint64_t{0});
}

}  // namespace probe

extern "C" void secondary_main(probe::Hart* self) {
    probe::call_with_context(reinterpret_cast<std::uint64_t>(self->job), &self->abandon, self->argument, 0);
    probe::sbi::hart_stop();
}
