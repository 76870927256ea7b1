// SPDX-License-Identifier: Apache-2.0
// Proves the device directories from their computed words. Shares nothing with their builder.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/description.hpp"
#include "core/layout.hpp"
#include "core/proof_verdict.hpp"

namespace mullion::proof {

/// Walks one directory of three levels as an IOMMU does (RISC-V IOMMU, "Process to locate the Device-context"), every
/// entry of it, and compares each valid context with what was granted.
template <std::size_t Words, std::size_t Harts>
class DirectoryWalk {
 public:
    using Seen = std::array<bool, Words / 512>;

    /// `leaf_bits` of an id are at a page of contexts, of `4096 >> leaf_bits` bytes each.
    constexpr DirectoryWalk(const Description& d, HostRange place, const std::array<std::uint64_t, Words>& words,
                            const std::array<std::uint64_t, Harts>& hgatp, Seen& seen, unsigned leaf_bits)
        : d_(d), place_(place), words_(words), hgatp_(hgatp), seen_(seen), leaf_bits_(leaf_bits) {}

    constexpr ProofResult walk(Hpa root) {
        if (const auto found = entries(root.value, 2, 0); !found.holds()) {
            return found;
        }
        std::size_t granted = 0;
        for (const auto& guest : d_.guests) {
            granted += guest.functions.size();
        }
        return contexts_ == granted ? ProofResult{} : ProofResult{Verdict::context_missing, contexts_, root.value};
    }

 private:
    /// Judges the page at `at` of level 2, 1 or 0, to which the upper bits `prefix` of an id lead.
    constexpr ProofResult entries(std::uint64_t at, unsigned level, std::uint64_t prefix) {
        const auto offset = at - place_.base.value;
        if (at < place_.base.value || offset % 4096 != 0 || offset / 4096 >= seen_.size()) {
            return {Verdict::table_outside, 0, at};
        }
        const auto page = offset / 4096;
        if (seen_[page]) {
            return {Verdict::directory_shared, page * 512, at};
        }
        seen_[page] = true;
        return level == 0 ? contexts(page * 512, prefix) : pointers(page * 512, level, prefix);
    }

    /// Bits 9:1 and 63:54 of an entry that leads on are reserved ("Non-leaf DDT entry").
    constexpr ProofResult pointers(std::size_t first, unsigned level, std::uint64_t prefix) {
        const std::size_t reachable = level == 2 ? std::size_t{1} << (15 - leaf_bits_) : 512;  // ids have 24 bits
        for (std::size_t i = 0; i < 512; ++i) {
            const auto entry = words_[first + i];
            if (entry == 0) {
                continue;
            }
            if ((entry & 1) == 0 || i >= reachable) {
                return {Verdict::stray_bits, first + i, entry};
            }
            if ((entry & 0xffc0'0000'0000'03fe) != 0) {
                return {Verdict::table_bits, first + i, entry};
            }
            if (const auto found = entries((entry >> 10) * 4096, level - 1, prefix << 9 | i); !found.holds()) {
                return found;
            }
        }
        return {};
    }

    constexpr ProofResult contexts(std::size_t first, std::uint64_t prefix) {
        const std::size_t size = std::size_t{512} >> leaf_bits_;
        for (std::size_t i = 0; i < 512; ++i) {
            const auto word = words_[first + i];
            const auto context = first + i / size * size;
            if ((words_[context] & 1) == 0 ? word != 0 : i % size > 1 && word != 0) {
                return {Verdict::stray_bits, first + i, word};
            }
            if (i % size == 0 && word != 0) {
                if (const auto found = judge(context, prefix << leaf_bits_ | i / size); !found.holds()) {
                    return found;
                }
            }
        }
        return {};
    }

    /// Judges a valid context: exactly one function has the id, and the context has nothing but the tree that was
    /// proved for the first hart of its guest. Bits of tc other than V ask for services that a device must not have.
    constexpr ProofResult judge(std::size_t context, std::uint64_t id) {
        std::uint64_t tree = 0;
        std::size_t owners = 0;
        for (const auto& guest : d_.guests) {
            for (const auto& function : guest.functions) {
                if (function.device_id == id) {
                    ++owners;
                    tree = hgatp_[guest.harts[0]];
                }
            }
        }
        if (owners != 1) {
            return {Verdict::device_let_through, context, id};
        }
        if (words_[context] != 1) {
            return {Verdict::context_bits, context, words_[context]};
        }
        if (tree == 0 || words_[context + 1] != tree) {
            return {Verdict::wrong_root, context + 1, words_[context + 1]};
        }
        ++contexts_;
        return {};
    }

    const Description& d_;
    const HostRange place_;
    const std::array<std::uint64_t, Words>& words_;
    const std::array<std::uint64_t, Harts>& hgatp_;
    Seen& seen_;
    const unsigned leaf_bits_;
    std::size_t contexts_ = 0;
};

/// Proves that a device's DMA reaches what its guest does, and that of others nothing: in the directory at `roots[0]`,
/// of contexts in the extended format, and in that at `roots[1]`, in the base format, a context is valid exactly for
/// each function that is granted. Without a function, both are one page without an entry. `hgatp` is that of the
/// board's harts, which prove_stage2() judges.
template <std::size_t Words, std::size_t Harts>
constexpr ProofResult prove_directory(const Description& d, const Layout& l,
                                      const std::array<std::uint64_t, Words>& words, const std::array<Hpa, 2>& roots,
                                      const std::array<std::uint64_t, Harts>& hgatp) {
    if (l.directory.size != (d.board.iommu.size == 0 ? 0 : Words * 8) || Words == 0 || Words % 512 != 0) {
        return {Verdict::layout, 0, l.directory.base.value};
    }
    typename DirectoryWalk<Words, Harts>::Seen seen{};
    for (std::size_t i = 0; i < 2; ++i) {
        const bool is_first_again = i == 1 && Words == 512 && roots[1] == roots[0];
        if (is_first_again) {
            seen = {};
        }
        DirectoryWalk<Words, Harts> walk{d, l.directory, words, hgatp, seen, i == 0 ? 6u : 7u};
        if (const auto found = walk.walk(roots[i]); !found.holds()) {
            return found;
        }
    }
    for (std::size_t page = 0; page < seen.size(); ++page) {
        if (!seen[page]) {
            return {Verdict::stray_bits, page * 512, words[page * 512]};
        }
    }
    return {};
}

}  // namespace mullion::proof
