// SPDX-License-Identifier: Apache-2.0
#include "compare.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mullion::audit {
namespace {

/// A range of addresses that is in at most one piece and at most one leaf.
struct Stretch {
    std::uint64_t at = 0;
    std::uint64_t size = 0;
    const Piece* piece = nullptr;
    const Leaf* leaf = nullptr;

    /// Returns where the leaf leads.
    std::uint64_t to() const { return leaf->to + (at - leaf->at); }
    std::uint64_t asked() const { return *piece->to + (at - piece->at); }
};

enum class Difference : std::uint8_t { none, not_asked, not_reached, elsewhere, rights };

Difference difference_of(const Stretch& s) {
    if (s.leaf == nullptr) {
        return Difference::not_reached;
    }
    if (!s.leaf->sound) {
        return Difference::none;
    }
    if (s.piece == nullptr) {
        return Difference::not_asked;
    }
    if (s.to() != s.asked()) {
        return Difference::elsewhere;
    }
    return s.leaf->rights == s.piece->rights ? Difference::none : Difference::rights;
}

/// Returns whether `b` continues the difference of `a`, so that one mismatch is enough.
bool continues(const Stretch& a, const Stretch& b, Difference of_a) {
    if (of_a != difference_of(b) || a.at + a.size != b.at || a.piece != b.piece) {
        return false;
    }
    if (a.leaf == nullptr || b.leaf == nullptr) {
        return a.leaf == b.leaf;
    }
    return b.to() - a.to() == b.at - a.at && a.leaf->rights == b.leaf->rights;
}

Mismatch finding_of(const Stretch& s, Difference difference, std::uint64_t size) {
    std::string what;
    switch (difference) {
        case Difference::none:
            break;
        case Difference::not_asked:
            what = fmt::format("{:#x} bytes reach {:#x} ({}), which nobody asked for", size, s.to(),
                               rights_text(s.leaf->rights));
            break;
        case Difference::not_reached:
            what = fmt::format("{:#x} bytes of {} are not reached; they belong to {:#x} ({})", size, s.piece->what,
                               s.asked(), rights_text(s.piece->rights));
            break;
        case Difference::elsewhere:
            what =
                fmt::format("{:#x} bytes of {} reach {:#x} instead of {:#x}", size, s.piece->what, s.to(), s.asked());
            break;
        case Difference::rights:
            what = fmt::format("{:#x} bytes of {} are {} instead of {}", size, s.piece->what,
                               rights_text(s.leaf->rights), rights_text(s.piece->rights));
            break;
    }
    return {{}, what, s.at, s.leaf == nullptr ? std::nullopt : std::optional{s.leaf->entry}};
}

/// Cuts the addresses at every border of a piece or leaf. Leaves out stretches that are in neither.
class Cutter {
 public:
    Cutter(const std::vector<Piece>& asked, const std::vector<Leaf>& reached)
        : piece_(asked.data()),
          pieces_end_(piece_ + asked.size()),
          leaf_(reached.data()),
          leaves_end_(leaf_ + reached.size()) {}

    std::optional<Stretch> next() {
        if (piece_ == pieces_end_ && leaf_ == leaves_end_) {
            return std::nullopt;
        }
        const auto at = std::max(at_, std::min(start(piece_, pieces_end_), start(leaf_, leaves_end_)));
        const auto end = std::min(border(piece_, pieces_end_, at), border(leaf_, leaves_end_, at));
        const Stretch stretch{at, end - at, inside(piece_, pieces_end_, at), inside(leaf_, leaves_end_, at)};
        advance(piece_, pieces_end_, end);
        advance(leaf_, leaves_end_, end);
        at_ = end;
        return stretch;
    }

 private:
    // The end of the highest range wraps to 0, so last addresses (end - 1) are compared instead.
    static constexpr std::uint64_t never = ~std::uint64_t{0};

    template <class T>
    static std::uint64_t start(const T* item, const T* end) {
        return item == end ? never : item->at;
    }
    template <class T>
    static std::uint64_t end_of(const T& item) {
        return item.at + item.size == 0 ? never : item.at + item.size;
    }
    template <class T>
    static std::uint64_t border(const T* item, const T* end, std::uint64_t at) {
        if (item == end) {
            return never;
        }
        return item->at > at ? item->at : end_of(*item);
    }
    template <class T>
    static const T* inside(const T* item, const T* end, std::uint64_t at) {
        return item != end && item->at <= at ? item : nullptr;
    }
    template <class T>
    static void advance(const T*& item, const T* end, std::uint64_t at) {
        if (item != end && end_of(*item) <= at) {
            ++item;
        }
    }

    std::uint64_t at_ = 0;
    const Piece* piece_;
    const Piece* pieces_end_;
    const Leaf* leaf_;
    const Leaf* leaves_end_;
};

}  // namespace

std::vector<Mismatch> compare(const std::vector<Piece>& asked, const std::vector<Leaf>& reached) {
    std::vector<Mismatch> mismatches;
    Cutter cutter{asked, reached};
    auto stretch = cutter.next();
    while (stretch) {
        const auto first = *stretch;
        const auto difference = difference_of(first);
        auto last = first;
        for (stretch = cutter.next(); stretch && continues(last, *stretch, difference); stretch = cutter.next()) {
            last = *stretch;
        }
        if (difference != Difference::none) {
            mismatches.push_back(finding_of(first, difference, last.at + last.size - first.at));
        }
    }
    return mismatches;
}

std::string rights_text(std::uint8_t rights) {
    return {(rights & readable) != 0 ? 'r' : '-', (rights & writable) != 0 ? 'w' : '-',
            (rights & executable) != 0 ? 'x' : '-'};
}

}  // namespace mullion::audit
