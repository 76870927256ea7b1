// SPDX-License-Identifier: Apache-2.0
// Drives a RISC-V IOMMU (its specification, "Guidelines for initialization"). The directory and the commands are
// constants: no code of Mullion's writes what the IOMMU is to do.
#include <algorithm>
#include <array>
#include <cstddef>

#include "arch/csr.hpp"
#include "arch/deadline.hpp"
#include "arch/iommu/iommu.hpp"
#include "arch/lock.hpp"
#include "arch/memory.hpp"
#include "arch/missing.hpp"
#include "arch/mmio.hpp"
#include "arch/order.hpp"
#include "core/iommu_registers.hpp"
#include "core/tables.hpp"
#include "core/wait.hpp"

namespace mullion::arch::iommu {

using namespace mullion::iommu;

// By these names tests/image/order.txt finds them.

/// Tells the IOMMU by a register what it may do with a queue: what was loaded from there, or stored to it, comes first.
[[gnu::noinline]] inline void hand_over(std::uint32_t at, std::uint32_t value) {
    const auto address = description.board.iommu.base + at;
    order::before_message();
    store(address, value);
}

/// Returns the end of the records that are there to be loaded.
inline std::uint32_t fault_tail() {
    const auto tail = load<std::uint32_t>(description.board.iommu.base + fqt);
    order::after_claim();
    return tail;
}

namespace {

/// Run up to the first fence at boot. Later each run is up to the other fence, the last, and then up to the first
/// again.
constexpr unsigned log2_commands = 2;
alignas(page_size) constexpr std::array<Command, 1u << log2_commands> commands{inval_ddt, inval_gvma, fence_all,
                                                                               fence_all};
constexpr std::uint32_t behind_first_fence = 3, behind_last_fence = 0;

/// A page, which the IOMMU writes.
constexpr unsigned log2_records = 7;
constexpr std::uint32_t record_count = 1u << log2_records;
alignas(page_size) constinit volatile FaultRecord records[record_count]{};

template <class Word>
Word get(std::uint32_t at) {
    return load<Word>(description.board.iommu.base + at);
}

template <class Word>
void set(std::uint32_t at, Word value) {
    store<Word>(description.board.iommu.base + at, value);
}

Hpa address_of(const volatile void* object) {
    return {reinterpret_cast<std::uint64_t>(object)};
}

/// Waits until the register has `value` in the bits of `mask`, and returns whether it came to that.
template <class Word>
bool comes_to(std::uint32_t at, Word mask, Word value) {
    return await_machine<Wait::iommu>([=] { return (get<Word>(at) & mask) == value; }, Deadline{description.board, 100},
                                      pause);
}

/// Sets a register that holds what is written once it is not busy, and returns whether it does.
bool hold(std::uint32_t at, std::uint64_t value) {
    set(at, value);
    return comes_to<std::uint64_t>(at, ~std::uint64_t{0}, value);
}

bool has_version() {
    return major_version(get<std::uint64_t>(capabilities)) == 1;
}

/// The page number stays as it is meanwhile ("Device-directory-table pointer").
bool turn_off() {
    if (!comes_to<std::uint64_t>(ddtp, ddtp_busy, 0)) {
        return false;
    }
    set(ddtp, get<std::uint64_t>(ddtp) & ~(ddtp_mode | ddtp_busy));
    return comes_to<std::uint64_t>(ddtp, ddtp_mode | ddtp_busy, 0);
}

bool turn_queues_off() {
    for (const auto csr : {cqcsr, fqcsr, pqcsr}) {
        if (!comes_to<std::uint32_t>(csr, queue_busy, 0)) {
            return false;
        }
        set<std::uint32_t>(csr, 0);
        if (!comes_to<std::uint32_t>(csr, queue_on | queue_busy, 0)) {
            return false;
        }
    }
    return true;
}

bool take_formats() {
    constexpr auto wrong = fctl_be | fctl_gxl;
    set(fctl, get<std::uint32_t>(fctl) & ~wrong);
    return (get<std::uint32_t>(fctl) & wrong) == 0;
}

bool open_queue(std::uint32_t base, Hpa at, unsigned log2_entries, std::uint32_t own_index, std::uint32_t csr) {
    if (!hold(base, queue_base(at, log2_entries))) {
        return false;
    }
    set<std::uint32_t>(own_index, 0);
    hand_over(csr, queue_enable);
    return comes_to<std::uint32_t>(csr, queue_on | queue_busy, queue_on);
}

bool open_queues() {
    return open_queue(cqb, address_of(commands.data()), log2_commands, cqt, cqcsr) &&
           open_queue(fqb, address_of(records), log2_records, fqh, fqcsr);
}

/// Runs commands up to the one before `end`, a fence: what devices did before is done after it. By its name
/// tests/image/order.txt finds it.
[[gnu::noinline]] bool run_commands(std::uint32_t end) {
    hand_over(cqt, end);
    const bool done = comes_to<std::uint32_t>(cqh, ~std::uint32_t{0}, end);
    order::between_steps();
    return done;
}

bool forget() {
    return run_commands(behind_first_fence);
}

/// Contexts have the trees of guests' harts, in the mode that these have.
bool has_mode_of_guests() {
    if (!ddt::has_contexts(description)) {
        return true;
    }
    const auto some = *std::ranges::find_if(hgatp, [](std::uint64_t value) { return value != 0; });
    return (get<std::uint64_t>(capabilities) & has_g_stage(some >> 60)) != 0;
}

bool take_directory() {
    const bool is_extended = (get<std::uint64_t>(capabilities) & msi_flat) != 0;
    return hold(ddtp, ppn_field(address_of(device_directories[is_extended ? 0 : 1])) | ddtp_3lvl);
}

struct Step {
    std::string_view what;  ///< "cannot ..."
    bool (*done)();
};

/// In their order: nothing gets through from the second on.
constexpr std::array<Step, 8> steps{{{"do what version 1 of the specification says", has_version},
                                     {"be turned off", turn_off},
                                     {"close its queues", turn_queues_off},
                                     {"be little-endian with 64-bit guests", take_formats},
                                     {"take queues", open_queues},
                                     {"forget what it knew", forget},
                                     {"translate as the harts of guests do", has_mode_of_guests},
                                     {"take a device directory of three levels", take_directory}}};

std::optional<Text> initialise() {
    const auto at = description.board.iommu.base;
    if (probe_load(at) != 0) {
        return missing("IOMMU", at);
    }
    for (const auto& step : steps) {
        if (!step.done()) {
            return (Text{} << "the IOMMU at ").hex(at.value) << " cannot " << step.what;
        }
    }
    return std::nullopt;
}

bool complete() {
    static constinit SpinLock lock;
    const LockGuard guard{lock};
    return run_commands(get<std::uint32_t>(cqt) == behind_first_fence ? behind_last_fence : behind_first_fence);
}

Refused refused(void (*each)(std::uint32_t device)) {
    static constinit SpinLock lock;
    static constinit Refused all{};
    const LockGuard guard{lock};
    const auto tail = fault_tail();
    auto head = get<std::uint32_t>(fqh);
    for (; head != tail; head = (head + 1) % record_count) {
        all.last_device = device_of(records[head].first);
        ++all.count;
        each(all.last_device);
    }
    hand_over(fqh, head);
    const auto state = get<std::uint32_t>(fqcsr);
    if ((state & fqof) != 0) {
        ++all.overflows;
        set(fqcsr, (state & queue_interrupt) | queue_enable | fqof);
    }
    return all;
}

/// What is cleared before the look at the queue is set once more by what comes after it.
bool listen(Hpa file, std::uint32_t identity) {
    if (!has_messages(get<std::uint64_t>(capabilities))) {
        return false;
    }
    set(fctl, get<std::uint32_t>(fctl) & ~fctl_wsi);
    set<std::uint64_t>(icvec, 0);
    set<std::uint64_t>(msi_address, file.value);
    set<std::uint32_t>(msi_data, identity);
    set<std::uint32_t>(msi_control, 0);
    set(ipsr, fault_pending);
    set(fqcsr, queue_enable | queue_interrupt);
    return fault_tail() == get<std::uint32_t>(fqh);
}

bool has_interrupted() {
    if ((get<std::uint32_t>(ipsr) & fault_pending) == 0) {
        return false;
    }
    set(fqcsr, queue_enable);
    set(ipsr, fault_pending);
    return true;
}

}  // namespace

constinit const Driver driver{initialise, refused, listen, has_interrupted, complete};

}  // namespace mullion::arch::iommu
