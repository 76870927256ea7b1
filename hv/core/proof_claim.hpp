// SPDX-License-Identifier: Apache-2.0
// Turns proofs into static_asserts, with a message for each verdict. The result is a template argument, so that the
// compiler prints the hart and the address, too.
#pragma once

#include "core/proof_verdict.hpp"

namespace mullion::proof {

/// Asserts about bits that every leaf must have or lack. Returns true, as do the next ones.
template <ProofResult found>
constexpr bool claim_bits() {
    using enum Verdict;
    static_assert(found.verdict != user, "proof: a leaf's U bit is wrong");
    static_assert(found.verdict != global, "proof: a leaf's G bit is set");
    static_assert(found.verdict != accessed, "proof: a leaf's A bit is clear");
    static_assert(found.verdict != dirty, "proof: a leaf's D bit is clear");
    static_assert(found.verdict != rsw, "proof: a leaf's RSW bits are not zero");
    static_assert(found.verdict != reserved, "proof: a leaf's reserved bits are not zero");
    static_assert(found.verdict != pbmt, "proof: a leaf's PBMT field is not zero");
    static_assert(found.verdict != napot, "proof: a leaf's N bit is set");
    static_assert(found.verdict != unaligned_superpage, "proof: a superpage is not aligned to its size");
    return true;
}

/// Asserts about roots, entries that lead to tables, and tables that no tree leads to.
template <ProofResult found>
constexpr bool claim_tables() {
    using enum Verdict;
    static_assert(found.verdict != wrong_root, "proof: a hart's hgatp or satp does not lead to a root of its own");
    static_assert(found.verdict != stray_bits, "proof: an unused entry is not zero");
    static_assert(found.verdict != table_bits, "proof: an entry that leads to a table has bits besides V and PPN");
    static_assert(found.verdict != table_too_low, "proof: an entry leads to a table where only a leaf can be");
    static_assert(found.verdict != table_outside, "proof: an entry leads to a table outside the section");
    static_assert(found.verdict != table_is_root, "proof: an entry leads to a root");
    static_assert(found.verdict != table_of_other, "proof: an entry leads to another guest's table");
    return true;
}

/// Asserts about where leaves are, where they lead, and with which rights.
template <ProofResult found>
constexpr bool claim_leaves() {
    using enum Verdict;
    static_assert(found.verdict != outside, "proof: a leaf is outside everything asked for");
    static_assert(found.verdict != missing, "proof: a page that was asked for is missing");
    static_assert(found.verdict != misplaced, "proof: a leaf leads to another page than the one asked for");
    static_assert(found.verdict != interrupt_file, "proof: a leaf leads to another page than its interrupt file");
    static_assert(found.verdict != hypervisor_page, "proof: a guest's leaf leads to a page of the hypervisor");
    static_assert(found.verdict != constant_page, "proof: a writable leaf leads to text, tables or constants");
    static_assert(found.verdict != guard_page, "proof: a leaf leads to a stack's guard page");
    static_assert(found.verdict != foreign_page, "proof: a leaf leads to another guest's page");
    static_assert(found.verdict != executable, "proof: a leaf is executable that was asked for without X");
    static_assert(found.verdict != writable, "proof: a leaf is writable that was asked for without W");
    static_assert(found.verdict != fewer_rights, "proof: a leaf has fewer rights than were asked for");
    return true;
}

/// Asserts about the lists of what is asked.
template <ProofResult found>
constexpr bool claim_asked() {
    using enum Verdict;
    static_assert(found.verdict != disordered, "proof: windows are not whole pages in ascending order");
    static_assert(found.verdict != asked_wraps, "proof: a range passes the end of the address space");
    static_assert(found.verdict != asked_hart, "proof: a hart is two guests', or none of the board's");
    static_assert(found.verdict != asked_shared, "proof: two guests ask for one page");
    static_assert(found.verdict != asked_channel, "proof: a channel's pages are asked for, and not the whole channel");
    static_assert(found.verdict != asked_reserved, "proof: a page that is not a guest's to have is asked for");
    static_assert(found.verdict != asked_rights, "proof: rights are asked for that must never be given");
    static_assert(found.verdict != asked_file, "proof: an interrupt file is asked for that is no own hart's");
    static_assert(found.verdict != layout, "proof: the hypervisor's parts are not in order, in RAM, or large enough");
    return true;
}

/// Asserts about the device directories; about entries that are no contexts claim_tables() does.
template <ProofResult found>
constexpr bool claim_directory() {
    static_assert(found.verdict != Verdict::device_let_through, "proof: the device directory lets a device through");
    static_assert(found.verdict != Verdict::context_bits, "proof: a device context has bits that must be zero");
    static_assert(found.verdict != Verdict::directory_shared, "proof: two entries lead to one page of a directory");
    static_assert(found.verdict != Verdict::context_missing, "proof: a granted function has no device context");
    return true;
}

/// Asserts that a proof holds: static_assert(claim<prove_...(...)>()) compiles only then.
template <ProofResult found>
constexpr bool claim() {
    return claim_asked<found>() && claim_tables<found>() && claim_bits<found>() && claim_leaves<found>() &&
           claim_directory<found>() && found.holds();
}

}  // namespace mullion::proof
