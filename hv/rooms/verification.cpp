// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "arch/digest.hpp"
#include "core/layout_of.hpp"
#include "core/tables.hpp"
#include "core/text.hpp"
#include "run/console.hpp"
#include "run/interrupts.hpp"
#include "run/rooms.hpp"

namespace mullion::rooms {
namespace {

bool uses(const Guest& guest, std::uint32_t image) {
    return std::ranges::find(guest.loads, image, &Load::image) != guest.loads.end();
}

}  // namespace

bool verify_images(const run::Vm& vm) {
    const bool zknh = run::board_hart(run::this_vcpu()).features.has(Extension::zknh);
    for (std::uint32_t i = 0; i < description.images.size(); ++i) {
        const auto& image = description.images[i];
        if (uses(vm.guest, i) && arch::digest_of({image_address(description, layout, i), image.size}, zknh,
                                                 run::take_interrupts_stopped) != image.sha256) {
            run::console::print((Text{} << vm.guest.name << " cannot start: its image " << image.name
                                        << " is not the one that was built (its SHA-256 differs)")
                                    .view());
            return false;
        }
    }
    return true;
}

}  // namespace mullion::rooms
