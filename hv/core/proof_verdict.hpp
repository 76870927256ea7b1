// SPDX-License-Identifier: Apache-2.0
// Names what the proofs of the page tables can find wrong.
#pragma once

#include <cstddef>
#include <cstdint>

namespace mullion::proof {

enum class Verdict : std::uint8_t {
    holds,
    // the lists of what is asked
    disordered,      ///< not whole pages, not ascending, or overlapping
    asked_wraps,     ///< a range, a guest's or the board's, passes the last address
    asked_hart,      ///< a hart is two guests', or none of the board's
    asked_shared,    ///< two guests ask for one host page that is no channel's
    asked_channel,   ///< a window of a channel is not all of it, or another one has pages of it
    asked_reserved,  ///< a page of the hypervisor or of the firmware is asked for
    asked_rights,    ///< an executable device or channel
    asked_file,      ///< not the first guest interrupt file of the guest's next hart
    layout,          ///< parts of the hypervisor are not in order, not in RAM, or not of the tables' size
    // the address translation registers
    wrong_root,  ///< not the hart, the mode, the VMID or ASID, or the aligned root of its own in the section
    // entries that are not leaves
    stray_bits,      ///< an invalid entry, or a table that no tree leads to, is not all zero
    table_bits,      ///< bits besides V and PPN
    table_too_low,   ///< where only a leaf can be
    table_outside,   ///< leads out of the section
    table_is_root,   ///< leads to a root
    table_of_other,  ///< leads to another guest's table
    // the device directories, whose `tree` is the number of a word, and `at` its value
    device_let_through,  ///< a context is valid for an id (`at`) that no function has, or more than one
    context_bits,        ///< a valid context asks for more than the tree of a guest
    directory_shared,    ///< a page (`at`) to which two entries lead
    context_missing,     ///< contexts for fewer functions (`tree`) than are granted
    // bits of leaves
    user,      ///< U: clear at the G-stage, set at the hypervisor's own
    global,    ///< G set
    accessed,  ///< A clear
    dirty,     ///< D clear
    rsw,       ///< a bit for software set
    reserved,  ///< a reserved bit set
    pbmt,      ///< PBMT set
    napot,     ///< N set
    unaligned_superpage,
    // where leaves are and what they lead to
    outside,          ///< nothing was asked there
    missing,          ///< something was asked there, and there is no leaf
    misplaced,        ///< the host page is not the one asked for
    interrupt_file,   ///< the page is not the interrupt file asked for
    hypervisor_page,  ///< leads to a page of the hypervisor (G-stage)
    constant_page,    ///< a writable leaf leads to text, tables or constants (hypervisor's own)
    guard_page,       ///< leads to a guard page of a stack (hypervisor's own)
    foreign_page,     ///< leads to what another guest asked for
    // rights of leaves
    executable,  ///< X where the list has none
    writable,    ///< W where the list has none
    fewer_rights,
};

/// The first failure, or `holds`; the compiler prints it as a template argument.
struct ProofResult {
    Verdict verdict = Verdict::holds;
    std::size_t tree = 0;  ///< board hart (stage 2), guest or number of guests (stage 1), entry (directory)
    std::uint64_t at = 0;  ///< input address

    constexpr bool holds() const { return verdict == Verdict::holds; }
    constexpr bool operator==(const ProofResult&) const = default;
};

}  // namespace mullion::proof
