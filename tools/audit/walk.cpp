// SPDX-License-Identifier: Apache-2.0
#include "walk.hpp"

#include <string>

namespace mullion::audit {
namespace {

// Bits of an entry (privileged manual, "Sv39"); the format is the same in every mode.
constexpr std::uint64_t bit(unsigned n) {
    return std::uint64_t{1} << n;
}
constexpr std::uint64_t V = bit(0), R = bit(1), W = bit(2), X = bit(3), U = bit(4), G = bit(5), A = bit(6), D = bit(7);
constexpr std::uint64_t RSW = bit(8) | bit(9);
constexpr std::uint64_t reserved = bit(61) - bit(54);
constexpr std::uint64_t PBMT = bit(61) | bit(62);
constexpr std::uint64_t N = bit(63);

static_assert(R == readable && W == writable && X == executable);

constexpr std::uint64_t address_in(std::uint64_t entry) {
    return (entry >> 10 & (bit(44) - 1)) << 12;
}

/// Returns the bytes that an entry covers; entries of level 0 are pages.
constexpr std::uint64_t span_of(unsigned level) {
    return page_size << (9 * level);
}

/// Returns why a valid pointer to the next table is not valid on every hart; empty if it is.
std::string flaw_of_pointer(std::uint64_t entry, unsigned level, Stage stage) {
    if ((entry & (D | A | U)) != 0) {
        return "a pointer to a table has D, A or U set, which is reserved; clear them";
    }
    if (stage == Stage::hypervisor && (entry & G) != 0) {
        return "a pointer to a table has G set, so that all below is global; clear it";
    }
    return level == 0 ? "a pointer to a table on the lowest level, where only pages can be" : "";
}

/// Returns why a valid leaf does not translate in the same way on every hart; empty if it does.
std::string flaw_of_leaf(std::uint64_t entry, unsigned level, Stage stage) {
    if ((entry & W) != 0 && (entry & R) == 0) {
        return "W without R is reserved";
    }
    if (address_in(entry) % span_of(level) != 0) {
        return "a superpage that is not aligned to its size";
    }
    // Without Svadu an access faults; with Svadu it writes to the table.
    if ((entry & A) == 0 || (entry & D) == 0) {
        return "A or D is clear, so that an access faults or writes to the table; set both";
    }
    if (stage == Stage::guest) {
        return (entry & U) == 0 ? "U is clear, so that every access of the guest faults; set it" : "";
    }
    if ((entry & U) != 0) {
        return "U is set, so that the hypervisor's own access faults; clear it";
    }
    return (entry & G) != 0 ? "G is set, so that the mapping counts in every address space; clear it" : "";
}

bool is_leaf(std::uint64_t entry) {
    return (entry & (R | W | X)) != 0;
}

std::string flaw_of(std::uint64_t entry, unsigned level, Stage stage) {
    if ((entry & reserved) != 0) {
        return "reserved bits 60 to 54 are not 0";
    }
    if ((entry & PBMT) != 0) {
        return "PBMT is not 0: a hart without Svpbmt faults, one with it changes the memory type";
    }
    if ((entry & N) != 0) {
        return "N is set: a hart without Svnapot faults, one with it maps 64 KiB or faults";
    }
    return is_leaf(entry) ? flaw_of_leaf(entry, level, stage) : flaw_of_pointer(entry, level, stage);
}

/// Returns the bits that hardware ignores in a valid entry. For G see hypervisor chapter, "Guest Physical Address
/// Translation".
std::uint64_t ignored_bits(Stage stage) {
    return stage == Stage::guest ? RSW | G : RSW;
}

class Walker {
 public:
    Walker(const Image& image, const Root& root) : image_(image), root_(root) {}

    Walk result;

    void table(std::uint64_t address, unsigned level, std::uint64_t at) {
        const bool is_wide_root = root_.stage == Stage::guest && level + 1 == root_.levels;
        const std::uint64_t entries = is_wide_root ? 2048 : 512;
        for (std::uint64_t i = 0; i < entries; ++i) {
            const TableEntry entry{address + i * sizeof(std::uint64_t),
                                   *image_.word(address + i * sizeof(std::uint64_t))};
            this->entry(entry, level, canonical(at + i * span_of(level)));
        }
    }

    /// Returns whether a table is constant. Others could be written at run time, or do not exist.
    bool is_table(std::uint64_t address, std::uint64_t size) const {
        const auto* segment = image_.segment_of({address, size});
        return segment != nullptr && segment->rights == readable;
    }

 private:
    void entry(const TableEntry& entry, unsigned level, std::uint64_t at) {
        const auto value = entry.value;
        if ((value & V) == 0) {
            if (value != 0) {
                ignored(entry, at, "an entry that is not valid is not 0 either");
            }
            return;
        }
        if ((value & ignored_bits(root_.stage)) != 0) {
            ignored(entry, at, root_.stage == Stage::guest ? "RSW or G is set" : "RSW is set");
        }
        if (const auto flaw = flaw_of(value, level, root_.stage); !flaw.empty()) {
            unsound(entry, level, at, flaw);
        } else if (is_leaf(value)) {
            const auto rights = static_cast<std::uint8_t>(value & (R | W | X));
            result.leaves.push_back({at, address_in(value), span_of(level), rights, true, entry});
        } else if (!is_table(address_in(value), page_size)) {
            unsound(entry, level, at, "leads to a table that is not in the image's read-only data");
        } else {
            table(address_in(value), level - 1, at);
        }
    }

    void ignored(const TableEntry& entry, std::uint64_t at, const std::string& what) {
        result.mismatches.push_back({{}, what + ": hardware ignores it, but nobody asked for it", at, entry, true});
    }

    void unsound(const TableEntry& entry, unsigned level, std::uint64_t at, const std::string& flaw) {
        result.mismatches.push_back({{}, flaw, at, entry, false});
        result.leaves.push_back({at, 0, span_of(level), 0, false, entry});
    }

    /// Returns the whole address: a virtual one is sign-extended, a guest physical one zero-extended.
    std::uint64_t canonical(std::uint64_t at) const {
        const auto sign = bit(12 + 9 * root_.levels - 1);
        return root_.stage == Stage::hypervisor && (at & sign) != 0 ? at | ~(sign - 1) : at;
    }

    const Image& image_;
    Root root_;
};

}  // namespace

Walk walk(const Image& image, const Root& root) {
    const auto size = root.stage == Stage::guest ? 4 * page_size : page_size;
    Walker walker{image, root};
    if (root.table % size != 0 || !walker.is_table(root.table, size)) {
        walker.result.mismatches.push_back(
            {{}, "the root table is not in the image's read-only data, aligned", {}, {}});
    } else {
        walker.table(root.table, root.levels - 1, 0);
    }
    return std::move(walker.result);
}

}  // namespace mullion::audit
