// SPDX-License-Identifier: Apache-2.0
#include "imsic_node.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <optional>
#include <string>
#include <string_view>

#include "core/check_board.hpp"
#include "privilege.hpp"
#include "text.hpp"

namespace mullion::partc {
namespace {

// The binding's limits.
constexpr std::uint32_t max_identity = 2047;
constexpr std::uint32_t max_hart_index_bits = 15;
constexpr std::uint32_t max_group_index_bits = 7;
constexpr std::uint32_t max_group_index_shift = 55;
constexpr std::uint32_t default_group_index_shift = 24;

class ImsicReader {
 public:
    ImsicReader(const Tree& tree, const Node& node, Diagnostics& diagnostics)
        : tree_(tree), node_(node), diagnostics_(diagnostics) {}

    ImsicNode result;

    void read(const std::vector<const Node*>& harts) {
        auto& imsic = result.imsic;
        imsic.guest_index_bits = number("riscv,guest-index-bits", max_guest_index_bits, 0);
        if (imsic.guest_index_bits == 0) {
            error("riscv,guest-index-bits", fmt::format("riscv,guest-index-bits is 1 to {}: each hart needs a guest "
                                                        "interrupt file",
                                                        max_guest_index_bits));
            return;
        }
        imsic.num_ids = identities("riscv,num-ids");
        const bool equal = node_.find("riscv,num-guest-ids") == nullptr;
        imsic.num_guest_ids = equal ? imsic.num_ids : identities("riscv,num-guest-ids");
        const auto* entries = node_.find("interrupts-extended");
        const auto harts_named = entries == nullptr ? 0 : entries->value.size() / 8;  // two cells each
        const auto all = std::bit_width(std::max<std::size_t>(harts_named, 1) - 1);
        hart_index_bits_ = number("riscv,hart-index-bits", max_hart_index_bits, static_cast<std::uint32_t>(all));
        regions();
        for (const auto* hart : harts) {
            result.indices.push_back(index_of(*hart));
        }
    }

 private:
    /// A group of harts, whose files are in one region.
    struct Group {
        std::uint32_t number = 0;
        std::uint64_t files = 0;  ///< number of harts that it has room for
    };

    void error(std::string_view property, const std::string& text) {
        diagnostics_.error(node_.where(property), fmt::format("board: {}: {}", node_.title(), text));
    }

    std::uint32_t number(std::string_view property, std::uint32_t most, std::uint32_t otherwise) {
        const auto value = node_.find(property) == nullptr ? otherwise : node_.cell(property).value_or(most + 1);
        if (value > most) {
            error(property, fmt::format("{} is at most {}", property, most));
        }
        return std::min(value, most);
    }

    /// Reads the highest identity of a kind of interrupt file, one less than a multiple of 64 (AIA 3.1).
    std::uint32_t identities(std::string_view property) {
        const auto ids = node_.cell(property);
        if (!ids) {
            error(property, fmt::format("needs {}, one number", property));
        } else if (*ids % 64 != 63 || *ids > max_identity) {
            error(property, fmt::format("{} is 63, 127 ... {}", property, max_identity));
        }
        return ids.value_or(0);
    }

    /// Reads the groups' regions from `reg`, in the order in which interrupts-extended continues through them.
    void regions() {
        auto& imsic = result.imsic;
        const auto group_bits = number("riscv,group-index-bits", max_group_index_bits, 0);
        const auto shift = number("riscv,group-index-shift", max_group_index_shift, default_group_index_shift);
        const auto ranges = node_.host_ranges().value_or(std::vector<HostRange>{});
        if (ranges.empty() || (group_bits == 0 && ranges.size() != 1)) {
            error("reg", "needs one address and size for each group of harts, on buses that translate nothing");
            return;
        }
        if (group_bits != 0) {
            imsic.hart_index_bits = hart_index_bits_;
            imsic.group_index_shift = shift;
        }
        // A file's address has the group's number in some bits and the hart's in others; in `base` both are 0.
        const auto group_of = [&](const HostRange& range) {
            return range.base.value >> shift & ((std::uint64_t{1} << group_bits) - 1);
        };
        imsic.base = ranges.front().base - (group_of(ranges.front()) << shift);
        for (const auto& range : ranges) {
            const auto number = group_of(range);
            const auto harts = page_size << imsic.guest_index_bits << hart_index_bits_;
            if (range.base - (number << shift) != imsic.base || !is_aligned(range.base.value, harts)) {
                error("reg", fmt::format("{} is not where the index bits of the node put a group of harts",
                                         hex(range.base.value)));
                continue;
            }
            groups_.push_back({static_cast<std::uint32_t>(number), range.size / (page_size << imsic.guest_index_bits)});
            imsic.size = std::max(imsic.size, range.size);
            imsic.groups = std::max(imsic.groups, groups_.back().number + 1);
        }
    }

    std::uint32_t index_of(const Node& hart) {
        auto position = position_of(tree_, node_, hart);
        if (!position) {
            error("interrupts-extended",
                  fmt::format("does not name interrupt {} of {}", supervisor_external, hart.title()));
            return 0;
        }
        if (groups_.size() < 2 && result.imsic.groups == 1) {
            return *position;
        }
        for (const auto& group : groups_) {
            if (*position < group.files && *position >> hart_index_bits_ == 0) {
                return group.number << hart_index_bits_ | *position;
            }
            *position -= static_cast<std::uint32_t>(std::min<std::uint64_t>(group.files, *position));
        }
        error("reg", fmt::format("the interrupt files of {} are outside reg", hart.title()));
        return 0;
    }

    const Tree& tree_;
    const Node& node_;
    Diagnostics& diagnostics_;
    std::uint32_t hart_index_bits_ = 0;
    std::vector<Group> groups_;
};

}  // namespace

ImsicNode read_imsic(const Tree& tree, const Node& node, const std::vector<const Node*>& harts,
                     Diagnostics& diagnostics) {
    ImsicReader reader{tree, node, diagnostics};
    reader.read(harts);
    return std::move(reader.result);
}

}  // namespace mullion::partc
