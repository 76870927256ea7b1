// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"

namespace mullion {
namespace {

static_assert(std::ranges::none_of(description.board.harts,
                                   [](const Hart& hart) { return hart.features.has(Extension::sstc); }));
static_assert(description.board.harts[0].features.has(Extension::svpbmt));

}  // namespace
}  // namespace mullion
