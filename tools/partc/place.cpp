// SPDX-License-Identifier: Apache-2.0
#include "place.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <optional>

#include "core/layout_of.hpp"
#include "text.hpp"

namespace mullion::partc {
namespace {

bool is_shapely(const Window& w) {
    constexpr std::uint64_t reasonable = std::uint64_t{1} << 56;  // beyond any machine's RAM
    return w.size != 0 && w.size < reasonable && is_aligned(w.size | w.at.value, page_size);
}

/// Returns whether leaves of 1 GiB are possible inside the window.
bool holds_gibi(const Window& w) {
    return align_up(w.at.value, gibi) + gibi <= w.at.value + w.size;
}

/// Returns the lowest address from `at` on that is congruent to `like`, so that a leaf of `alignment` bytes fits both.
Hpa congruent(Hpa at, std::uint64_t alignment, Gpa like) {
    const auto remainder = like.value & (alignment - 1);
    return {align_up(at.value - std::min(at.value, remainder), alignment) + remainder};
}

/// Returns the parts of `ram` (in ascending order) that do not overlap `used`.
std::vector<HostRange> pieces(const std::vector<HostRange>& ram, std::vector<HostRange> used) {
    std::ranges::sort(used, {}, &HostRange::base);
    std::vector<HostRange> free;
    for (const auto& bank : ram) {
        auto at = bank.base;
        for (const auto& range : used) {
            if (range.overlaps(bank)) {
                free.push_back({at, std::max(at, range.base) - at});
                at = std::max(at, range.end());
            }
        }
        free.push_back({at, std::max(at, bank.end()) - at});
    }
    std::erase_if(free, [](const HostRange& piece) { return piece.size == 0; });
    return free;
}

std::uint64_t total(const std::vector<HostRange>& ranges) {
    std::uint64_t size = 0;
    for (const auto& range : ranges) {
        size += range.size;
    }
    return size;
}

class Placer {
 public:
    Placer(Model& model, Diagnostics& diagnostics) : model_(model), diagnostics_(diagnostics) {
        for (auto& guest : model_.guests) {
            for (auto& window : guest.windows) {
                shapely_ = shapely_ && is_shapely(window.window);
                if (window.placed) {
                    fixed_.push_back(window.window.host());
                } else if (!is_later_of_channel(window)) {
                    open_.push_back({&guest, &window});
                }
            }
        }
    }

    /// Places all windows. They begin after the tables, whose size depends on the windows; so the end of the hypervisor
    /// is computed repeatedly until it stays. It only moves up, so this ends.
    void place() {
        if (!shapely_) {
            return;
        }
        for (Hpa end = hypervisor_end(), next = end;; end = next) {
            if (!assign(end, gibi) && !assign(end, 2 * mebi)) {
                complain();
                return;
            }
            next = std::max(end, hypervisor_end());
            if (next == end) {
                break;
            }
        }
        for (auto& guest : model_.guests) {
            for (auto& window : guest.windows) {
                window.placed = true;
            }
        }
    }

 private:
    struct Open {
        GuestModel* guest = nullptr;
        WindowModel* window = nullptr;
    };

    /// Returns whether the window is a channel's of which an earlier window is open. That one has its place for all.
    bool is_later_of_channel(const WindowModel& window) const {
        return window.channel != nullptr &&
               std::ranges::any_of(open_, [&](const Open& open) { return open.window->channel == window.channel; });
    }

    /// Gives a channel its place, and all of its windows.
    void place_channel(const Node* channel, Hpa to) {
        std::ranges::find(model_.channels, channel, &ChannelModel::node)->memory.base = to;
        for (auto& guest : model_.guests) {
            for (auto& window : guest.windows) {
                if (window.channel == channel) {
                    window.window.to = to;
                }
            }
        }
    }

    Hpa hypervisor_end() const { return layout_of(DescriptionView{model_}.description()).end(); }

