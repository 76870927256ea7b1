// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"

namespace mullion {
namespace {

static_assert(description.services == Services::all().without(Service::pmu).without(Service::fwft));
static_assert(!description.board.harts[2].features.has(Extension::sscofpmf));
static_assert(description.board.harts[2].features.has(Extension::sstc));

}  // namespace
}  // namespace mullion
