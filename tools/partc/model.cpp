// SPDX-License-Identifier: Apache-2.0
#include "model.hpp"

#include <gcrypt.h>

#include <algorithm>
#include <iterator>

namespace mullion::partc {

void GuestModel::sort_windows() {
    std::ranges::stable_sort(windows, {}, [](const WindowModel& w) { return w.window.at; });
}

std::vector<const Node*> GuestModel::granted() const {
    auto nodes = devices;
    std::ranges::transform(functions, std::back_inserter(nodes), &FunctionModel::node);
    return nodes;
}

namespace {

Digest sha256_of_bytes(const std::string& bytes) {
    Digest digest;
    gcry_md_hash_buffer(GCRY_MD_SHA256, digest.data(), bytes.data(), bytes.size());
    return digest;
}

/// Returns the guest's policy with an index for start.after. A guest with a mistake is not in the model; one that
/// starts after it is then judged as if it started at boot.
Policy policy_of(const Model& model, const GuestModel& guest) {
    auto policy = guest.policy;
    const auto after = std::ranges::find(model.guests, guest.start_after, &GuestModel::node);
    if (guest.start_after != nullptr && after != model.guests.end()) {
        policy.start.after = static_cast<std::uint32_t>(after - model.guests.begin());
    }
    return policy;
}

}  // namespace

std::uint32_t Images::add(std::string name, std::string path, std::string bytes) {
    const auto it = std::ranges::find(images_, bytes, &ImageModel::bytes);
    const auto index = static_cast<std::uint32_t>(it - images_.begin());
    if (it == images_.end()) {
        const auto digest = sha256_of_bytes(bytes);
        images_.push_back({std::move(name), std::move(path), std::move(bytes), digest});
    }
    return index;
}

Board BoardModel::constant() const {
    auto constant = board;
    constant.harts = harts;
    constant.ram = ram;
    constant.kept = kept;
    constant.pci.windows = pci_windows;
    return constant;
}

DescriptionView::DescriptionView(const Model& model) {
    for (const auto& guest : model.guests) {
        auto& lists = lists_.emplace_back();
        std::ranges::transform(guest.windows, std::back_inserter(lists.windows), &WindowModel::window);
        std::ranges::transform(guest.loads, std::back_inserter(lists.loads), &LoadModel::load);
        std::ranges::transform(guest.sources, std::back_inserter(lists.sources), &SourceModel::source);
        std::ranges::transform(guest.functions, std::back_inserter(lists.functions), &FunctionModel::function);
    }
    for (std::size_t i = 0; i < model.guests.size(); ++i) {
        const auto& guest = model.guests[i];
        guests_.push_back({.name = guest.name,
                           .harts = guest.harts,
                           .windows = lists_[i].windows,
                           .loads = lists_[i].loads,
                           .sources = lists_[i].sources,
                           .resets = guest.resets,
                           .functions = lists_[i].functions,
                           .devices = guest.emulated,
                           .entry = guest.entry,
                           .tree = guest.tree,
                           .seed = guest.seed,
                           .unprotected_dma = !guest.bus_masters.empty(),
                           .noncoherent_dma = !guest.noncoherent.empty(),
                           .verified = guest.verified,
                           .policy = policy_of(model, guest)});
    }
    for (const auto& image : model.images.all()) {
        images_.push_back({image.name, image.bytes.size(), image.sha256});
    }
    description_ = {model.name, model.board.constant(), guests_, images_, model.color, model.services, model.hint};
    std::ranges::transform(model.board.reserved, std::back_inserter(reserved_), &ReservedModel::range);
    description_.board.reserved = reserved_;
    for (const auto& channel : model.channels) {
        channels_.push_back({channel.node->name, channel.memory});
    }
    description_.channels = channels_;
}

}  // namespace mullion::partc
