// SPDX-License-Identifier: Apache-2.0
// Walks a page table tree from its raw bytes as the MMU does (privileged manual, "Virtual Address Translation Process")
// and holds every entry against the list of what was asked. Nothing here comes from the builder: the fields are written
// down a second time, from the manual.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/proof_verdict.hpp"

namespace mullion::proof {

/// A page of the section belongs to nobody yet, is part of a root, or belongs to the trees of one owner.
using Owner = std::uint16_t;
inline constexpr Owner nobody = 0;
inline constexpr Owner root_page = 1;
inline constexpr Owner first_owner = 2;

/// The bytes of all tables of one stage and who was found to use them.
struct Section {
    std::span<const std::uint64_t> words;
    std::uint64_t base;       ///< host address of the first
    std::span<Owner> owners;  ///< one per page

    static constexpr std::size_t words_per_page = 512;

    /// Claims a root of `pages` pages at `address`; no other root may use them.
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

    constexpr Verdict claim_table(std::uint64_t address, Owner owner) {
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

    /// After all walks: what no tree leads to is zero.
    constexpr Finding rest_is_zero() const {
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

/// One line of a list of what was asked: the leaves from `at` to `at + size` lead to `to`, with exactly `rights`.
struct Asked {
    std::uint64_t at = 0;
    std::uint64_t to = 0;
    std::uint64_t size = 0;
    unsigned rights = 0;  ///< R = 1, W = 2, X = 4
};

/// A leaf as the MMU understands it.
struct Leaf {
    std::uint64_t at = 0;
    std::uint64_t to = 0;
    std::uint64_t size = 0;
    unsigned rights = 0;
};

/// `Law` has `user` (the U bit of its leaves), the list `asked(i)`, i < `size()` (ascending, without overlaps) and
/// `wrong_place(Leaf)`, which names what is wrong with a leaf that is not the next one asked for.
template <class Law>
class Walk {
 public:
    constexpr Walk(Section& section, Owner owner, const Law& law) : section_(section), owner_(owner), law_(law) {
        next_asked();
    }

    /// Walks the tree whose root table has `entries` entries and is at `root`.
    constexpr Finding run(std::uint64_t root, unsigned levels, std::size_t entries) {
        const auto verdict = table(section_.page(root), entries, levels - 1, 0);
        if (verdict != Verdict::holds) {
            return {verdict, 0, at_};
        }
        // Leaves come in ascending order, each the next one asked for: at the end none is left over.
        return asked_.size == 0 ? Finding{} : Finding{Verdict::missing, 0, asked_.at + done_};
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
        // V and PPN alone: D, A, U and G are reserved in such an entry, N and PBMT too.
        if ((entry & ~0x003f'ffff'ffff'fc01) != 0) {
            return Verdict::table_bits;
        }
        const auto below = (entry >> 10) << 12;
        const auto verdict = section_.claim_table(below, owner_);
        return verdict != Verdict::holds ? verdict
                                         : table(section_.page(below), Section::words_per_page, level - 1, at);
    }

    constexpr Verdict leaf(std::uint64_t entry, unsigned level, std::uint64_t at) {
        // U, G, A, D, RSW and all above the PPN; then the PPN's bits below a superpage's size. One comparison each for
        // what is nearly always right keeps compile times low.
        const auto size = std::uint64_t{1} << (12 + 9 * level);
        const auto to = (entry & 0x003f'ffff'ffff'fc00) >> 10 << 12;
        if ((entry & 0xffc0'0000'0000'03f0) != (Law::user ? 0xd0 : 0xc0) || (to & (size - 1)) != 0) {
            return wrong_bits(entry);
        }
        const auto rights = static_cast<unsigned>(entry >> 1 & 7);
        at = Law::user ? at : sign_extended(at);
        if (at != asked_.at + done_ || to != asked_.to + done_ || size > asked_.size - done_) {
            return law_.wrong_place(Leaf{at, to, size, rights});
        }
        if (rights != asked_.rights) {
            return wrong_rights(rights);
        }
        done_ += size;
        if (done_ == asked_.size) {
            next_asked();
        }
        return Verdict::holds;
    }

    /// Of Sv39: bits 63:39 of a virtual address equal bit 38. A guest physical address is zero above its mode's width.
    static constexpr std::uint64_t sign_extended(std::uint64_t at) {
        return (at >> 38 & 1) == 0 ? at : at | ~std::uint64_t{0} << 39;
    }

    /// After the last line `asked_` is empty, which no leaf fits.
    constexpr void next_asked() {
        asked_ = next_ < law_.size() ? law_.asked(next_) : Asked{};
        done_ = 0;
        ++next_;
    }

    constexpr Verdict wrong_bits(std::uint64_t entry) const {
        const auto field = [entry](unsigned high, unsigned low) {
            return entry >> low & ((std::uint64_t{2} << (high - low)) - 1);
        };
        if (field(4, 4) != (Law::user ? 1 : 0)) {
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
        const auto extra = rights & ~asked_.rights;
        if (extra == 0) {
            return Verdict::fewer_rights;
        }
        return (extra & 4) != 0 ? Verdict::executable : Verdict::writable;
    }

    Section& section_;
    Owner owner_;
    const Law& law_;
    Asked asked_;             ///< the line of the list that leaves are held against
    std::size_t next_ = 0;    ///< the line after it
    std::uint64_t done_ = 0;  ///< bytes of it that have leaves
    std::uint64_t at_ = 0;    ///< input address of the entry looked at last
};

}  // namespace mullion::proof
