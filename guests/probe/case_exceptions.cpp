// SPDX-License-Identifier: Apache-2.0
// Checks that exceptions are as on a hart without the H extension: virtual instruction exceptions must reach the guest
// as illegal instructions.
#include <array>

#include "probe/cases.hpp"
#include "probe/expect.hpp"
#include "probe/paging.hpp"
#include "probe/trap.hpp"

namespace probe {
namespace {

constexpr std::array both_modes{Mode::supervisor, Mode::user};

constexpr std::uint32_t csrr_a0(std::uint32_t csr) {
    return csr << 20 | 0x2573;  // csrrs a0, csr, zero
}
constexpr std::uint32_t csrw_a0(std::uint32_t csr) {
    return csr << 20 | 0x51073;  // csrrw zero, csr, a0
}

/// Privileged manual, "Supervisor Trap Value": the faulting instruction, or zero.
void is_illegal(std::string_view what, Mode mode, std::uint32_t word) {
    const auto run = run_instructions(mode, {word});
    const auto& trap = run.trap;
    if (!trap.taken || trap.cause != illegal_instruction || (trap.value != word && trap.value != 0)) {
        report_failure(what, " ", Hex{word}, mode == Mode::user ? " in U-mode" : " in S-mode",
                       ": expected illegal instruction, got ", trap.taken ? "cause " : "no trap, cause ", trap.cause,
                       " stval ", Hex{trap.value});
        end_case();
    }
}

void undefined_encodings_are_illegal() {
    for (const auto mode : both_modes) {
        is_illegal("an undefined encoding", mode, 0xFFFF'FFFF);
        is_illegal("custom-0", mode, 0x0000'000B);
        const auto zeros = run_instructions(mode, {0});  // a defined illegal instruction of 16 bits
        expect_trap("sixteen zeros", illegal_instruction, 0, zeros.trap);
    }
}

/// A trap handler whose first instruction U-mode may not execute: a virtual instruction exception there.
[[gnu::naked, gnu::aligned(4)]] void fence_and_handle() {
    asm volatile("sfence.vma; j trap_entry");
}

/// A task that jumps to the trap vector's address makes a mistake that the handler can see, unlike a trap vector that
/// traps. Firmware that passes on illegal instructions may ignore vectored mode.
void task_at_the_trap_vector_is_trapped() {
    const auto vector = reinterpret_cast<std::uint64_t>(&fence_and_handle);
    constexpr std::uint64_t vectored = 1;
    for (const auto mode : {std::uint64_t{0}, vectored}) {
        write_csr<stvec>(vector | mode);
        const auto run = run_at(Mode::user, vector);
        write_csr<stvec>(reinterpret_cast<std::uint64_t>(&trap_entry));
        expect_equal("cause", illegal_instruction, run.trap.cause);
        expect_equal("sepc", vector, run.trap.pc);
    }
}

/// hstatus, hedeleg, hideleg, hie, hcounteren, hgeie, henvcfg, htval, hip, hvip, htinst, hgatp, hgeip, vsstatus, vsie,
/// vstvec, vsscratch, vsepc, vscause, vstval, vsip, vstimecmp, vsiselect, vsireg, vstopei, vsatp, vstopi
constexpr std::array<std::uint32_t, 27> hypervisor_csrs{0x600, 0x602, 0x603, 0x604, 0x606, 0x607, 0x60a, 0x643, 0x644,
                                                        0x645, 0x64a, 0x680, 0xe12, 0x200, 0x204, 0x205, 0x240, 0x241,
                                                        0x242, 0x243, 0x244, 0x24d, 0x250, 0x251, 0x25c, 0x280, 0xeb0};

void hypervisor_csrs_are_illegal() {
    for (const auto mode : both_modes) {
        for (const auto csr : hypervisor_csrs) {
            is_illegal("a hypervisor CSR", mode, csrr_a0(csr));
            if (csr < 0xc00) {
                is_illegal("a write of a hypervisor CSR", mode, csrw_a0(csr));
            }
        }
    }
}

/// mstatus, misa, mie, mtvec, mepc, pmpcfg0, pmpaddr0, mhartid, menvcfg
constexpr std::array<std::uint32_t, 9> machine_csrs{0x300, 0x301, 0x304, 0x305, 0x341, 0x3a0, 0x3b0, 0xf14, 0x30a};

void machine_csrs_are_illegal() {
    for (const auto mode : both_modes) {
        for (const auto csr : machine_csrs) {
            is_illegal("a machine CSR", mode, csrr_a0(csr));
        }
    }
}

void hypervisor_instructions_are_illegal() {
    constexpr std::array<std::uint32_t, 11> words{
        0x2200'0073,  // hfence.vvma
        0x6200'0073,  // hfence.gvma
        0x2600'0073,  // hinval.vvma
        0x6600'0073,  // hinval.gvma
        0x6c05'4573,  // hlv.d a0, (a0)
        0x6805'4573,  // hlv.w
        0x6005'4573,  // hlv.b
        0x6435'4573,  // hlvx.hu
        0x6835'4573,  // hlvx.wu
        0x6ea5'4073,  // hsv.d a0, (a0)
        0x62a5'4073,  // hsv.b
    };
    for (const auto mode : both_modes) {
        for (const auto word : words) {
            is_illegal("a hypervisor instruction", mode, word);
        }
    }
}

void supervisor_instructions_are_illegal_in_user_mode() {
    constexpr std::array<std::uint32_t, 5> words{0x1020'0073,      // sret
                                                 0x1200'0073,      // sfence.vma
                                                 csrr_a0(0x100),   // sstatus
                                                 csrr_a0(0x180),   // satp
                                                 csrw_a0(0x14d)};  // stimecmp
    for (const auto word : words) {
        is_illegal("a privileged instruction", Mode::user, word);
    }
}

/// stval is not checked: QEMU has that of an earlier instruction.
void mret_is_illegal() {
    for (const auto mode : both_modes) {
        expect_equal("cause of mret", illegal_instruction, run_instructions(mode, {0x3020'0073}).trap.cause);
    }
}

/// "Wait for Interrupt": in U-mode an illegal instruction unless it completes within a bounded time.
void wfi_in_user_mode_does_not_hang() {
    const auto run = run_instructions(Mode::user, {0x1050'0073});
    expect("went through or illegal", went_through(run.trap) || run.trap.cause == illegal_instruction);
}

struct Undeclared {
    std::string_view extension;
    std::uint32_t word;
};
constexpr std::array undeclared_instructions{
    Undeclared{"sstc", csrr_a0(0x14d)},       // stimecmp
    Undeclared{"ssstateen", csrr_a0(0x10c)},  // sstateen0
    Undeclared{"zkr", 0x0150'1573},           // csrrw a0, seed, zero
    Undeclared{"zicboz", 0x0045'200f},        // cbo.zero (a0)
    Undeclared{"zicbom", 0x0005'200f},        // cbo.inval (a0)
    Undeclared{"zicbom", 0x0015'200f},        // cbo.clean (a0)
    Undeclared{"zicbom", 0x0025'200f},        // cbo.flush (a0)
    Undeclared{"zve32x", 0x0000'7557},        // vsetvli a0, zero, e8, m1
};

/// Extensions that the guest's tree does not name are not there, as far as a control can hide them, even if the hart
/// has them.
void what_is_not_declared_is_hidden() {
    alignas(256) static std::array<std::uint8_t, 256> block;
    const auto at = reinterpret_cast<std::uint64_t>(block.data());
    set_csr<sstatus>(sstatus_vs);
    for (const auto& [extension, word] : undeclared_instructions) {
        if (!machine().has_extension(extension)) {
            const auto trap = run_instructions(Mode::supervisor, {word}, at).trap;
            if (!trap.taken || trap.cause != illegal_instruction) {
                report_failure(extension, ": expected illegal instruction, got ",
                               trap.taken ? "cause " : "no trap, cause ", trap.cause);
                end_case();
            }
        }
    }
    clear_csr<sstatus>(sstatus_vs);
}

/// What only Svpbmt defines in page tables, and what SBI FWFT switches, is not there either.
void what_is_not_declared_is_not_switched() {
    if (!machine().has_extension("svpbmt")) {
        constexpr std::uint64_t uncached = std::uint64_t{1} << 61;
        const auto at = page_address(3);
        make_tables();
        paging_on();
        page_entry(3) = pte::make(machine().windows().front().base, pte::data) | uncached;
        sfence_vma();
        expect_trap("a page with a memory type", load_page_fault, at, try_load<std::uint64_t>(at).trap);
        paging_off();
    }
    const auto is_off = [](std::string_view extension, std::uint64_t feature) {
        if (!machine().has_extension(extension)) {
            expect_error(extension, sbi::not_supported, sbi::call(sbi::fwft, 1, {feature}));
        }
    };
    is_off("zicfilp", 1);
    is_off("svadu", 4);
    is_off("ssnpm", 5);
}

enum Counter : std::uint32_t { cycle = 0xc00, time_ = 0xc01, instret = 0xc02, hpmcounter3 = 0xc03 };

/// On the bare machine OpenSBI answers instead of the hart.
void time_follows_scounteren() {
    write_csr<scounteren>(0);
    is_illegal("time with scounteren.TM = 0", Mode::user, csrr_a0(time_));
    write_csr<scounteren>(2);
    const auto before = now();
    const auto run = run_instructions(Mode::user, {csrr_a0(time_)});
    expect_equal("cause with scounteren.TM = 1", ecall_from_user, run.trap.cause);
    expect("the same time in U-mode", run.a0 >= before && run.a0 <= now());
}

/// The hypervisor decides whether a guest has the other counters. They are a value or an illegal instruction, and
/// U-mode has no more of them than S-mode.
void counters_count_or_are_illegal() {
    for (const auto counter : {cycle, instret, hpmcounter3}) {
        write_csr<scounteren>(0);
        is_illegal("a counter that scounteren hides", Mode::user, csrr_a0(counter));
        write_csr<scounteren>(0xFFFF'FFFF);
        const auto supervisor = run_instructions(Mode::supervisor, {csrr_a0(counter)});
        if (supervisor.trap.taken) {
            is_illegal("a counter that the guest lacks", Mode::supervisor, csrr_a0(counter));
            is_illegal("a counter that the guest lacks", Mode::user, csrr_a0(counter));
        }
        is_illegal("a write of a counter", Mode::supervisor, csrw_a0(counter));
    }
    write_csr<scounteren>(0);
}

void breakpoint_is_taken() {
    for (const auto mode : both_modes) {
        for (const std::uint32_t word : {0x0010'0073U, 0x0001'9002U}) {  // ebreak; c.ebreak and c.nop
            const auto trap = run_instructions(mode, {word}).trap;
            expect_equal("cause", breakpoint, trap.cause);
            expect("stval is sepc or 0", trap.value == trap.pc || trap.value == 0);
        }
    }
}

void user_ecall_is_taken() {
    const auto trap = run_instructions(Mode::user, {}).trap;
    expect_trap("ecall", ecall_from_user, 0, trap);
}

/// Misaligned accesses are done, or raise the right exception and leave memory unchanged.
void misaligned_accesses_work_or_trap() {
    alignas(16) static std::array<std::uint8_t, 16> bytes;
    const auto at = reinterpret_cast<std::uint64_t>(bytes.data()) + 1;
    const auto stored = try_store<std::uint64_t>(at, 0x1122'3344'5566'7788);
    const auto loaded = try_load<std::uint64_t>(at);
    if (stored.taken || loaded.trap.taken) {
        expect_trap("store", store_misaligned, at, stored);
        expect_trap("load", load_misaligned, at, loaded.trap);
    } else {
        expect_equal("what was stored", 0x1122'3344'5566'7788, loaded.value);
    }
    if (machine().has_extension("zama16b")) {
        return;  // within 16 bytes even an AMO is done
    }
    const auto amo = run_instructions(Mode::supervisor, {0x00b5'352f}, at, 1).trap;  // amoadd.d a0, a1, (a0)
    expect("a misaligned AMO is refused",
           amo.taken && (amo.cause == store_misaligned || amo.cause == store_access_fault) && amo.value == at);
}

/// sip.SSIP is writable from S-mode ("Supervisor Interrupt Registers").
void software_interrupt_to_self() {
    auto& taken = this_hart().interrupts[software_interrupt];
    const auto before = taken;
    set_csr<sie>(1 << software_interrupt);
    set_csr<sip>(1 << software_interrupt);
    expect("pending", (read_csr<sip>() & 1 << software_interrupt) != 0);
    set_csr<sstatus>(2);
    clear_csr<sstatus>(2);
    expect_equal("taken", before + 1, const_cast<volatile std::uint32_t&>(taken));
}

/// A CSR for each extension that a tree may name and that a hypervisor or firmware can hide. seed must be written.
struct NamedCsr {
    std::string_view extension;
    std::uint32_t csr;
};
constexpr std::array<NamedCsr, 15> named_csrs{{{"sstc", 0x14d},
                                               {"sscofpmf", 0xda0},
                                               {"ssaia", 0x15c},
                                               {"sscsrind", 0x150},
                                               {"ssstateen", 0x10c},
                                               {"zicntr", 0xc00},
                                               {"zicntr", 0xc01},
                                               {"zicntr", 0xc02},
                                               {"zkr", 0x015},
                                               {"zk", 0x015},
                                               {"zcmt", 0x017},
                                               {"ssccfg", 0x120},
                                               {"ssctr", 0x14e},
                                               {"ssqosid", 0x181},
                                               {"sdtrig", 0x5a8}}};

void what_the_tree_names_does_not_trap() {
    constexpr std::uint32_t csrwi_seed_0 = 0x0150'5573;
    for (const auto& [extension, csr] : named_csrs) {
        if (machine().has_extension(extension)) {
            const auto word = csr == 0x015 ? csrwi_seed_0 : csrr_a0(csr);
            expect_no_trap(extension, run_instructions(Mode::supervisor, {word}).trap);
        }
    }
}

[[gnu::section(".cases"), gnu::used]] constexpr std::array cases{
    Case{"exceptions.undefined", undefined_encodings_are_illegal},
    Case{"exceptions.hypervisor-csr", hypervisor_csrs_are_illegal, When::on_mullion},
    Case{"exceptions.hypervisor-instruction", hypervisor_instructions_are_illegal, When::on_mullion},
    Case{"exceptions.machine-csr", machine_csrs_are_illegal},
    Case{"exceptions.supervisor-in-user", supervisor_instructions_are_illegal_in_user_mode},
    Case{"exceptions.task-at-vector", task_at_the_trap_vector_is_trapped, When::on_mullion},
    Case{"exceptions.mret", mret_is_illegal},
    Case{"exceptions.wfi-in-user", wfi_in_user_mode_does_not_hang},
    Case{"exceptions.named-extensions", what_the_tree_names_does_not_trap, When::on_mullion},
    Case{"exceptions.time", time_follows_scounteren, When::on_mullion},
    Case{"exceptions.counters", counters_count_or_are_illegal},
    Case{"exceptions.hidden", what_is_not_declared_is_hidden, When::on_mullion},
    Case{"exceptions.not-switched", what_is_not_declared_is_not_switched, When::on_mullion},
    Case{"exceptions.breakpoint", breakpoint_is_taken},
    Case{"exceptions.ecall", user_ecall_is_taken},
    Case{"exceptions.misaligned", misaligned_accesses_work_or_trap},
    Case{"exceptions.software-interrupt", software_interrupt_to_self},
};

}  // namespace

}  // namespace probe
