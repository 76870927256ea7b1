// SPDX-License-Identifier: Apache-2.0
// Walks a page table tree from its raw bytes as the MMU does (privileged manual, "Virtual Address Translation Process")
// and compares every entry with the list of what was asked. Nothing here is shared with the builder: the fields are
// written down a second time, from the manual.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/proof_verdict.hpp"

namespace mullion::proof {

/// Who uses a page of the section: nobody yet, a root, or one set of trees.
using PageOwner = std::uint16_t;
inline constexpr PageOwner nobody = 0;
inline constexpr PageOwner root_page = 1;
inline constexpr PageOwner first_owner = 2;

/// The bytes of all tables of one stage, and who was found to use each page.
struct TableSection {
    std::span<const std::uint64_t> words;
    std::uint64_t base;           ///< host address of the first
    std::span<PageOwner> owners;  ///< one per page

    static constexpr std::size_t words_per_page = 512;

    /// Claims a root of `pages` pages at `address`. Returns whether it is aligned, within the section and used by no
    /// other root.
    constexpr bool claim_root(std::uint64_t address, std::size_t pages) {
        if (address < base || address % (pages * 4096) != 0 || (address - base) / 4096 + pages > owners.size()) {
            return false;
        }
        for (auto& owner : owners.subspan((address - base) / 4096, pages)) {
            if (owner != nobody) {
                return false;
            }
            owner = root_page;
        }
        return true;
    }

    constexpr Verdict claim_table(std::uint64_t address, PageOwner owner) {
        if (address < base || (address - base) / 4096 >= owners.size()) {
            return Verdict::table_outside;
        }
        auto& current = owners[(address - base) / 4096];
        if (current == root_page) {
            return Verdict::table_is_root;
        }
        if (current != nobody && current != owner) {
            return Verdict::table_of_other;
        }
        current = owner;
        return Verdict::holds;
    }

    constexpr const std::uint64_t* page(std::uint64_t address) const { return words.data() + (address - base) / 8; }

    /// Checks that pages which no tree leads to are zero. Requires: all trees were walked.
    constexpr ProofResult rest_is_zero() const {
        for (std::size_t page = 0; page < owners.size(); ++page) {
            for (std::size_t i = 0; owners[page] == nobody && i < words_per_page; ++i) {
                if (words[page * words_per_page + i] != 0) {
                    return {Verdict::stray_bits, 0, base + page * 4096 + i * 8};
                }
            }
        }
        return {};
    }
};

/// A range that was asked for: leaves map [at, at + size) to [to, to + size), with exactly `rights`.
struct ExpectedRange {
    std::uint64_t at = 0;
    std::uint64_t to = 0;
    std::uint64_t size = 0;
    unsigned rights = 0;  ///< R = 1, W = 2, X = 4
};

/// A leaf as the MMU reads it.
struct Leaf {
    std::uint64_t at = 0;
    std::uint64_t to = 0;
    std::uint64_t size = 0;
    unsigned rights = 0;
};

/// Compares a tree with `Expected`, which has `user` (the U bit of its leaves), `range(i)` for i < `size()` (ascending,
/// without overlaps), and `wrong_place(Leaf)`, which returns the verdict on a leaf that is not the next one asked for.
template <class Expected>
class Walk {
 public:
    constexpr Walk(TableSection& section, PageOwner owner, const Expected& expected)
        : section_(section), owner_(owner), expected_(expected) {
        next_range();
    }

    /// Walks the tree whose root table is at `root` and has `entries` entries.
    constexpr ProofResult run(std::uint64_t root, unsigned levels, std::size_t entries) {
        const auto verdict = table(section_.page(root), entries, levels - 1, 0);
        if (verdict != Verdict::holds) {
            return {verdict, 0, at_};
        }
        // Leaves come in ascending order, and each must be the next one asked for: in the end nothing may be left over.
        return range_.size == 0 ? ProofResult{} : ProofResult{Verdict::missing, 0, range_.at + done_};
    }

 private:
    constexpr Verdict table(const std::uint64_t* words, std::size_t entries, unsigned level, std::uint64_t at) {
        for (std::size_t i = 0; i < entries; ++i) {
            if (words[i] == 0) {
                continue;
            }
            at_ = at + (static_cast<std::uint64_t>(i) << (12 + 9 * level));
            if (const auto verdict = entry(words[i], level, at_); verdict != Verdict::holds) {
                return verdict;
            }
        }
        return Verdict::holds;
    }

