// SPDX-License-Identifier: Apache-2.0
#include "run/seeds.hpp"

#include <algorithm>
#include <optional>

#include "arch/boot.hpp"
#include "arch/entropy.hpp"
#include "arch/memory.hpp"
#include "core/firmware_tree.hpp"
#include "core/tables.hpp"
#include "vm/guest_memory.hpp"

namespace mullion::run {

[[gnu::cold]] bool gather_seeds() {
    // Where it is not declared it is not tried: some firmware talks of accesses to CSRs that are not there.
    const bool zkr = description.board.harts[arch::this_hart().index].features.has(Extension::zkr);
    SeedPool root;
    for (const auto& noise : {arch::take_firmware_seed(), zkr ? arch::hart_entropy() : std::nullopt}) {
        if (noise) {
            root.add(*noise);
        }
    }
    if (root.empty()) {
        return false;
    }
    for (auto& vm : vms) {
        vm.seeds = SeedPool{root.draw()};
    }
    return true;
}

[[gnu::cold]] void plant_seed(Vm& vm) {
    const auto& place = vm.guest.seed;
    const auto at = find(vm.guest, place.at, SeedPlace::size, Rights::r);
    if (vm.seeds.empty() || !place.exists() || !at) {
        return;
    }
    using firmware_tree::cell_bytes;
    const auto property = arch::host_memory({*at, SeedPlace::size});
    const auto seed = vm.seeds.draw();
    firmware_tree::set_cell(property, 0, static_cast<std::uint32_t>(firmware_tree::Token::property));
    firmware_tree::set_cell(property, cell_bytes, sizeof seed);
    firmware_tree::set_cell(property, 2 * cell_bytes, place.name);
    std::ranges::copy(seed, property.begin() + 3 * cell_bytes);
}

}  // namespace mullion::run
