// SPDX-License-Identifier: Apache-2.0
// Proves the page tables from their computed bytes: every leaf of every tree was asked for, is at its place and has
// exactly the rights asked for, and nothing that was asked for is missing. core/proof_claim.hpp turns a failure into a
// compiler's message.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "core/boot_hart.hpp"
#include "core/description.hpp"
#include "core/layout.hpp"
#include "core/proof_asked.hpp"
#include "core/proof_own.hpp"
#include "core/proof_verdict.hpp"
#include "core/proof_walk.hpp"

namespace mullion::proof {

/// What a guest's G-stage trees must map: its windows.
struct Stage2Expected {
    const Description& d;
    const Layout& l;
    std::size_t guest;

    static constexpr bool user = true;

    constexpr std::size_t size() const { return d.guests[guest].windows.size(); }
    constexpr ExpectedRange range(std::size_t i) const {
        const auto& window = d.guests[guest].windows[i];
        return {window.at.value, window.to.value, window.size, static_cast<unsigned>(window.rights)};
    }
    constexpr Verdict wrong_place(const Leaf& leaf) const {
        const HostRange page{{leaf.to}, leaf.size};
        if (page.overlaps(hypervisor_of(l))) {
            return Verdict::hypervisor_page;
        }
        if (is_foreign(d, guest, page)) {
            return Verdict::foreign_page;
        }
        for (const auto& window : d.guests[guest].windows) {
            if (window.guest().contains({leaf.at}, leaf.size)) {
                if (window.to.value + (leaf.at - window.at.value) == leaf.to) {
                    return Verdict::missing;
                }
                return window.kind == WindowKind::interrupt_file ? Verdict::interrupt_file : Verdict::misplaced;
            }
        }
        return Verdict::outside;
    }
};

/// What the hypervisor's own address space for `guest` must map.
template <class List>
struct Stage1Expected {
    const Description& d;
    const Layout& l;
    std::size_t guest;
    const List& list;

    static constexpr bool user = false;

    constexpr std::size_t size() const { return list.size(); }
    constexpr ExpectedRange range(std::size_t i) const { return list[i]; }
    constexpr Verdict wrong_place(const Leaf& leaf) const {
        const HostRange page{{leaf.to}, leaf.size};
        if ((leaf.rights & 2) != 0 && page.overlaps(constants_of(l))) {
            return Verdict::constant_page;
        }
        if (is_guard(d, l, page)) {
            return Verdict::guard_page;
        }
        if (is_foreign(d, guest, page)) {
            return Verdict::foreign_page;
        }
        for (std::size_t i = 0; i < list.size(); ++i) {
            if (HostRange{{list[i].at}, list[i].size}.contains({leaf.at}, leaf.size)) {
                return leaf.at == leaf.to ? Verdict::missing : Verdict::misplaced;
            }
        }
        return Verdict::outside;
    }
};

/// The root table that an hgatp value leads to.
struct StageRoot {
    std::uint64_t address = 0;
    unsigned levels = 0;
};

/// Returns the root that `hgatp` leads to; nothing if its mode, VMID or place is wrong. MODE 8, 9, 10 are Sv39x4,
/// Sv48x4, Sv57x4; VMID is in bits 57:44, PPN in bits 43:0.
constexpr std::optional<StageRoot> stage2_root(TableSection& section, std::uint64_t hgatp, std::size_t guest) {
    const auto mode = hgatp >> 60;
    if (mode < 8 || mode > 10 || (hgatp >> 44 & 0xffff) != guest + 1) {
        return std::nullopt;
    }
    const auto address = (hgatp & 0xfff'ffff'ffff) << 12;
    return section.claim_root(address, 4) ? std::optional<StageRoot>({address, static_cast<unsigned>(mode) - 5})
                                          : std::nullopt;
}

/// Returns the guest that board hart `hart` belongs to, or the number of guests.
constexpr std::size_t guest_of(const Description& d, std::size_t hart) {
    std::size_t guest = 0;
    for (; guest < d.guests.size(); ++guest) {
        for (const auto own : d.guests[guest].harts) {
            if (own == hart) {
                return guest;
            }
        }
    }
    return guest;
}

/// Proves every hart's G-stage tree. `words` are linked at l.stage2.base; `hgatp` has a value for each of the board's
/// harts, 0 for one without a guest.
template <std::size_t Words, std::size_t Harts>
constexpr ProofResult prove_stage2(const Description& d, const Layout& l, const std::array<std::uint64_t, Words>& words,
                                   const std::array<std::uint64_t, Harts>& hgatp) {
    std::array<PageOwner, Words / TableSection::words_per_page> owners{};
    TableSection section{words, l.stage2.base.value, owners};
    std::array<StageRoot, Harts> roots{};
    for (std::size_t hart = 0; hart < Harts; ++hart) {
        const auto guest = guest_of(d, hart);
        const auto root = stage2_root(section, hgatp[hart], guest);
        if (guest < d.guests.size() ? !root : hgatp[hart] != 0) {
            return {Verdict::wrong_root, hart, 0};
        }
        roots[hart] = root.value_or(StageRoot{});
    }
    for (std::size_t hart = 0; hart < Harts; ++hart) {
        const auto guest = guest_of(d, hart);
        if (guest == d.guests.size()) {
            continue;
        }
        const Stage2Expected expected{d, l, guest};
        Walk walk(section, static_cast<PageOwner>(first_owner + guest), expected);
        if (const auto found = walk.run(roots[hart].address, roots[hart].levels, 2048); !found.holds()) {
            return {found.verdict, hart, found.at};
        }
    }
    return section.rest_is_zero();
}

/// Returns the root's address from `satp`, nothing unless MODE is 8 (Sv39) and ASID, bits 59:44, is 0. PPN is in bits
/// 43:0.
constexpr std::optional<std::uint64_t> stage1_root(std::uint64_t satp) {
    if (satp >> 44 != 0x8'0000) {
        return std::nullopt;
    }
    return (satp & 0xfff'ffff'ffff) << 12;
}

/// Proves the hypervisor's own address spaces, whose roots it takes from the rows that boot.S gives to harts; the root
/// of an address space that no hart has is 0.
template <std::size_t Limit, std::size_t Words, std::size_t Harts>
class Stage1Proof {
 public:
    constexpr Stage1Proof(const Description& d, const Layout& l, const std::array<std::uint64_t, Words>& words)
        : d_(d), l_(l), section_{words, l.stage1.base.value, owners_} {
        ask_common(common_, d, l);
    }

