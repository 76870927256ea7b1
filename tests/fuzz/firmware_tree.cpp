// SPDX-License-Identifier: Apache-2.0
// Reads arbitrary bytes as the firmware's tree. Nothing outside of them may be read or written, only no-ops may be
// written, in the place of the seed, and the results must agree with libfdt's seed and reserved memory.
#include "core/firmware_tree.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <utility>
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

/// Returns the seed that libfdt finds, nothing if there is no tree or no seed.
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

using Ranges = std::vector<std::pair<std::uint64_t, std::uint64_t>>;

/// Returns whether there are two properties of that name; the specification does not say which one counts.
bool is_twice(const void* fdt, int node, const char* name) {
    int count = 0;
    for (int p = fdt_first_property_offset(fdt, node); p >= 0; p = fdt_next_property_offset(fdt, p)) {
        const char* other = nullptr;
        fdt_getprop_by_offset(fdt, p, &other, nullptr);
        count += std::strcmp(other, name) == 0 ? 1 : 0;
    }
    return count > 1;
}

/// Adds the `reg` of nodes below the only /reserved-memory.
void add_regs(const void* fdt, Ranges& ranges) {
    std::vector<int> found;
    for (int node = fdt_first_subnode(fdt, 0); node >= 0; node = fdt_next_subnode(fdt, node)) {
        if (std::strcmp(fdt_get_name(fdt, node, nullptr), "reserved-memory") == 0) {
            found.push_back(node);
        }
    }
    if (found.size() != 1 || is_twice(fdt, found[0], "#address-cells") || is_twice(fdt, found[0], "#size-cells")) {
        return;
    }
    const auto cells_of = [&](const char* name, std::size_t otherwise) {
        int length = 0;
        const auto* value = static_cast<const fdt32_t*>(fdt_getprop(fdt, found[0], name, &length));
        return value != nullptr && length == 4 ? std::size_t{fdt32_ld(value)} : otherwise;
    };
    const auto address = cells_of("#address-cells", 2);
    const auto size = cells_of("#size-cells", 1);
    for (int node = fdt_first_subnode(fdt, found[0]); node >= 0; node = fdt_next_subnode(fdt, node)) {
        int length = 0;
        const auto* reg = static_cast<const fdt32_t*>(fdt_getprop(fdt, node, "reg", &length));
        const auto number = [&](std::size_t at, std::size_t count) {
            std::uint64_t value = 0;
            for (std::size_t i = 0; i < count; ++i) {
                value = value << 32 | fdt32_ld(reg + at + i);
            }
            return value;
        };
        const auto step = address + size;
        for (std::size_t at = 0; reg != nullptr && address <= 2 && size <= 2 && step != 0 &&
                                 (at + step) * 4 <= static_cast<std::size_t>(length);
             at += step) {
            ranges.emplace_back(number(at, address), number(at + address, size));
        }
    }
}

Ranges reserved_by_libfdt(const Bytes& tree) {
    Ranges ranges;
    if (fdt_check_full(tree.data(), tree.size()) != 0 || fdt_version(tree.data()) < 17 ||
        fdt_get_name(tree.data(), 0, nullptr) == nullptr) {
        return ranges;
    }
    for (int i = 0; i < fdt_num_mem_rsv(tree.data()); ++i) {
        std::uint64_t base = 0;
        std::uint64_t size = 0;
        fdt_get_mem_rsv(tree.data(), i, &base, &size);
        if (base == 0 && size == 0) {
            break;
        }
        ranges.emplace_back(base, size);
    }
    add_regs(tree.data(), ranges);
    return ranges;
}

/// Returns whether only a range that is now no-ops differs.
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
    Ranges reserved;
    mullion::firmware_tree::find_reserved(
        after, [&](mullion::HostRange range) { reserved.emplace_back(range.base.value, range.size); });
    want(after == before, "a look at what is reserved has written");
    for (const auto& [base, bytes] : reserved_by_libfdt(before)) {
        const std::pair range{base, std::min(bytes, ~base)};
        want(std::find(reserved.begin(), reserved.end(), range) != reserved.end(),
             "memory that is reserved was not found");
        tally.count("reserved");
    }
    const auto taken = mullion::firmware_tree::take_seed(after);
    tally.count(taken ? "taken" : "nothing");
    want(!expected || taken == expected, "another seed than libfdt's");
    want(after == before || differ_by_nops(before, after), "something else was written");
    want(after != before || !taken, "the seed was left");
    return 0;
}
