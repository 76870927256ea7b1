// SPDX-License-Identifier: Apache-2.0
// Holds all loops that wait. Interrupts are off in HS-mode, so a hart that waits for something that only an interrupt
// of its own brings must take that interrupt itself. Each wait uses one of the four functions below, which differ in
// who provides what is waited for. docs/architecture.md, "Waits", lists all of them; tests/source/waits.py compares.
#pragma once

#include <cstdint>

namespace mullion {

enum class Wait : std::uint8_t {
    // What another hart provides, which is in HS-mode or comes there at once.
    lock,     ///< a holder leaves
    events,   ///< the same, of a guest's software events
    enables,  ///< a register holds what its word says
    fence,    ///< a sibling has fenced
    stop,     ///< a sibling has STOPPED
    end,      ///< who ends the guest has stopped this hart too, or given the end back
    suspend,  ///< who looked whether the guest is to end has found that it is not
    // What the machine provides, or does not.
    entropy,   ///< the hart has gathered random bits
    settled,   ///< a hart that is stopping has stopped
    msi,       ///< a message is in the interrupt file that it was sent to
    iommu,     ///< the IOMMU has done what a register or a command tells it
    arrival,   ///< the harts that firmware was asked to start
    quiet,     ///< the console's UART is not busy
    function,  ///< a PCI function has ended its reset, or is to be left alone for a while
    reset,     ///< a granted device ends its reset
    report,    ///< room for a line that must not be lost
    flush,     ///< the console is empty: the machine ends
    dying,     ///< room for a byte of a panic
    // What interrupts bring.
    release,   ///< the boot hart has seen all harts
    parked,    ///< a start, or an order
    wake,      ///< an interrupt that the suspended hart's guest has enabled, or a message
    wake_all,  ///< the same, of the guest's only STARTED hart
    // What never comes.
    nothing,  ///< the hart, or the machine, is at its end
};

enum class Provider : std::uint8_t { hart, machine, interrupt, nobody };

constexpr Provider provider_of(Wait what) {
    return what < Wait::entropy   ? Provider::hart
           : what < Wait::release ? Provider::machine
           : what < Wait::nothing ? Provider::interrupt
                                  : Provider::nobody;
}

/// Waits for another hart until `done()`, and calls `meanwhile()` in between: a pause, or, if the other hart may be
/// waiting for the caller at the same time, what that is waiting for. Requires: the other hart does not need an
/// interrupt of the caller's to go on.
template <Wait what>
requires(provider_of(what) == Provider::hart) inline void await_hart(auto done, auto meanwhile) {
    while (!done()) {
        meanwhile();
    }
}

/// Waits for the machine until `done()` or `late()`, and returns whether it was done. `meanwhile()` takes the caller's
/// interrupts if a guest's orders, alarms and keys must go on.
template <Wait what>
requires(provider_of(what) == Provider::machine) inline bool await_machine(auto done, auto late, auto meanwhile) {
    while (!done()) {
        if (late()) {
            return false;
        }
        meanwhile();
    }
    return true;
}

/// Waits for an interrupt until `done()`, without a bound. `sleep()` executes WFI and then takes everything that is
/// pending.
template <Wait what>
requires(provider_of(what) == Provider::interrupt) inline void await_interrupt(auto done, auto sleep) {
    while (!done()) {
        sleep();
    }
}

template <Wait what>
requires(provider_of(what) == Provider::nobody) [[noreturn]] inline void await_nothing(auto sleep) {
    for (;;) {
        sleep();
    }
}

}  // namespace mullion
