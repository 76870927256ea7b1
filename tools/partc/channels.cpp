// SPDX-License-Identifier: Apache-2.0
#include "channels.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <string_view>
#include <utility>
#include <vector>

#include "core/check.hpp"
#include "text.hpp"
#include "vocabulary.hpp"

namespace mullion::partc {
namespace {

/// Where channels are that do not say where: at 1 TiB, which every guest's harts reach (Sv39x4), and where no board has
/// memory or devices that a guest is granted.
constexpr Gpa first_channel{std::uint64_t{1} << 40};

/// The longest channel: it fits below the end of Sv39x4.
constexpr std::uint64_t longest = std::uint64_t{1} << 39;

/// Reads one channel.
class ChannelReader {
 public:
    ChannelReader(const Tree& tree, const Node& node, Model& model, Diagnostics& diagnostics)
        : tree_(tree), node_(node), model_(model), diagnostics_(diagnostics) {}

    ChannelModel channel;

    /// Reads everything. `free` is where the channel is unless it says.
    void read(Gpa free) {
        channel.node = &node_;
        check_properties(node_, fmt::format("channel '{}': ", node_.name), words::channel, diagnostics_);
        for (const auto& child : node_.children) {
            error(child->at, fmt::format("unknown node '{}'", child->name));
        }
        if (!is_guest_name(node_.name)) {
            error(node_.at, "a name is 1 to 12 of a-z, 0-9 and '-', and begins with a letter");
        }
        size();
        place(free);
        members("read-write", Rights::rw);
        members("read-only", Rights::r);
        if (node_.find("read-write") == nullptr) {
            error(node_.at, "nobody may write to it: name a partition in 'read-write'");
        } else if (members_.size() < 2 && is_complete_) {
            error(node_.where("read-write"),
                  "is one partition's alone: name two or more in 'read-write' and 'read-only'");
        }
    }

    /// Gives its guests their windows. Returns false if one of them is not in the model.
    bool add() {
        std::vector<GuestModel*> guests;
        for (const auto& member : members_) {
            const auto guest = std::ranges::find(model_.guests, member.partition, &GuestModel::node);
            if (guest == model_.guests.end()) {
                return false;
            }
            guests.push_back(&*guest);
        }
        for (std::size_t i = 0; i < guests.size(); ++i) {
            const Window window{channel.at, {}, channel.memory.size, members_[i].rights, WindowKind::channel};
            const auto at = node_.where("guest-address");
            guests[i]->windows.push_back({window, "channel " + node_.name, at, node_.where("size"), false, &node_});
            guests[i]->sort_windows();
        }
        return true;
    }

 private:
    struct Member {
        const Node* partition = nullptr;
        Rights rights = Rights::r;
    };

    void error(const Position& at, const std::string& text) {
        diagnostics_.error(at, fmt::format("channel '{}': {}", node_.name, text));
    }

    void size() {
        const auto* property = node_.find("size");
        const auto bytes = property == nullptr ? std::nullopt : property->number();
        if (!bytes || *bytes < page_size || *bytes > longest || !std::has_single_bit(*bytes)) {
            error(node_.where("size"),
                  fmt::format("needs a size: a power of two from {} to {}, as size = <0x0 0x10000>",
                              exact_size(page_size), exact_size(longest)));
            return;
        }
        channel.memory.size = *bytes;
    }

    void place(Gpa free) {
        if (channel.memory.size == 0) {
            return;
        }
        channel.at = {align_up(free.value, channel.memory.size)};
        if (const auto* property = node_.find("guest-address")) {
            const auto given = property->number();
            if (!given || !is_aligned(*given, channel.memory.size)) {
                error(property->at, fmt::format("guest-address is one address, a multiple of the size {}",
                                                exact_size(channel.memory.size)));
            }
            channel.at = {given.value_or(0)};
        }
    }

    void members(std::string_view name, Rights rights) {
        const auto* property = node_.find(name);
        const auto cells = property == nullptr ? std::nullopt : property->cells();
        if (property != nullptr && (!cells || cells->empty())) {
            error(property->at,
                  fmt::format("{0} is a list of references to partitions, as {0} = <&alpha &beta>", name));
            is_complete_ = false;
        }
        for (const auto cell : cells.value_or(std::vector<std::uint32_t>{})) {
            const auto* partition = tree_.by_phandle(cell);
            if (partition == nullptr || partition->parent != node_.parent || is_channel(*partition)) {
                error(property->at, fmt::format("{}: {} is no partition", name,
                                                partition == nullptr ? fmt::format("{}", cell) : partition->title()));
                is_complete_ = false;
            } else if (std::ranges::find(members_, partition, &Member::partition) != members_.end()) {
                error(property->at, fmt::format("{}: {} is named twice", name, partition->name));
            } else {
                members_.push_back({partition, rights});
            }
        }
    }

    const Tree& tree_;
    const Node& node_;
    Model& model_;
    Diagnostics& diagnostics_;
    std::vector<Member> members_;
    bool is_complete_ = true;  ///< each reference is a partition's
};

}  // namespace

bool is_channel(const Node& node) {
    return node.is_compatible("mullion,channel");
}

void read_channels(const Tree& tree, const Node& partitions, Model& model, Diagnostics& diagnostics) {
    auto free = first_channel;
    for (const auto& node : partitions.children) {
        if (!is_channel(*node)) {
            continue;
        }
        const auto before = diagnostics.errors();
        ChannelReader reader{tree, *node, model, diagnostics};
        reader.read(free);
        free = node->find("guest-address") == nullptr ? reader.channel.at + reader.channel.memory.size : free;
        if (diagnostics.errors() == before && reader.add()) {
            model.channels.push_back(reader.channel);
        }
    }
}

bool is_about_channel(Rule rule) {
    return rule == Rule::channel_size_invalid || rule == Rule::channel_name_taken || rule == Rule::channel_alone ||
           rule == Rule::channel_unwritten || rule == Rule::channels_meet;
}

BoardVerdict channel_verdict(const Model& model, const Finding& finding) {
    const auto& channel = model.channels[finding.item];
    switch (finding.rule) {
        case Rule::channel_size_invalid:
            return {channel.node->where("size"), fmt::format("{} is no power of two", exact_size(channel.memory.size))};
        case Rule::channel_name_taken:
            return {channel.node->at, "a partition or another channel has this name; choose another"};
        case Rule::channel_unwritten:
            return {channel.node->at, "no partition may write to it"};
        case Rule::channel_alone:
            return {channel.node->at, "fewer than two partitions have all of it"};
        default:
            return {channel.node->at,
                    fmt::format("has memory of channel '{}'", model.channels[finding.other].node->name)};
    }
}

}  // namespace mullion::partc
