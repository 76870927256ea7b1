// SPDX-License-Identifier: Apache-2.0
// An APLIC in MSI delivery mode and an IMSIC (AIA 3, 4.9): guests' interrupts go to their own interrupt files. To the
// supervisor-level files go messages of the hypervisor's harts and, of the wired sources, the console's.
#pragma once

#include <cstdint>
#include <optional>

#include "arch/deadline.hpp"
#include "arch/irq/domain.hpp"
#include "arch/irq/imsic.hpp"
#include "arch/irq/irq.hpp"
#include "arch/irq/tried.hpp"
#include "arch/lock.hpp"
#include "arch/memory.hpp"
#include "arch/missing.hpp"
#include "arch/order.hpp"
#include "core/wait.hpp"

namespace mullion::arch::irq {

class AiaDriver {
 public:
    static constexpr bool needs_sbi_ipi = false;

    explicit constexpr AiaDriver(const Board& board) : board_(board) {}

    std::optional<Text> initialise() const {
        const auto at = board_.aplic.base;
        if (probe_load(at) != 0 || !domain::initialise(domain::Delivery::msi)) {
            return missing("APLIC domain with MSI delivery", at);
        }
        return domain::check_sources();
    }

    std::optional<Text> check_hart(const Hart& self) const {
        if (auto wrong = check_file_count()) {
            return wrong;
        }
        if (auto wrong = check_file_address(self)) {
            return wrong;
        }
        // Only the machine level can tell the APLIC where interrupt files are (AIA 4.5.3, 4.5.4): a mistake of the
        // firmware's would lead devices' interrupts astray.
        return drain(self);
    }

    void initialise_hart(const Hart&) const {
        imsic::enable_own(board_.imsic, bit(Message::software) | bit(Message::attention) | bit(Message::source) |
                                            bit(Message::request));
        set_bits<Csr::sie>(csr::interrupt::se);
    }

    void send(const Hart& to, Message message) const {
        imsic::send(board_.imsic, to, 0, static_cast<std::uint32_t>(message));
    }

    // Another claim would tell, too, that there is no more: at the price of another change of the file.
    Messages claim_messages(std::uint64_t) const {
        Messages found = 0;
        while (const auto identity = swap<Csr::stopei>(0) >> 16) {
            found |= bit(static_cast<Message>(identity));
            if ((read<Csr::sip>() & csr::interrupt::se) == 0) {
                break;
            }
        }
        order::after_claim();
        return found;
    }

    void prepare(const Source& source, const Hart&) const { domain::prepare(source); }

    void route(std::uint32_t source, const Hart& to) const {
        domain::set_target(source, to, 0, static_cast<std::uint32_t>(Message::source));
        domain::set_enabled(source, true);
    }

    void unroute(std::uint32_t source, const Hart&) const { domain::set_enabled(source, false); }

    std::uint32_t claim(const Hart&) const { return board_.console.source; }

    // A level source that has sent is pending no more, whatever its wire: if that is still up, it is to interrupt again
    // (AIA 4.9.2).
    void release(std::uint32_t source, const Hart&) const { domain::set_pending(source); }

    void put_back(std::uint32_t source, const Hart&) const { domain::set_pending(source); }

    bool pending(std::uint32_t source) const { return domain::pending(source); }

    // Has the APLIC send the hart a message: what it has sent before, to whichever of the hart's interrupt files, is at
    // the hart's IMSIC before that is (AIA 4.5.15). The identity is the highest, which nothing else uses. One hart at a
    // time, as genmsi ignores what is written while it is busy.
    [[gnu::cold]] std::optional<Text> drain(const Hart& self) const {
        static constinit SpinLock genmsi;
        const LockGuard guard{genmsi};
        const auto highest = board_.imsic.num_ids;
        const auto send = [&] { domain::send_message(self, highest); };
        if (arrives(send, [&] { return !domain::is_sending() && imsic::take_from_own(highest); })) {
            return std::nullopt;
        }
        return (Text{} << "no message of the APLIC at ").hex(board_.aplic.base.value)
               << " reaches its interrupt file as identity " << highest;
    }

    std::uint32_t vgein() const { return guest_file; }

    void reset_guest_file() const { imsic::reset_guest(board_.imsic); }

    // Not every hart wakes in HS-mode for VSEIP alone (QEMU's does not): the guest external interrupt (hypervisor
    // chapter, hgeie) does it. Enabled only if the guest would take it, so that a pending one that it masked does not
    // keep the hart awake.
    void wait_for_guest_interrupt() const {
        const bool external = (read<Csr::hie>() & csr::interrupt::vse) != 0;
        write<Csr::hgeie>(external ? std::uint64_t{1} << guest_file : 0);
        set_bits<Csr::hie>(csr::interrupt::sge);
        wait_for_interrupt();
        clear_bits<Csr::hie>(csr::interrupt::sge);
        write<Csr::hgeie>(0);
    }

 private:
    // Touches no CSR of the IMSIC, which is there where there are files.
    [[gnu::cold]] std::optional<Text> check_file_count() const {
        const auto files = imsic::count_guest_files();
        const auto room = (1U << board_.imsic.guest_index_bits) - 1;
        if (files < 1 || files > room) {
            return Text{} << "has " << files << " guest interrupt files, the board file has room for 1 to " << room;
        }
        return std::nullopt;
    }

    /// AIA 3.6 and 5.3: the file at the address that the tables give the guest must be the one that VGEIN selects here.
    /// A wrong stride would hand the guest another file, perhaps the hypervisor's own.
    [[gnu::cold]] std::optional<Text> check_file_address(const Hart& self) const {
        const auto file = interrupt_file(board_.imsic, self.imsic_index, guest_file);
        const auto highest = board_.imsic.num_guest_ids;
        const auto hstatus = read<Csr::hstatus>();
        write<Csr::hstatus>(csr::hstatus::vgein(guest_file));
        const auto send = [&] { probe_store(file, highest); };
        const bool is_there = arrives(send, [&] { return imsic::take_from_guest(highest); });
        write<Csr::hstatus>(hstatus);
        if (!is_there) {
            return (Text{} << "its guest interrupt file is not at ").hex(file.value)
                   << ", or has no identity " << highest;
        }
        return std::nullopt;
    }

    /// Sends a message to the calling hart, waits for it, and returns whether `take()` has found it. What was pending
    /// before does not count. A store to an interrupt file may be on its way when the instruction has long ended.
    bool arrives(auto send, auto take) const {
        constexpr std::uint64_t milliseconds = 1;  // some thousand times what a message takes
        take();
        send();
        order::between_steps();
        return await_machine<Wait::msi>(take, Deadline{board_, milliseconds}, pause);
    }

    const Board& board_;
};

}  // namespace mullion::arch::irq
