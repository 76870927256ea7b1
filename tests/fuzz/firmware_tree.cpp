// SPDX-License-Identifier: Apache-2.0
// Bytes as the tree that firmware hands over: whatever they are, nothing is read or written outside of them, what is
// written is no-ops in the place of the seed, and where libfdt finds a seed, it is the one that was taken.
#include "core/firmware_tree.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <vector>

#include "tally.hpp"

extern "C" {
#include <libfdt.h>
}

namespace mullion::fuzz {
namespace {

using Bytes = std::vector<std::uint8_t>;

Tally tally;

void want(bool holds, const char* what) {
    if (!holds) {
        std::fprintf(stderr, "FOUND: %s\n", what);
        std::abort();
    }
}

/// Nothing where libfdt takes the bytes for no tree, or for one without a seed.
std::optional<Digest> seed_by_libfdt(const Bytes& tree) {
    if (fdt_check_full(tree.data(), tree.size()) != 0 || fdt_version(tree.data()) < 17) {
        return std::nullopt;
    }
    const int chosen = fdt_path_offset(tree.data(), "/chosen");
    const char* const name = chosen < 0 ? nullptr : fdt_get_name(tree.data(), chosen, nullptr);
    if (name == nullptr || std::strcmp(name, "chosen") != 0) {
        return std::nullopt;
    }
    int length = 0;
    const auto* const seed = static_cast<const std::uint8_t*>(fdt_getprop(tree.data(), chosen, "rng-seed", &length));
    if (seed == nullptr || length < 32) {
        return std::nullopt;
    }
    return sha256_of({seed, static_cast<std::size_t>(length)});
}

/// A range of whole no-ops is all that differs.
bool differ_by_nops(const Bytes& before, const Bytes& after) {
    constexpr std::array<std::uint8_t, 4> nop{0, 0, 0, 4};
    std::size_t first = 0;
    while (first < before.size() && before[first] == after[first]) {
        ++first;
    }
    std::size_t end = before.size();
    while (end > first && before[end - 1] == after[end - 1]) {
        --end;
    }
    const auto structure = firmware_tree::cell(before, 8);
    for (std::size_t at = first; at < end; ++at) {
        if (at < structure || after[at] != nop[(at - structure) % nop.size()]) {
            return false;
        }
    }
    return true;
}

}  // namespace
}  // namespace mullion::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace mullion::fuzz;
    const Bytes before{data, data + size};
    auto after = before;
    const auto expected = seed_by_libfdt(before);
    const auto taken = mullion::firmware_tree::take_seed(after);
    tally.count(taken ? "taken" : "nothing");
    want(!expected || taken == expected, "another seed than libfdt's");
    want(after == before || differ_by_nops(before, after), "something else was written");
    want(after != before || !taken, "the seed was left");
    return 0;
}