    constexpr ProofResult run(const std::array<BootHart, Harts>& rows) {
        const auto trees = d_.guests.size() + 1;
        if (const auto found = prove_own(d_, l_, d_.guests.size(), common_); !found.holds()) {
            return found;
        }
        // One root for each guest, then one for harts without a guest; all are claimed before any tree is walked.
        for (std::size_t tree = 0; tree < trees; ++tree) {
            if (!section_.claim_root(root_of(tree), 1)) {
                return {Verdict::wrong_root, tree, 0};
            }
        }
        for (std::size_t hart = 0; hart < Harts; ++hart) {
            const auto id = static_cast<std::uint64_t>(d_.board.harts[hart].id);
            if (rows[hart].id != id || stage1_root(rows[hart].satp) != root_of(guest_of(d_, hart))) {
                return {Verdict::wrong_root, guest_of(d_, hart), 0};
            }
        }
        for (std::size_t tree = 0; tree < trees; ++tree) {
            if (const auto found = prove_tree(tree); !found.holds()) {
                return {found.verdict, tree, found.at};
            }
        }
        return section_.rest_is_zero();
    }

 private:
    constexpr std::uint64_t root_of(std::size_t tree) const { return l_.stage1.base.value + tree * 4096; }

    constexpr ProofResult prove_tree(std::size_t tree) {
        auto list = common_;
        if (tree < d_.guests.size()) {
            ExpectedList<Limit> own;
            ask_own(own, d_.guests[tree]);
            if (const auto found = prove_own(d_, l_, tree, own); !found.holds()) {
                return found;
            }
            ask_own(list, d_.guests[tree]);
        }
        if (const auto found = prove_apart(tree, list); !found.holds()) {
            return found;
        }
        const Stage1Expected<ExpectedList<Limit>> expected{d_, l_, tree, list};
        // The trees share tables, so all have one owner. A leaf of another guest's is noticed as a leaf.
        return Walk(section_, first_owner, expected).run(root_of(tree), 3, 512);
    }

    const Description& d_;
    const Layout& l_;
    std::array<PageOwner, Words / TableSection::words_per_page> owners_{};
    TableSection section_;
    ExpectedList<Limit> common_;
};

/// Proves every address space of the hypervisor's. `words` are linked at l.stage1.base; `rows` are those that boot.S
/// reads, one for each of the board's harts.
template <std::size_t Limit, std::size_t Words, std::size_t Harts>
constexpr ProofResult prove_stage1(const Description& d, const Layout& l, const std::array<std::uint64_t, Words>& words,
                                   const std::array<BootHart, Harts>& rows) {
    return Stage1Proof<Limit, Words, Harts>(d, l, words).run(rows);
}

}  // namespace mullion::proof
