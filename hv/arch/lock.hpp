// SPDX-License-Identifier: Apache-2.0
// Spin locks for the hypervisor. Interrupts are off in HS-mode, so a holder is never interrupted; every critical
// section is bounded. Order where two are held: a guest's device lock, then the console's. They guard device registers
// as well as memory.
#pragma once

#include <atomic>
#include <cstdint>

#include "arch/csr.hpp"
#include "arch/order.hpp"
#include "core/tickets.hpp"
#include "core/wait.hpp"

namespace mullion::arch {

class SpinLock {
 public:
    void lock() {
        await_hart<Wait::lock>([this] { return take(); },
                               [this] { await_hart<Wait::lock>([this] { return is_free(); }, pause); });
        order::after_lock();
    }
    void unlock() {
        order::before_unlock();
        taken_.store(0, std::memory_order_release);
    }

 private:
    bool take() { return taken_.exchange(1, std::memory_order_acquire) == 0; }
    bool is_free() const { return taken_.load(std::memory_order_relaxed) == 0; }

    std::atomic<std::uint32_t> taken_ = 0;
};

/// A lock that harts of several guests take in turn: each waits for one critical section of everyone who came before
/// it, and not for those who only try.
class FairLock {
 public:
    bool try_lock() {
        const bool taken = tickets_.try_take();
        order::after_lock();
        return taken;
    }
    [[gnu::cold, gnu::noinline]] void lock() {
        const auto ticket = tickets_.take();
        await_hart<Wait::lock>([this, ticket] { return tickets_.is_served(ticket); }, pause);
        order::after_lock();
    }
    [[gnu::noinline]] void unlock() {
        order::before_unlock();
        tickets_.serve_next();
    }

 private:
    Tickets tickets_;
};

template <class Lock>
class LockGuard {
 public:
    explicit LockGuard(Lock& lock) : lock_(lock) { lock_.lock(); }
    ~LockGuard() { lock_.unlock(); }
    LockGuard(const LockGuard&) = delete;
    LockGuard& operator=(const LockGuard&) = delete;

 private:
    Lock& lock_;
};

}  // namespace mullion::arch
