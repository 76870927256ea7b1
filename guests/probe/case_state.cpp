// SPDX-License-Identifier: Apache-2.0
// Checks state that the hypervisor neither uses nor switches: floating point, vector, crypto, cache blocks, pointer
// masking, the environment of U-mode. Each hart fills its own with unique values, makes exits of every kind, and
// compares.
#include <algorithm>
#include <array>
#include <bit>
#include <span>

#include "probe/cases.hpp"
#include "probe/devices.hpp"
#include "probe/expect.hpp"
#include "probe/plic.hpp"
#include "probe/state.hpp"
#include "probe/trap.hpp"

namespace probe {
namespace {

/// Generates values by xorshift.
class Pattern {
 public:
    /// Seeds it differently for each guest, hart and time.
    explicit Pattern(std::uint64_t hart) : state_((now() << 8 | hart) * 2 + 1) {}

    std::uint64_t next() {
        state_ ^= state_ << 13;
        state_ ^= state_ >> 7;
        state_ ^= state_ << 17;
        return state_;
    }

 private:
    std::uint64_t state_;
};

// --- exits ---------------------------------------------------------------------------------------------------------

/// Takes an interrupt that is pending or about to be. Enables it only while waiting, so that it cannot be taken before
/// WFI.
void take_interrupt(std::uint64_t code) {
    auto& self = this_hart();
    const auto before = self.interrupts[code];
    set_csr<sie>(std::uint64_t{1} << code);
    while ((read_csr<sip>() >> code & 1) == 0) {
        asm volatile("wfi");
    }
    set_csr<sstatus>(2);
    clear_csr<sstatus>(2);
    // Another hart's may have come, too.
    expect("an interrupt", const_cast<volatile std::uint32_t&>(self.interrupts[code]) != before);
}

void use_devices() {
    uart::read(uart::scratch);
    machine().plic.size != 0 ? plic::read(plic::threshold_of(plic::context_of(this_hart().id)))
                             : aplic::read(aplic::domaincfg);
}

/// Makes an access outside of the guest, and executes an instruction that guests may not. Does nothing on the bare
/// machine, where they would have other effects.
void use_what_is_not_there() {
    if (on_bare_machine()) {
        return;
    }
    constexpr std::uint64_t nowhere = 0x1000;
    constexpr std::uint32_t csrr_a0_hstatus = 0x6000'2573;
    expect_equal("cause", load_access_fault, try_load<std::uint32_t>(nowhere).trap.cause);
    expect_equal("cause", illegal_instruction, run_instructions(Mode::supervisor, {csrr_a0_hstatus}).trap.cause);
}

/// Makes about a dozen exits in each round.
void make_exits(int rounds) {
    const auto next_hart = (this_hart().id + 1) % machine().harts;
    for (int i = 0; i < rounds; ++i) {
        sbi::call(sbi::base, 3, {sbi::time});
        sbi::hart_status(next_hart);
        sbi::send_ipi(1, next_hart);
        sbi::call(sbi::rfence, 1,
                  {1, this_hart().id, 0, ~std::uint64_t{0}});  // not of others, as waiting for them would take long
        sbi::call(sbi::pmu, 0);
        sbi::call(sbi::dbcn, 0, {0, 0, 0});
        sbi::set_timer(now() + 100);
        set_csr<sie>(1 << timer_interrupt);
        sbi::call(sbi::hsm, 3, {0});  // default retentive suspend
        take_interrupt(timer_interrupt);
        sbi::send_ipi(1, this_hart().id);
        take_interrupt(software_interrupt);
        use_devices();
        use_what_is_not_there();
    }
}

constexpr int enough = 10;

// --- registers -----------------------------------------------------------------------------------------------------

void floats_are_kept(std::uint64_t) {
    static std::array<Floats, max_harts> filled, found;
    auto& mine = filled[this_hart().id];
    Pattern pattern(this_hart().id);
    std::ranges::generate(mine, [&] { return pattern.next(); });
    mine.back() &= 0xff;
    set_csr<sstatus>(sstatus_fs);
    load_floats(&mine);
    make_exits(enough);
    store_floats(&found[this_hart().id]);
    clear_csr<sstatus>(sstatus_fs);
    expect("f0-f31 and fcsr are as they were left", found[this_hart().id] == mine);
}

/// Fills the vector state: a vtype that every vector unit has, vl of at most 2 elements, and a smaller vstart.
void fill(Vectors& vectors, Pattern& pattern) {
    vectors.vl = 1 + pattern.next() % 2;
    vectors.vtype = (pattern.next() % 4) << 3 | 0xc0;
    vectors.vcsr = pattern.next() % 8;
    vectors.vstart = pattern.next() % vectors.vl;
    const auto bytes = std::span{vectors.registers}.first(32 * vector_register_bytes());
    std::ranges::generate(bytes, [&] { return static_cast<std::uint8_t>(pattern.next() >> 32); });
}

void vectors_are_kept(std::uint64_t) {
    static std::array<Vectors, max_harts> filled, found;
    auto& mine = filled[this_hart().id];
    Pattern pattern(this_hart().id);
    set_csr<sstatus>(sstatus_vs);
    expect("VLEN is at most 1024", vector_register_bytes() * 32 <= Vectors::max_bytes);
    fill(mine, pattern);
    load_vectors(&mine);
    make_exits(enough);
    store_vectors(&found[this_hart().id]);
    clear_csr<sstatus>(sstatus_vs);
    expect("v0-v31, vl, vtype, vcsr and vstart are as they were left", found[this_hart().id] == mine);
}

/// Writes a pattern to a CSR, and returns what it keeps.
template <Csr N>
std::uint64_t fill_csr(Pattern& pattern) {
    write_csr<N>(pattern.next());
    return read_csr<N>();
}

void environment_is_kept(std::uint64_t) {
    Pattern pattern(this_hart().id);
    const auto environment = fill_csr<senvcfg>(pattern);
    const auto counters = fill_csr<scounteren>(pattern);
    make_exits(enough);
    expect_equal("senvcfg", environment, read_csr<senvcfg>());
    expect_equal("scounteren", counters, read_csr<scounteren>());
    write_csr<senvcfg>(0);
    write_csr<scounteren>(0);
}

// --- instructions --------------------------------------------------------------------------------------------------

std::uint64_t reverse_in_bytes(std::uint64_t x) {
    x = (x & 0x5555'5555'5555'5555) << 1 | (x >> 1 & 0x5555'5555'5555'5555);
    x = (x & 0x3333'3333'3333'3333) << 2 | (x >> 2 & 0x3333'3333'3333'3333);
    return (x & 0x0f0f'0f0f'0f0f'0f0f) << 4 | (x >> 4 & 0x0f0f'0f0f'0f0f'0f0f);
}

std::uint64_t reverse(std::uint64_t x) {
    std::uint64_t reversed = 0;
    for (int i = 0; i < 64; ++i) {
        reversed = reversed << 1 | (x >> i & 1);
    }
    return reversed;
}

/// Computes sha256sum0, sha512sig1 and brev8 by their definitions.
std::uint64_t expected_of_scalar_crypto(std::uint64_t value) {
    const auto word = static_cast<std::uint32_t>(value);
    const auto sum = std::rotr(word, 2) ^ std::rotr(word, 13) ^ std::rotr(word, 22);
    const auto wide = static_cast<std::uint64_t>(static_cast<std::int64_t>(static_cast<std::int32_t>(sum)));
    return reverse_in_bytes(std::rotr(wide, 19) ^ std::rotr(wide, 61) ^ wide >> 6);
}

void scalar_crypto_computes(std::uint64_t) {
    Pattern pattern(this_hart().id);
    for (int i = 0; i < enough; ++i) {
        const auto value = pattern.next();
        expect_equal("sha256sum0, sha512sig1, brev8", expected_of_scalar_crypto(value), scalar_crypto(value));
        // FIPS 197: every byte 0 becomes 0x63, and four that are equal stay what they are.
        expect_equal("aes64esm", 0x6363'6363'6363'6363, encrypt_round(0, 0));
        make_exits(1);
    }
}

void vector_crypto_computes(std::uint64_t) {
    Pattern pattern(this_hart().id);
    set_csr<sstatus>(sstatus_vs);
    for (int i = 0; i < enough; ++i) {
        const std::array<std::uint64_t, 2> before{pattern.next(), pattern.next()};
        auto values = before;
        vector_crypto(&values);
        for (std::size_t n = 0; n < values.size(); ++n) {
            expect_equal("vbrev8.v, vrev8.v", reverse(before[n]), values[n]);
        }
        make_exits(1);
    }
    clear_csr<sstatus>(sstatus_vs);
}

/// A block of up to 256 bytes, and bytes around it that are not the block's.
struct alignas(256) Blocks {
    std::array<std::uint8_t, 768> bytes;
};
std::array<Blocks, max_harts> blocks;

/// Fills a block and those around it, and returns its address.
std::uint64_t fill_blocks(Blocks& mine) {
    mine.bytes.fill(0xa5);
    asm volatile("" ::: "memory");
    return reinterpret_cast<std::uint64_t>(&mine.bytes[256]);
}

bool are(std::span<const std::uint8_t> bytes, std::uint8_t value) {
    return std::ranges::all_of(bytes, [=](std::uint8_t byte) { return byte == value; });
}

void blocks_are_zeroed(std::uint64_t) {
    auto& mine = blocks[this_hart().id];
    for (int i = 0; i < enough; ++i) {
        zero_block(fill_blocks(mine));
        asm volatile("" ::: "memory");
        const std::span<const std::uint8_t> all{mine.bytes};
        const auto rest = all.subspan(256);
        const auto size = static_cast<std::size_t>(std::ranges::find(rest, 0xa5) - rest.begin());
        expect("a block of zeros", size != 0 && (size & (size - 1)) == 0);
        expect("nothing before it", are(all.first(256), 0xa5));
        expect("nothing behind it", are(rest.subspan(size), 0xa5));
        make_exits(1);
    }
}

/// cbo.inval flushes for a guest: its stores are not lost.
void blocks_are_managed(std::uint64_t) {
    auto& mine = blocks[this_hart().id];
    for (int i = 0; i < enough; ++i) {
        for (const auto manage : {clean_block, flush_block, invalidate_block}) {
            manage(fill_blocks(mine));
            asm volatile("" ::: "memory");
            expect("what was stored", are(mine.bytes, 0xa5));
        }
        make_exits(1);
    }
}

/// Runs an instruction in U-mode, then clears SIE, which the run may leave set, so that no timer interrupt is taken
/// before the case waits for it.
RunResult run_in_user_mode(std::uint32_t word, std::uint64_t a0) {
    const auto run = run_instructions(Mode::user, {word}, a0);
    clear_csr<sstatus>(2);
    return run;
}

/// Bits 63:57 of an address are ignored in U-mode with senvcfg.PMM = 2 (Smnpm, Ssnpm).
void user_pointers_are_masked(std::uint64_t) {
    constexpr std::uint32_t lbu_a0_a0 = 0x0005'4503;
    constexpr std::uint64_t pmlen_7 = std::uint64_t{2} << 32;
    auto& mine = blocks[this_hart().id];
    const auto tagged = fill_blocks(mine) | std::uint64_t{0x5} << 57;
    write_csr<senvcfg>(pmlen_7);
    expect_equal("senvcfg.PMM", pmlen_7, read_csr<senvcfg>());
    for (int i = 0; i < enough; ++i) {
        const auto run = run_in_user_mode(lbu_a0_a0, tagged);
        expect("a tagged pointer", went_through(run.trap));
        expect_equal("what it points to", 0xa5, run.a0);
        make_exits(1);
    }
    write_csr<senvcfg>(0);
    expect("a tagged pointer faults again", !went_through(run_in_user_mode(lbu_a0_a0, tagged).trap));
}

// --- on all harts at once ------------------------------------------------------------------------------------------

template <auto job>
void on_all_harts() {
    const auto others = machine().harts - 1;
    for (std::size_t n = 0; n < others; ++n) {
        expect_success("start of a hart", start(other_hart(n), job));
    }
    job(0);
    for (std::size_t n = 0; n < others; ++n) {
        expect("a hart has stopped", wait_stopped(other_hart(n)));
    }
    end_case_if_failed();
}

/// Runs all cases repeatedly until something is typed.
void all_state_at_once() {
    for (std::uint64_t round = 1; read_character() < 0; ++round) {
        for (const auto& c : all_cases()) {
            if (c.name.starts_with("state.") && c.when != When::by_name && machine_has(c.needs)) {
                c.run();
            }
        }
        print("probe: state round ", round);
    }
}

[[gnu::section(".cases"), gnu::used]] constexpr std::array cases{
    Case{"state.floats", on_all_harts<floats_are_kept>, When::always, Needs::floats},
    Case{"state.vectors", on_all_harts<vectors_are_kept>, When::always, Needs::vectors},
    Case{"state.environment", on_all_harts<environment_is_kept>},
    Case{"state.scalar-crypto", on_all_harts<scalar_crypto_computes>, When::always, Needs::scalar_crypto},
    Case{"state.vector-crypto", on_all_harts<vector_crypto_computes>, When::always, Needs::vector_crypto},
    Case{"state.zero-blocks", on_all_harts<blocks_are_zeroed>, When::always, Needs::zicboz},
    Case{"state.managed-blocks", on_all_harts<blocks_are_managed>, When::on_mullion, Needs::zicbom},
    Case{"state.masked-pointers", on_all_harts<user_pointers_are_masked>, When::always, Needs::ssnpm},
    Case{"state.endless", all_state_at_once, When::by_name},
};

}  // namespace

}  // namespace probe
