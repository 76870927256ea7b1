// SPDX-License-Identifier: Apache-2.0
// Exceptions that bring a guest's hart here. Whatever a guest does, it gets the answer that bare hardware would give,
// or that guest alone is stopped.
#include <optional>

#include "arch/csr.hpp"
#include "arch/guest_hart.hpp"
#include "arch/hart.hpp"
#include "arch/memory.hpp"
#include "core/cause.hpp"
#include "core/csr_access.hpp"
#include "core/decode.hpp"
#include "core/text.hpp"
#include "run/console.hpp"
#include "run/life.hpp"
#include "run/linked_services.hpp"
#include "run/sbi_port.hpp"
#include "run/vm.hpp"
#include "vm/guest_memory.hpp"
#include "vm/guest_walk.hpp"
#include "vm/sbi/dispatch.hpp"
#include "vm/shared_words.hpp"

namespace mullion::run {
namespace {

namespace cause = csr::cause;
using arch::Csr;
using arch::HartContext;

/// Reads what the hart tells of a fault, in stval, htval or htinst: each may be 0, which says nothing (hypervisor
/// chapter, htval; "Transformed Instruction or Pseudoinstruction for mtinst or htinst").
template <Csr number>
std::uint64_t told() {
    return arch::read<number>();
}

/// Returns whether VS-mode raised the exception, and not VU-mode.
bool is_from_supervisor() {
    return (arch::read<Csr::sstatus>() & csr::sstatus::spp) != 0;
}

/// Hands an exception on. If the first instruction of the guest's own handler is what raises it in VS-mode, nothing can
/// ever change: the same trap would come back for ever. From VU-mode it does not: a task that jumped there is one that
/// the handler can end.
void hand_on(HartContext& context, std::uint64_t exception, std::uint64_t value) {
    if (is_from_supervisor() && arch::read<Csr::sepc>() == (arch::read<Csr::vstvec>() & ~std::uint64_t{3})) {
        end_crashed_guest(context, "its trap handler (vstvec) itself traps, so no trap can be delivered");
    }
    arch::guest_hart::inject(exception, value);
}

/// Hands on what the guest may not do, and says so of a guest that does nothing else: it would look like one that runs.
void refuse(HartContext& context, std::uint64_t exception, std::uint64_t value) {
    auto& self = this_vcpu();
    if (self.faulting.count()) {
        const auto faults = self.exits_of(Exit::guest_fault) + self.exits_of(Exit::virtual_instruction);
        if (const auto in_a_row = self.faulting.look(self.all_exits() - faults)) {
            Text line;
            line << self.guest.name << " hart " << self.index << " does nothing but fault: " << in_a_row
                 << " in a row, the last: " << csr::cause_name(exception);
            (line << " at pc ").hex(arch::read<Csr::sepc>());
            (line << ", stval ").hex(value);
            console::print(line.view());
        }
    }
    hand_on(context, exception, value);
}

/// Hands on an access outside every window, as on a bus where nobody answers.
void refuse_access(HartContext& context) {
    const auto exception = [] {
        switch (arch::read<Csr::scause>()) {
            case cause::instruction_guest_page:
                return cause::instruction_access;
            case cause::store_guest_page:
                return cause::store_access;
            default:
                return cause::load_access;
        }
    }();
    refuse(context, exception, told<Csr::stval>());
}

/// Fetches an instruction as the guest would. Returns nothing if it is not there any more: the guest tries again and
/// takes the fault itself. The cause does not matter: HLVX faults as a load (hypervisor chapter), on QEMU as a fetch.
std::optional<std::uint32_t> fetch(Gva pc) {
    const auto low = arch::fetch_guest_half(pc);
    if (low.fault != 0) {
        return std::nullopt;
    }
    if (instruction_length(low.half) == 2) {
        return low.half;
    }
    const auto high = arch::fetch_guest_half(pc + 2);
    if (high.fault != 0) {
        return std::nullopt;
    }
    return std::uint32_t{high.half} << 16 | low.half;
}

Gpa faulting_address() {
    return guest_physical_address(told<Csr::htval>(), told<Csr::stval>(), told<Csr::htinst>());
}

void refuse_instruction(HartContext& context) {
    refuse(context, cause::illegal_instruction, told<Csr::stval>());
}

/// Returns whether vsiselect selects the iprio array, for which VS level has no registers (AIA 6.3.1): read-only zeros.
/// RV64 has the even ones only.
bool has_selected_priorities(const Hart& hart) {
    constexpr std::uint64_t first = 0x30;
    constexpr std::uint64_t last = 0x3f;
    if (!hart.features.has(Extension::ssaia)) {
        return false;
    }
    const auto selected = arch::read<Csr::vsiselect>();
    return selected >= first && selected <= last && selected % 2 == 0;
}

/// Returns what the instruction reads of a CSR that traps in VS-mode although the guest's tree promises it; nothing
/// where bare hardware would not carry it out either.
std::optional<std::uint64_t> promised_csr(const Hart& hart, const CsrAccess& access) {
    if (access.number == static_cast<std::uint32_t>(Csr::sireg) && has_selected_priorities(hart)) {
        return 0;
    }
    // Smcdeleg, "Virtualizing scountovf": it traps while menvcfg.CDE is set, which is the firmware's to say. A guest
    // sees the counters that hcounteren opens (Sscofpmf).
    if (access.number == static_cast<std::uint32_t>(Csr::scountovf) && !access.writes &&
        hart.features.has(Extension::sscofpmf)) {
        return arch::read<Csr::scountovf>() & arch::read<Csr::hcounteren>();
    }
    return std::nullopt;
}

void virtual_instruction(HartContext& context) {
    this_vcpu().count(Exit::virtual_instruction);
    if (!is_from_supervisor()) {
        return refuse_instruction(context);
    }
    const auto instruction = fetch({arch::read<Csr::sepc>()});
    if (!instruction) {
        return;
    }
    const auto access = decode_csr_access(*instruction);
    const auto value = access ? promised_csr(board_hart(this_vcpu()), *access) : std::nullopt;
    if (!value) {
        return refuse_instruction(context);
    }
    if (access->rd != 0) {
        context.gpr[access->rd] = *value;
    }
    arch::write<Csr::sepc>(arch::read<Csr::sepc>() + 4);
}

/// Answers an exception that is no access to an emulated device.
void refuse_exception(HartContext& context) {
    const auto exception = arch::read<Csr::scause>();
    context.vcpu->log.add({exception, arch::read<Csr::sepc>(), told<Csr::stval>(), faulting_address().value});
    if (csr::is_guest_page_fault(exception)) {
        this_vcpu().count(Exit::guest_fault);
        refuse_access(context);
    } else if (exception == cause::virtual_instruction) {
        virtual_instruction(context);
    } else {
        // A hart may not be able to delegate what hedeleg names: the guest gets it all the same.
        this_vcpu().count(Exit::injected);
        hand_on(context, exception, told<Csr::stval>());
    }
}

/// Returns the address of a load or store that faulted. Requires: the hart tells stval. Where it does not tell htval,
/// or has read a page table, this is no address of a device, or no access that one has.
Gpa accessed_address(std::uint64_t stval) {
    return {told<Csr::htval>() << 2 | (stval & 3)};
}

/// Returns the device there if it can have such an access; null, too, if the hart does not tell all of the address.
[[gnu::always_inline]] inline const DeviceRow* aligned_device(const HartContext& context, std::uint64_t stval, Gpa at) {
    const auto* row = stval == 0 ? nullptr : context.vm->devices.find(at);
    return row != nullptr && row->is_aligned_for(at) ? row : nullptr;
}

std::uint64_t offset_in(const DeviceRow& row, Gpa at) {
    return at - row.range.base;
}

void account(HartContext& context, const DeviceRow& row, std::uint64_t length) {
    context.vcpu->count(row.exit);
    arch::write<Csr::sepc>(arch::read<Csr::sepc>() + length);
}

// Functions that call others are out of line, so that those that do not call any save no registers for them.

/// Loads a register of a device; returns what load_entry returns.
[[gnu::hot, gnu::noinline]] std::uint64_t* load(HartContext& context, const DeviceRow& row, std::uint64_t offset,
                                                std::uint64_t htinst) {
    account(context, row, transformed_length(htinst));
    const auto value = context.vm->devices.read(row, offset);
    const auto destination = load_destination(htinst);
    if (destination == 0) {
        return nullptr;
    }
    context.gpr[destination] = transformed_value(htinst, value);
    if (arch::is_preserved(destination)) [[unlikely]] {
        return &context.gpr[destination];
    }
    return nullptr;
}

/// Stores to a register of a device; returns what exception_entry returns.
[[gnu::hot, gnu::noinline]] bool store(HartContext& context, const DeviceRow& row, std::uint64_t offset,
                                       std::uint64_t htinst) {
    account(context, row, transformed_length(htinst));
    const auto value = static_cast<std::uint32_t>(context.gpr[store_source(htinst)]);
    if (context.vm->devices.write(row, offset, value)) {
        console::service(*context.vm);
    }
    return false;
}

/// Does an access that faulted at `fault`, `before` bytes behind its first, if a device takes it; else refuses it.
void access_device(HartContext& context, const MemoryAccess& access, Gpa fault, std::uint64_t before) {
    auto& devices = context.vm->devices;
    const auto begin = begin_in_page(access, fault, before);
    const auto* row = begin ? devices.find(*begin) : nullptr;
    if (row == nullptr || !row->takes(*begin, access.bytes)) {
        return refuse_exception(context);
    }
    account(context, *row, access.length);
    const auto offset = offset_in(*row, *begin);
    if (access.store) {
        if (devices.write_bytes(*row, offset, access.bytes, static_cast<std::uint32_t>(context.gpr[access.reg]))) {
            console::service(*context.vm);
        }
    } else if (const auto value = devices.read_bytes(*row, offset); access.reg != 0) {
        context.gpr[access.reg] = loaded_value(access, value);
    }
}

/// Returns where the guest's tables, which are in its memory, lead.
std::optional<Gpa> translate(const Guest& guest, std::uint64_t at) {
    return walk_guest_tables(arch::read<Csr::vsatp>(), {at}, [&guest](Gpa entry) -> std::optional<std::uint64_t> {
        const auto host = find(guest, entry, sizeof(std::uint64_t), Rights::r);
        return host ? std::optional{mullion::load<std::uint64_t>(arch::host_memory({*host, 8}), 0)} : std::nullopt;
    });
}

/// Answers an access that is not of a row's form: the hart has not told which instruction it was, or where; or it is of
/// another width, or faulted behind its first byte.
void access_otherwise(HartContext& context) {
    const auto htinst = told<Csr::htinst>();
    const auto stval = told<Csr::stval>();
    const auto where = told<Csr::htval>() != 0 && stval != 0 ? std::optional{accessed_address(stval)} : std::nullopt;
    if (is_page_walk(htinst) || (where && context.vm->devices.find(*where) == nullptr)) {
        return refuse_exception(context);
    }
    if (const auto access = decode_transformed(htinst); access && where) {
        return access_device(context, *access, *where, address_offset(htinst));
    }
    const auto instruction = fetch({arch::read<Csr::sepc>()});
    if (!instruction) {
        return;
    }
    const auto access = decode(*instruction);
    if (!access) {
        return refuse_exception(context);
    }
    const auto first = effective_address(*instruction, context.gpr);
    const auto fault = stval != 0 ? stval : first;
    const auto at = where ? where : translate(context.vm->guest, fault);
    at ? access_device(context, *access, *at, (fault - first) % page_size) : refuse_exception(context);
}

/// Answers an exception that is no store of a row's form. Returns true, for exception_entry.
[[gnu::cold, gnu::noinline]] bool answer_otherwise(HartContext& context) {
    const auto exception = arch::read<Csr::scause>();
    const bool is_access = exception == cause::load_guest_page || exception == cause::store_guest_page;
    is_access ? access_otherwise(context) : refuse_exception(context);
    return true;
}

}  // namespace

/// Answers a call from the table. Arguments are in the order of the registers, and none is on the stack.
extern "C" [[gnu::noinline, gnu::cold]] SbiResult cold_call(std::uint64_t a0, std::uint64_t a1, std::uint64_t a2,
                                                            std::uint64_t a3, std::uint64_t a4, VCpu& self,
                                                            std::uint64_t fid, std::uint64_t eid) {
    return sbi_table_call(self, hart_port, {a0, a1, a2, a3, a4, fid, eid});
}

extern "C" [[gnu::hot]] SbiResult ecall_entry(std::uint64_t a0, std::uint64_t a1, std::uint64_t a2, std::uint64_t a3,
                                              std::uint64_t a4, HartContext& context, std::uint64_t fid,
                                              std::uint64_t eid) {
    return sbi_call(*context.vcpu, hart_port, a0, a1, a2, a3, a4, fid, eid, cold_call);
}

/// Answers a guest-page fault of a load; the registers that C++ preserves are not in the context. Returns where it has
/// put the load's value, if that is one of them; else null, and nothing is left to be done. The place of x0: nothing
/// was done, as that takes all registers.
extern "C" [[gnu::hot]] std::uint64_t* load_entry(HartContext& context) {
    const auto stval = told<Csr::stval>();
    const auto at = accessed_address(stval);
    if (const auto* row = aligned_device(context, stval, at); row != nullptr) {
        const auto htinst = told<Csr::htinst>();
        if (row->form.is_load(htinst)) {
            return load(context, *row, offset_in(*row, at), htinst);
        }
    }
    return context.gpr.data();
}

/// Answers any exception but a call from VS-mode; all registers are in the context. Returns whether those that C++
/// preserves may have changed there.
extern "C" [[gnu::hot]] bool exception_entry(HartContext& context) {
    if (arch::read<Csr::scause>() == cause::store_guest_page) {
        const auto stval = told<Csr::stval>();
        const auto at = accessed_address(stval);
        if (const auto* row = aligned_device(context, stval, at); row != nullptr) {
            const auto htinst = told<Csr::htinst>();
            if (row->form.is_store(htinst)) {
                return store(context, *row, offset_in(*row, at), htinst);
            }
        }
    }
    return answer_otherwise(context);
}

}  // namespace mullion::run
