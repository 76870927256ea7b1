// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"

namespace mullion {
namespace {

constexpr bool has_memory_types(const Hart& hart) {
    return hart.features.has(Extension::svpbmt);
}

static_assert(std::ranges::none_of(description.board.harts, has_memory_types));
static_assert(description.board.harts[0].features.has(Extension::zicbom));
static_assert(description.board.harts[0].cbom_block == 64);
static_assert(std::ranges::none_of(description.guests,
                                   [](const Guest& guest) { return reads_around_caches(description.board, guest); }));

}  // namespace
}  // namespace mullion
