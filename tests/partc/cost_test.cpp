// SPDX-License-Identifier: Apache-2.0
// Measures what granting devices costs, as their number grows.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <ctime>

#include "fixture.hpp"
#include "owners.hpp"
#include "read.hpp"

namespace mullion::partc {
namespace {

Bytes cells(const std::vector<std::uint32_t>& numbers) {
    Bytes bytes;
    for (const auto number : numbers) {
        for (const int shift : {24, 16, 8, 0}) {
            bytes.push_back(static_cast<std::uint8_t>(number >> shift));
        }
    }
    return bytes;
}

Bytes text(const std::string& words) {
    return {words.c_str(), words.c_str() + words.size() + 1};
}

Node& child_of(Node& node, const std::string& name) {
    return **std::ranges::find(node.children, name, &Node::name);
}

Property& property_of(Node& node, const std::string& name) {
    return *std::ranges::find(node.properties, name, &Property::name);
}

/// Returns the description with `count` devices more for its first guest. Each refers to the same clock.
Tree with_devices(Tree tree, std::uint32_t count) {
    constexpr std::uint32_t first_phandle = 1000;
    auto root = std::move(tree).take();
    auto& soc = child_of(*root, "soc");
    auto& devices = property_of(child_of(child_of(*root, "partitions"), "alpha"), "devices").value;
    auto clock = std::make_unique<Node>();
    clock->name = "clock";
    clock->parent = root.get();
    clock->properties = {{"compatible", text("fixed-clock"), {}}, {"phandle", cells({first_phandle}), {}}};
    root->children.push_back(std::move(clock));
    for (std::uint32_t i = 0; i < count; ++i) {
        const std::uint32_t at = 0x2000'0000 + i * 0x1000;
        auto node = std::make_unique<Node>();
        node->name = fmt::format("serial@{:x}", at);
        node->parent = &soc;
        node->properties = {{"compatible", text("ns16550a"), {}},
                            {"reg", cells({0, at, 0, 0x1000}), {}},
                            {"clocks", cells({first_phandle}), {}},
                            {"phandle", cells({first_phandle + 1 + i}), {}}};
        soc.children.push_back(std::move(node));
        const auto reference = cells({first_phandle + 1 + i});
        devices.insert(devices.end(), reference.begin(), reference.end());
    }
    return Tree{std::move(root)};
}

class Cost : public testing::Test {
 protected:
    /// Returns the processor time of this thread, which other programs do not change.
    double seconds(std::uint32_t count) const {
        const auto options = workspace_.options("every-format");
        Diagnostics diagnostics;
        auto parsed = read({options.file, options.include_folders}, diagnostics);
        ParsedSource source{with_devices(std::move(parsed->tree), count), {}};
        const auto before = now();
        auto model = understand(options, source, diagnostics);
        EXPECT_EQ(diagnostics.text(), "");
        const auto pieces = pieces_of({std::move(source), std::move(*model)});
        EXPECT_GT(pieces.size(), count);
        return now() - before;
    }

    static double now() {
        timespec time{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
    }

    const Workspace workspace_{PARTC_TESTS};
};

/// Tries until twice as many devices take at most 2.2 times as long. However busy the machine is, a linear cost comes
/// below that sooner or later, a quadratic one never.
TEST_F(Cost, OfGrantsGrowsNoFasterThanTheirNumber) {
    constexpr std::uint32_t count = 2000;
    double least = 0;
    for (int tries = 0; tries < 60 && (tries == 0 || least > 2.2); ++tries) {
        const auto once = seconds(count);
        const auto ratio = seconds(2 * count) / once;
        least = tries == 0 ? ratio : std::min(least, ratio);
    }
    EXPECT_LE(least, 2.2);
}

}  // namespace
}  // namespace mullion::partc
