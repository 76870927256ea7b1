// SPDX-License-Identifier: Apache-2.0
#include "guest_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "process.hpp"
#include "text.hpp"

namespace mullion::partc {

std::expected<std::string, std::string> guest_source(const Described& described, const std::string& guest) {
    const auto& guests = described.model.guests;
    const auto found = std::ranges::find(guests, guest, &GuestModel::name);
    if (found == guests.end()) {
        std::vector<std::string> names;
        std::ranges::transform(guests, std::back_inserter(names), &GuestModel::name);
        return std::unexpected{fmt::format("there is no partition '{}'; there is: {}", guest, list(names))};
    }
    const auto tree = std::ranges::find(found->loads, "tree", &LoadModel::name);
    // -q -q: dtc has no warnings about partc's own tree, and those about an overlay were reported when it was applied.
    auto outcome =
        run({"dtc", "-q", "-q", "-I", "dtb", "-O", "dts", "-"}, described.model.images.all()[tree->load.image].bytes);
    if (outcome.status != 0) {
        return std::unexpected{"dtc failed: " + outcome.err};
    }
    return std::move(outcome.out);
}

}  // namespace mullion::partc
