// SPDX-License-Identifier: Apache-2.0
// Orders accesses to memory, to devices and to CSRs, which RVWMO and the I/O regions leave unordered (unprivileged
// manual, "Memory Ordering Instructions"). `std::atomic` orders memory, and never a device: what a compiler emits for
// it may do so or not. A CSR that has side effects counts as a device: its read is input (i), its write output (o)
// (Zicsr, "CSR Access Ordering").
//
// Assumed of a machine: the accesses of one hart to one device arrive in program order (strongly ordered I/O regions,
// privileged manual, "Physical Memory Attributes"). docs/decisions has what else.
//
// tests/image/order.txt says which function of the hypervisor has which fence; order.py holds the linked image to it.
#pragma once

namespace mullion::arch::order {

/// Before a message to another hart, to a guest's interrupt file, or to a device that uses memory: whoever takes it
/// sees what was written to memory, writes nothing there that is still to be read, and finds done what was done to
/// devices (AIA, "Interprocessor Interrupts", last note: an MSI is a store to one more device, which may overtake
/// others).
inline void before_message() {
    asm volatile("fence iorw, o" : : : "memory");
}

/// After a claim, of a message by stopei, of a source from its controller or of records from a device's queue: what its
/// sender wrote is read after it. If it were read before, what is sent in between would be taken for what was read.
inline void after_claim() {
    asm volatile("fence i, iorw" : : : "memory");
}

/// After a lock is taken that guards device registers: the holder's accesses come after those of the one before. The
/// acquire that takes the lock orders memory.
inline void after_lock() {
    asm volatile("fence r, io" : : : "memory");
}

/// Before that lock is let go. The release orders memory.
inline void before_unlock() {
    asm volatile("fence io, w" : : : "memory");
}

/// Before firmware is asked for something that another hart, or the machine, does: nothing of the caller's comes after
/// it. Firmware fences for itself alone (SBI says nothing of memory order).
inline void before_firmware() {
    asm volatile("fence iorw, iorw" : : : "memory");
}

/// Between two steps of different kinds, of which the second must not begin before the first is seen by all: a reset
/// and what relies on it, a register that is written and the word that says what it must hold.
inline void between_steps() {
    asm volatile("fence iorw, iorw" : : : "memory");
}

}  // namespace mullion::arch::order