    constexpr Verdict entry(std::uint64_t entry, unsigned level, std::uint64_t at) {
        if ((entry & 1) == 0) {
            return Verdict::stray_bits;
        }
        if ((entry & 0xe) != 0) {
            return leaf(entry, level, at);
        }
        if (level == 0) {
            return Verdict::table_too_low;
        }
        // Only V and PPN may be set: D, A, U, G, N and PBMT are reserved in such an entry.
        if ((entry & ~0x003f'ffff'ffff'fc01) != 0) {
            return Verdict::table_bits;
        }
        const auto below = (entry >> 10) << 12;
        const auto verdict = section_.claim_table(below, owner_);
        return verdict != Verdict::holds ? verdict
                                         : table(section_.page(below), TableSection::words_per_page, level - 1, at);
    }

    constexpr Verdict leaf(std::uint64_t entry, unsigned level, std::uint64_t at) {
        // First U, G, A, D, RSW and everything above the PPN, then the PPN's bits below a superpage's size. One
        // comparison for what is nearly always right keeps the compile time low.
        const auto size = std::uint64_t{1} << (12 + 9 * level);
        const auto to = (entry & 0x003f'ffff'ffff'fc00) >> 10 << 12;
        if ((entry & 0xffc0'0000'0000'03f0) != (Expected::user ? 0xd0 : 0xc0) || (to & (size - 1)) != 0) {
            return wrong_bits(entry);
        }
        const auto rights = static_cast<unsigned>(entry >> 1 & 7);
        at = Expected::user ? at : sign_extended(at);
        if (at != range_.at + done_ || to != range_.to + done_ || size > range_.size - done_) {
            return expected_.wrong_place(Leaf{at, to, size, rights});
        }
        if (rights != range_.rights) {
            return wrong_rights(rights);
        }
        done_ += size;
        if (done_ == range_.size) {
            next_range();
        }
        return Verdict::holds;
    }

    /// Returns an Sv39 virtual address with bits 63:39 equal to bit 38. (A guest physical address is zero above its
    /// mode's width.)
    static constexpr std::uint64_t sign_extended(std::uint64_t at) {
        return (at >> 38 & 1) == 0 ? at : at | ~std::uint64_t{0} << 39;
    }

    /// Takes the next range of the list; an empty one, which no leaf fits, after the last.
    constexpr void next_range() {
        range_ = next_ < expected_.size() ? expected_.range(next_) : ExpectedRange{};
        done_ = 0;
        ++next_;
    }

    constexpr Verdict wrong_bits(std::uint64_t entry) const {
        const auto field = [entry](unsigned high, unsigned low) {
            return entry >> low & ((std::uint64_t{2} << (high - low)) - 1);
        };
        if (field(4, 4) != (Expected::user ? 1 : 0)) {
            return Verdict::user;
        }
        if (field(5, 5) != 0) {
            return Verdict::global;
        }
        if (field(6, 6) == 0) {
            return Verdict::accessed;
        }
        if (field(7, 7) == 0) {
            return Verdict::dirty;
        }
        if (field(9, 8) != 0) {
            return Verdict::rsw;
        }
        if (field(60, 54) != 0) {
            return Verdict::reserved;
        }
        if (field(62, 61) != 0) {
            return Verdict::pbmt;
        }
        return field(63, 63) != 0 ? Verdict::napot : Verdict::unaligned_superpage;
    }

    constexpr Verdict wrong_rights(unsigned rights) const {
        const auto extra = rights & ~range_.rights;
        if (extra == 0) {
            return Verdict::fewer_rights;
        }
        return (extra & 4) != 0 ? Verdict::executable : Verdict::writable;
    }

    TableSection& section_;
    PageOwner owner_;
    const Expected& expected_;
    ExpectedRange range_;     ///< the range that leaves are compared with
    std::size_t next_ = 0;    ///< index of the range after it
    std::uint64_t done_ = 0;  ///< bytes of it that have leaves
    std::uint64_t at_ = 0;    ///< input address of the entry looked at last
};

}  // namespace mullion::proof