    /// Assigns addresses first fit, in the order of the description, for leaves of up to `largest` if possible. Returns
    /// whether all windows fit.
    bool assign(Hpa end, std::uint64_t largest) {
        const auto& board = model_.board.board;
        taken_ = fixed_;
        taken_.push_back(board.firmware);
        std::ranges::transform(model_.board.reserved, std::back_inserter(taken_), &ReservedModel::range);
        hypervisor_ = {board.load_address, end - board.load_address};
        taken_.push_back(hypervisor_);
        for (const auto& open : open_) {
            auto& window = open.window->window;
            const auto at = first_fit(window, holds_gibi(window) ? largest : 2 * mebi);
            if (!at) {
                failed_ = open;
                return false;
            }
            window.to = *at;
            if (const auto* channel = open.window->channel) {
                place_channel(channel, *at);
            }
            taken_.push_back(window.host());
        }
        return true;
    }

    std::optional<Hpa> first_fit(const Window& window, std::uint64_t alignment) const {
        for (const auto& piece : pieces(model_.board.ram, taken_)) {
            const auto at = congruent(piece.base, alignment, window.at);
            if (piece.contains(at, window.size)) {
                return at;
            }
        }
        return std::nullopt;
    }

    void complain() {
        const auto free = pieces(model_.board.ram, taken_);
        const auto largest = std::ranges::max_element(free, {}, &HostRange::size);
        const auto left = free.empty()
                              ? "nothing is free"
                              : fmt::format("{} are free, at most {} in one piece (at {})", rough_size(total(free)),
                                            rough_size(largest->size), hex(largest->base.value));
        diagnostics_.error(
            failed_.window->at,
            fmt::format("partition '{}': {}: no room for {}: {}; {}", failed_.guest->name, failed_.window->name,
                        exact_size(failed_.window->window.size), left, fmt::join(holders(), ", ")));
    }

    /// Returns who has the rest: "alpha has 64 MiB (line 8)". Mullion with its images has whole leaves of 2 MiB.
    std::vector<std::string> holders() const {
        const auto& firmware = model_.board.board.firmware;
        std::vector<std::string> holders{fmt::format("Mullion and the firmware have {}",
                                                     rough_size(align_up(hypervisor_.size, 2 * mebi) + firmware.size))};
        for (const auto& guest : model_.guests) {
            const auto size = placed_memory(guest);
            if (size != 0) {
                holders.push_back(fmt::format("{} has {} ({})", guest.name, rough_size(size),
                                              reference(guest.node->at, failed_.window->at)));
            }
        }
        return holders;
    }

    /// Returns the bytes that the guest got before placing failed.
    std::uint64_t placed_memory(const GuestModel& guest) const {
        std::uint64_t size = 0;
        for (const auto& window : guest.windows) {
            const bool is_taken = std::ranges::any_of(
                taken_, [&](const HostRange& r) { return r.base == window.window.to && r.size == window.window.size; });
            size += window.window.kind == WindowKind::memory && is_taken ? window.window.size : 0;
        }
        return size;
    }

    Model& model_;
    Diagnostics& diagnostics_;
    std::vector<Open> open_;
    std::vector<HostRange> fixed_;
    std::vector<HostRange> taken_;
    HostRange hypervisor_;
    Open failed_;
    bool shapely_ = true;
};

}  // namespace

void place_windows(Model& model, Diagnostics& diagnostics) {
    Placer{model, diagnostics}.place();
}

std::vector<HostRange> unused_ram(const Model& model, HostRange hypervisor) {
    std::vector<HostRange> used{model.board.board.firmware, hypervisor};
    std::ranges::transform(model.board.reserved, std::back_inserter(used), &ReservedModel::range);
    for (const auto& guest : model.guests) {
        for (const auto& window : guest.windows) {
            used.push_back(window.window.host());
        }
    }
    return pieces(model.board.ram, std::move(used));
}

}  // namespace mullion::partc
