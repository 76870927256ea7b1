// SPDX-License-Identifier: Apache-2.0
// The description, and the page tables that the compiler computes from it and proves. Compiled once for each
// description; everything here is a constant.
#include <algorithm>
#include <array>

#include "core/check.hpp"
#include "core/device_directory.hpp"
#include "core/kept.hpp"
#include "core/layout_of.hpp"
#include "core/proof.hpp"
#include "core/proof_claim.hpp"
#include "core/proof_directory.hpp"
#include "core/stage1.hpp"
#include "core/stage2.hpp"
#include "core/tables.hpp"
#include "description.hpp"

namespace mullion {
namespace {

constexpr const Description& d = generated::description;
constexpr Layout l = layout_of(d);
constexpr std::size_t harts = d.board.harts.size();

constexpr std::size_t words1 = stage1_size(d) / sizeof(std::uint64_t);
constexpr std::size_t words2 = stage2_size(d) / sizeof(std::uint64_t);

// The linker script keeps these sections and places them where the layout says, which is what the entries rely on.
alignas(stage1_root_size) constexpr auto stage1 [[gnu::section(".stage1"), gnu::used]] = build_stage1<words1>(d, l);
alignas(stage2_root_size) constexpr auto stage2 [[gnu::section(".stage2"), gnu::used]] = build_stage2<words2>(d, l);

constexpr auto hgatp_of_harts = hgatp_values<harts>(d, l);

alignas(page_size) constexpr auto directory
    [[gnu::section(".directory")]] = build_directory<directory_words(d)>(d, l.directory.base, hgatp_of_harts);
constexpr auto starts = directory_starts(d);

/// Returns where device_directories leads once the image is where the layout says.
constexpr std::array<Hpa, starts.size()> roots_of_directory() {
    return {l.directory.base + starts[0] * sizeof(std::uint64_t), l.directory.base + starts[1] * sizeof(std::uint64_t)};
}

constexpr auto kept = kept_rows<KeptList{d.board}.size()>(d.board);

}  // namespace

extern "C" {
extern const std::array<BootHart, harts> boot_harts;
extern const std::uint64_t boot_hart_count;
constexpr std::array<BootHart, harts> boot_harts = boot_rows<harts>(d, l);
constexpr std::uint64_t boot_hart_count = harts;
}

// The proofs are of the very constants that boot.S, the harts, their MMUs and the IOMMU read.
static_assert(!first_finding(d), "the description breaks a rule of core/check.hpp; partc says which and where");
static_assert(proof::claim<proof::prove_layout(d, l, words1, words2)>());
static_assert(proof::claim<proof::prove_windows(d, l)>());
static_assert(proof::claim<proof::prove_stage2(d, l, stage2, hgatp_of_harts)>());
static_assert(proof::claim<proof::prove_stage1<proof::own_limit(d)>(d, l, stage1, boot_harts)>());
static_assert(proof::claim<proof::prove_directory(d, l, directory, roots_of_directory(), hgatp_of_harts)>());

constinit const Description description = d;
constinit const Layout layout = l;
constinit const std::span<const Kept> kept_of_board = kept;
constinit const std::span<const std::uint64_t> hgatp = hgatp_of_harts;
constinit const std::array<const std::uint64_t*, ddt::formats.size()> device_directories{directory.data() + starts[0],
                                                                                         directory.data() + starts[1]};

}  // namespace mullion
