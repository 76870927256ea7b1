// SPDX-License-Identifier: Apache-2.0
#include "arch/guest_hart.hpp"

#include "arch/csr.hpp"
#include "arch/fences.hpp"
#include "arch/hart.hpp"
#include "arch/irq/irq.hpp"
#include "arch/memory.hpp"
#include "arch/timer/timer.hpp"
#include "core/tables.hpp"

namespace mullion::arch::guest_hart {
namespace {

extern "C" void clear_float_registers();
extern "C" void clear_vector_registers();

std::uint64_t guest_hstatus() {
    return csr::hstatus::vsxl_64 | csr::hstatus::spv | csr::hstatus::spvp | csr::hstatus::vgein(irq::vgein());
}
constexpr std::uint64_t guest_sstatus = csr::sstatus::uxl_64 | csr::sstatus::spp | csr::sstatus::spie;

/// Returns sstatus for the guest's time. FS and VS stay on for ever, so that vsstatus alone decides for the guest,
/// whose registers are never saved.
std::uint64_t sstatus_for(const Hart& hart) {
    return guest_sstatus | (hart.features.has(Extension::d) ? csr::sstatus::fs_dirty : 0) |
           (has_vectors(hart.features) ? csr::sstatus::vs_dirty : 0);
}

/// Writes a CSR, and returns a refusal if it does not hold the value; bits of `optional` need not.
template <Csr number>
std::optional<Refusal> set_for_good(std::string_view name, std::uint64_t value, std::uint64_t optional = 0) {
    write<number>(value);
    const auto missing = (read<number>() ^ value) & ~optional;
    return missing == 0 ? std::nullopt : std::optional{Refusal{name, missing}};
}

/// Opens registers as firmware does for its supervisor, which some kernels take for granted: the floating-point and
/// vector registers that the guest's tree names are on and clear, and U-mode may read cycle, time and instret.
void open_registers(const Hart& hart) {
    constexpr std::uint64_t base_counters = 7;
    auto status = csr::sstatus::uxl_64;
    if (hart.features.has(Extension::d)) {
        clear_float_registers();
        status |= csr::sstatus::fs_initial;
    }
    if (has_vectors(hart.features)) {
        clear_vector_registers();
        status |= csr::sstatus::vs_initial;
    }
    write<Csr::vsstatus>(status);
    write<Csr::scounteren>(base_counters);
}

/// Resets registers that the guest writes itself and that have no VS twin.
void reset_shared_registers(const Hart& hart) {
    write<Csr::senvcfg>(0);
    if (has_state_enables(hart.features)) {
        write<Csr::sstateen0>(0);
    }
}

/// Clears VSTIP where Sstc is not declared: it may stay from a comparison of an earlier time, once henvcfg.STCE is off.
void forget_timer(const Hart& hart) {
    if (!hart.features.has(Extension::sstc) && has_vstimecmp()) {
        set_bits<Csr::henvcfg>(henvcfg_of(Features{}.with(Extension::sstc)));
        write<Csr::vstimecmp>(timer::never);
    }
}

// Changes the status as hardware does for a trap into VS-mode (hypervisor chapter, "Trap Entry"). A trap's entry needs
// no landing pad.
void inherit_status(std::uint64_t vsstatus) {
    using namespace csr::sstatus;
    const auto interrupted = read<Csr::sstatus>() & (spp | spelp);
    const auto enable = (vsstatus & sie) != 0 ? spie : 0;
    write<Csr::vsstatus>((vsstatus & ~(spp | spie | spelp | sie)) | interrupted | enable);
    set_bits<Csr::sstatus>(spp);
    clear_bits<Csr::sstatus>(spelp);
}

std::uint64_t flags_of(std::uint64_t vsstatus) {
    using namespace csr::sstatus;
    return ((vsstatus & spp) != 0 ? sse_flag::spp : 0) | ((vsstatus & spie) != 0 ? sse_flag::spie : 0) |
           ((vsstatus & spelp) != 0 ? sse_flag::spelp : 0);
}

/// Has overflow interrupts come to the hypervisor, and returns whether the hart has hvien, by which the guest gets
/// virtual ones. hvien has no effect while hideleg delegates the hart's own.
bool receive_overflow(const Hart& hart) {
    set_bits<Csr::sie>(csr::interrupt::lcof);
    if (!hart.features.has(Extension::ssaia)) {
        return false;
    }
    write<Csr::hvien>(csr::interrupt::lcof);
    return (read<Csr::hvien>() & csr::interrupt::lcof) != 0;
}

}  // namespace

[[gnu::cold]] std::optional<Refusal> configure(const Hart& hart, std::uint64_t hgatp) {
    write<Csr::hstatus>(guest_hstatus());
    write<Csr::sstatus>(sstatus_for(hart));
    write<Csr::hedeleg>(csr::hedeleg_all);
    write<Csr::htimedelta>(0);
    write<Csr::hgeie>(0);
    if (hart.features.has(Extension::ssaia)) {
        write<Csr::hvien>(0);
        write<Csr::hvictl>(0);
        write<Csr::hviprio1>(0);
        write<Csr::hviprio2>(0);
    }
    forget_timer(hart);
    auto refusal = set_for_good<Csr::hideleg>("hideleg", csr::hideleg_all);
    if (!refusal) {
        refusal = set_for_good<Csr::henvcfg>("henvcfg", henvcfg_of(hart.features));
    }
    write<Csr::henvcfg>(henvcfg_of(hart.features) & ~henvcfg::features);
    // Where the hart has Smstateen and does not declare it, what it declares must be open to the guest all the same.
    if (!refusal && has_hstateen0()) {
        refusal = set_for_good<Csr::hstateen0>("hstateen0", hstateen0_of(hart.features.with(Extension::smstateen)));
    }
    // VMIDs may have any number of bits, even none (hypervisor chapter, hgatp). They tell guests of one hart apart, as
    // translation caches are each hart's own (supervisor chapter, SFENCE.VMA); a hart has one guest for ever.
    if (!refusal) {
        refusal = set_for_good<Csr::hgatp>("hgatp", hgatp, csr::hgatp::all_vmids);
    }
    fence_guest_all();
    return refusal;
}

std::uint64_t firmware_features(const Hart& hart) {
    const auto before = read<Csr::henvcfg>();
    const auto declared = henvcfg_of(hart.features) | (hart.features.has(Extension::zicfiss) ? henvcfg::sse : 0);
    const auto held = set_environment(before | (declared & henvcfg::features)) & henvcfg::features;
    set_environment(before);
    return held;
}

std::uint64_t set_environment(std::uint64_t value) {
    write<Csr::henvcfg>(value);
    fence_vs_all();
    return read<Csr::henvcfg>();
}

void open_counters(std::uint64_t numbers) {
    write<Csr::hcounteren>(numbers);
}

bool route_overflow(const Hart& hart) {
    set_bits<Csr::hideleg>(csr::interrupt::lcof);
    const bool delegated = (read<Csr::hideleg>() & csr::interrupt::lcof) != 0;
    if (delegated || !hart.features.has(Extension::ssaia)) {
        return delegated;
    }
    return receive_overflow(hart);
}

// vsie.LCOFIE is sie.LCOFIE while hideleg delegates the interrupt; by hvien it is a bit of its own (AIA 6.3.2). Either
// way the guest's bit stays as it was, but on a hart without Ssaia, and so without hvien, where it becomes 0.
void keep_overflow(const Hart& hart, bool keep) {
    const auto enabled = read<Csr::vsie>() & csr::interrupt::lcof;
    if (keep) {
        clear_bits<Csr::hideleg>(csr::interrupt::lcof);
        receive_overflow(hart);
    } else {
        route_overflow(hart);
    }
    clear_bits<Csr::vsie>(csr::interrupt::lcof);
    set_bits<Csr::vsie>(enabled);
}

void clear_overflow() {
    clear_bits<Csr::sip>(csr::interrupt::lcof);
}

void forward_overflow() {
    clear_overflow();
    set_bits<Csr::hvip>(csr::interrupt::lcof);
}

void leave_translation() {
    write<Csr::vsatp>(0);
    write<Csr::hstatus>(guest_hstatus());
    fence_vs_all();
}

void reset(const Hart& hart) {
    open_registers(hart);
    write<Csr::vstvec>(0);
    write<Csr::vsscratch>(0);
    write<Csr::vsepc>(0);
    write<Csr::vscause>(0);
    write<Csr::vstval>(0);
    write<Csr::vsatp>(0);
    reset_shared_registers(hart);
    irq::reset_guest_file();
    if (hart.features.has(Extension::ssaia) || hart.features.has(Extension::sscsrind)) {
        write<Csr::vsiselect>(0);
    }
    write<Csr::sstatus>(sstatus_for(hart));
    write<Csr::hstatus>(guest_hstatus());
    fence_guest_all();
}

void reset_shadow_stack() {
    write<Csr::ssp>(0);
}

void start(std::uint64_t pc, std::uint64_t a0, std::uint64_t a1) {
    auto& context = this_hart();
    context.gpr.fill(0);
    context.gpr[10] = a0;
    context.gpr[11] = a1;
    write<Csr::sepc>(pc);
    enter_guest();
}

void resume(const Hart& hart, std::uint64_t pc, std::uint64_t a0, std::uint64_t a1) {
    write<Csr::vsatp>(0);
    open_registers(hart);
    set_bits<Csr::sstatus>(csr::sstatus::spp);
    clear_bits<Csr::sstatus>(csr::sstatus::spelp);
    fence_vs_all();
    start(pc, a0, a1);
}

void quiesce(const Hart& hart) {
    write<Csr::vsie>(0);
    if (hart.features.has(Extension::sstc)) {
        write<Csr::vstimecmp>(timer::never);
    }
    clear_bits<Csr::sip>(csr::interrupt::lcof);
    drop_pending_interrupts();
}

void drop_pending_interrupts() {
    write<Csr::hvip>(0);
}

bool take_back_software_interrupt() {
    const auto pending = read<Csr::hvip>() & csr::interrupt::vss;
    clear_bits<Csr::hvip>(csr::interrupt::vss);
    return pending != 0;
}

void set_external(bool pending) {
    pending ? set_bits<Csr::hvip>(csr::interrupt::vse) : clear_bits<Csr::hvip>(csr::interrupt::vse);
}

bool interrupt_pending() {
    return (read<Csr::vsip>() & read<Csr::vsie>()) != 0;
}

void inject(std::uint64_t cause, std::uint64_t value) {
    inherit_status(read<Csr::vsstatus>());
    write<Csr::vsepc>(read<Csr::sepc>());
    write<Csr::vscause>(cause);
    write<Csr::vstval>(value);
    write<Csr::sepc>(read<Csr::vstvec>() & ~std::uint64_t{3});
}

SseFrame enter_event(std::uint64_t pc, std::uint64_t a6, std::uint64_t a7) {
    auto& gpr = this_hart().gpr;
    const auto before = read<Csr::vsstatus>();
    const SseFrame frame{read<Csr::vsepc>(), flags_of(before), gpr[16], gpr[17]};
    inherit_status(before);
    write<Csr::vsepc>(read<Csr::sepc>());
    write<Csr::sepc>(pc);
    gpr[16] = a6;
    gpr[17] = a7;
    return frame;
}

void leave_event(const SseFrame& frame) {
    using namespace csr::sstatus;
    const auto resumed = read<Csr::vsstatus>();
    clear_bits<Csr::sstatus>(spp | spelp);
    set_bits<Csr::sstatus>(resumed & (spp | spelp));
    auto vsstatus = resumed & ~(sie | spie | spp | spelp);
    vsstatus |= (resumed & spie) != 0 ? sie : 0;
    vsstatus |= ((frame.flags & sse_flag::spie) != 0 ? spie : 0) | ((frame.flags & sse_flag::spp) != 0 ? spp : 0) |
                ((frame.flags & sse_flag::spelp) != 0 ? spelp : 0);
    write<Csr::vsstatus>(vsstatus);
    write<Csr::sepc>(read<Csr::vsepc>());
    write<Csr::vsepc>(frame.sepc);
    auto& gpr = this_hart().gpr;
    gpr[16] = frame.a6;
    gpr[17] = frame.a7;
}

}  // namespace mullion::arch::guest_hart
