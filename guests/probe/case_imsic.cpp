// SPDX-License-Identifier: Apache-2.0
// AIA chapter 3, "Incoming MSI Controller": the guest's own interrupt files.
#include <array>

#include "probe/cases.hpp"
#include "probe/devices.hpp"
#include "probe/expect.hpp"
#include "probe/trap.hpp"

namespace probe {
namespace {

bool external_pending() {
    return (read_csr<sip>() >> external_interrupt & 1) != 0;
}

void every_identity_arrives() {
    imsic::clear();
    for (std::uint32_t identity = 1; identity <= machine().imsic_ids; ++identity) {
        imsic::enable(identity);
        imsic::send(this_hart().id, identity);
        expect("the identity is pending", wait_until([&] { return imsic::top() == identity; }));
        expect("sip.SEIP", external_pending());
        expect_equal("claimed", identity, imsic::claim());
        expect_equal("then nothing", 0, imsic::top());
        expect("sip.SEIP is clear", !external_pending());
    }
}

void lower_identities_come_first() {
    imsic::clear();
    for (const std::uint32_t identity : {9, 5, 70, 7}) {
        imsic::enable(identity);
        imsic::send(this_hart().id, identity);
    }
    expect("all are pending", wait_until([] {
               return imsic::is_pending(9) && imsic::is_pending(5) && imsic::is_pending(70) && imsic::is_pending(7);
           }));
    for (const std::uint64_t expected : {5, 7, 9, 70, 0}) {
        expect_equal("claimed", expected, imsic::claim());
    }
}

void enable_threshold_and_delivery_gate() {
    imsic::clear();
    imsic::send(this_hart().id, 8);
    expect("pending without being enabled", wait_until([] { return imsic::is_pending(8); }));
    expect_equal("nothing is delivered while not enabled", 0, imsic::top());
    imsic::enable(8);
    expect_equal("delivered", 8, imsic::top());
    imsic::write(imsic::eithreshold, 8);
    expect_equal("nothing below the threshold", 0, imsic::top());
    imsic::write(imsic::eithreshold, 9);
    expect_equal("delivered", 8, imsic::top());
    imsic::write(imsic::eidelivery, 0);
    expect("no interrupt without delivery", !external_pending());
    imsic::write(imsic::eidelivery, 1);
    expect("an interrupt with delivery", external_pending());
    imsic::claim();
}

void interrupt_is_taken() {
    imsic::clear();
    imsic::enable(33);
    auto& claimed = this_hart().claims[33];
    const auto before = claimed;
    set_csr<sie>(1 << external_interrupt);
    imsic::send(this_hart().id, 33);
    expect("pending", wait_until(external_pending));
    set_csr<sstatus>(2);
    clear_csr<sstatus>(2);
    expect_equal("claimed by the handler", before + 1, const_cast<volatile std::uint32_t&>(claimed));
}

/// A file's page reads as zero, and only its two registers have an effect (AIA 3.5).
void file_reads_zero() {
    imsic::clear();
    for (const std::uint64_t offset : {0U, 4U, 8U, 0xffcU}) {
        expect_equal("a register of the file", 0, read_register<std::uint32_t>(imsic::file(this_hart().id) + offset));
    }
    for (const std::uint32_t identity : {0U, machine().imsic_ids + 1, 2047U, 0xFFFF'FFFFU}) {
        imsic::send(this_hart().id, identity);
    }
    sleep(1000);
    for (std::uint64_t word = 0; word <= machine().imsic_ids / 64 * 2; word += 2) {
        expect_equal("eip after writes of identities that do not exist", 0, imsic::read(imsic::eip0 + word));
    }
}

/// AIA 2.4 and 3.8: what siselect must not select is an illegal instruction for the guest.
void reserved_selections_are_illegal() {
    constexpr std::uint32_t csrr_a0_sireg = 0x1510'2573;
    for (const std::uint64_t selection : {0xc1, 0x81, 0x71}) {
        write_csr<siselect>(selection);
        const auto trap = run_instructions(Mode::supervisor, {csrr_a0_sireg}).trap;
        expect_equal("taken", 1, trap.taken);
        expect_equal("cause", illegal_instruction, trap.cause);
    }
}

/// AIA 5.2: the even registers of the iprio array exist, be they read-only zeros. A hypervisor has to emulate them
/// (6.3.1).
void priorities_of_major_interrupts_can_be_read() {
    constexpr std::uint32_t csrr_a0_sireg = 0x1510'2573;
    constexpr std::uint32_t csrw_sireg_a0 = 0x1515'1073;
    for (std::uint64_t selection = 0x30; selection < 0x40; selection += 2) {
        write_csr<siselect>(selection);
        expect_no_trap("a read", run_instructions(Mode::supervisor, {csrr_a0_sireg}).trap);
        expect_no_trap("a write", run_instructions(Mode::supervisor, {csrw_sireg_a0}, 0).trap);
    }
}

// --- between harts -------------------------------------------------------------------------------------------------

constexpr std::uint32_t ping = 40;
constexpr int exchanges = 500;

void answer(std::uint64_t peer) {
    imsic::clear();
    imsic::enable(ping);
    set_csr<sie>(1 << external_interrupt);
    imsic::send(peer, ping);
    for (int i = 0; i < exchanges; ++i) {
        expect("a message has come", wait_until([] { return imsic::claim() == ping; }));
        imsic::send(peer, ping);
    }
}

void no_message_is_lost_between_two_harts() {
    imsic::clear();
    imsic::enable(ping);
    set_csr<sie>(1 << external_interrupt);
    auto& peer = other_hart(0);
    expect_success("start of a hart", start(peer, answer, this_hart().id));
    expect("the other hart is ready", wait_until([] { return imsic::claim() == ping; }));
    for (int i = 0; i < exchanges; ++i) {
        imsic::send(peer.id, ping);
        expect("an answer has come", wait_until([] { return imsic::claim() == ping; }));
    }
    expect("the other hart has stopped", wait_stopped(peer));
}

void each_hart_has_its_own_file() {
    imsic::clear();
    for (std::size_t n = 0; n + 1 < machine().harts; ++n) {
        run_on(other_hart(n), [](std::uint64_t) {
            imsic::clear();
            const auto own = static_cast<std::uint32_t>(50 + this_hart().id);
            imsic::enable(own);
            imsic::send(this_hart().id, own);
            expect("its own message has come", wait_until([&] { return imsic::claim() == own; }));
        });
    }
    for (std::uint64_t identity = 50; identity < 50 + machine().harts; ++identity) {
        expect("nothing came to this hart", !imsic::is_pending(identity));
    }
}

[[gnu::section(".cases"), gnu::used]] constexpr std::array cases{
    Case{"imsic.every-identity", every_identity_arrives, When::always, Needs::imsic},
    Case{"imsic.priority", lower_identities_come_first, When::always, Needs::imsic},
    Case{"imsic.gates", enable_threshold_and_delivery_gate, When::always, Needs::imsic},
    Case{"imsic.interrupt", interrupt_is_taken, When::always, Needs::imsic},
    Case{"imsic.file", file_reads_zero, When::always, Needs::imsic},
    Case{"imsic.reserved", reserved_selections_are_illegal, When::always, Needs::imsic},
    Case{"imsic.major-priorities", priorities_of_major_interrupts_can_be_read, When::always, Needs::imsic},
    Case{"imsic.own-file", each_hart_has_its_own_file, When::always, Needs::imsic},
    Case{"imsic.ping-pong", no_message_is_lost_between_two_harts, When::always, Needs::imsic},
};

}  // namespace

}  // namespace probe
