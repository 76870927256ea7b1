// SPDX-License-Identifier: Apache-2.0
#include "core/proof_own.hpp"

#include <gtest/gtest.h>

#include <array>
#include <utility>

#include "../proof/altered.hpp"

namespace mullion::proof {
namespace {

using altered::d;
using altered::l;

/// Returns the verdict on a list that has this one line, for alpha's harts.
Verdict own_verdict(std::uint64_t base, std::uint64_t size) {
    ExpectedList<1> list;
    list.insert({{base}, size}, 3);
    return prove_own(d, l, 0, list).verdict;
}

TEST(OwnList, LeavesGuardPagesFirmwareAndOtherGuestsOut) {
    EXPECT_EQ(own_verdict(l.stacks.base.value, page_size), Verdict::asked_reserved);
    EXPECT_EQ(own_verdict(l.stacks.base.value + page_size, 0x4000), Verdict::asked_reserved);
    EXPECT_EQ(own_verdict(l.stacks.end().value - 0x4000, page_size), Verdict::asked_reserved);
    EXPECT_EQ(own_verdict(l.stacks.base.value + page_size, 0x3000), Verdict::holds);
    EXPECT_EQ(own_verdict(0x8000'0000, page_size), Verdict::asked_reserved);
    EXPECT_EQ(own_verdict(0x801f'f000, page_size), Verdict::asked_reserved);
    EXPECT_EQ(own_verdict(0x9400'0000, page_size), Verdict::asked_shared);
    EXPECT_EQ(own_verdict(0x9000'0000, page_size), Verdict::holds) << "alpha's own";
}

TEST(OwnList, DoesNotPassTheLastAddress) {
    EXPECT_EQ(own_verdict(~std::uint64_t{0xfff}, 0x1000), Verdict::asked_wraps);
    EXPECT_EQ(own_verdict(~std::uint64_t{0xfff}, 0x8020'1000), Verdict::asked_wraps) << "over the firmware";
}

TEST(OwnList, HasNoLinesThatMeet) {
    ExpectedList<4> list;
    list.insert({{0x3000}, 0x1000}, 3);
    list.insert({{0x1000}, 0x2000}, 3);
    list.insert({{0x9000}, 0}, 3);
    EXPECT_EQ(list.size(), 2u);
    EXPECT_EQ(prove_apart(0, list).verdict, Verdict::holds);
    list.insert({{0x2000}, 0x1000}, 1);
    EXPECT_EQ(prove_apart(0, list).verdict, Verdict::disordered);
    ExpectedList<1> part_of_a_page;
    part_of_a_page.insert({{0x1000}, 0x800}, 3);
    EXPECT_EQ(prove_apart(0, part_of_a_page).verdict, Verdict::disordered);
}

/// Returns the rights that the list has for address `at`, none if no line contains it.
unsigned rights_at(std::uint64_t at) {
    ExpectedList<own_limit(d)> list;
    ask_common(list, d, l);
    ask_own(list, d.guests[0]);
    unsigned rights = 0;
    for (std::size_t i = 0; i < list.size(); ++i) {
        rights = at - list[i].at < list[i].size ? list[i].rights : rights;
    }
    return rights;
}

TEST(OwnList, GivesEachPartItsRights) {
    EXPECT_EQ(rights_at(l.text.base.value), 5u);
    for (const auto& part : {l.rodata, l.stage1, l.stage2, l.directory}) {
        EXPECT_EQ(rights_at(part.base.value), 1u);
        EXPECT_EQ(rights_at(part.end().value - 1), 1u);
    }
    EXPECT_EQ(rights_at(l.data.base.value), 3u);
    for (unsigned hart = 0; hart < 4; ++hart) {
        const auto block = l.stacks.base.value + hart * 0x4000;
        EXPECT_EQ(rights_at(block), 0u);
        EXPECT_EQ(rights_at(block + 0xfff), 0u);
        EXPECT_EQ(rights_at(block + 0x1000), 3u);
        EXPECT_EQ(rights_at(block + 0x3fff), 3u);
    }
    EXPECT_EQ(rights_at(0x1000'0fff), 3u) << "UART";
    EXPECT_EQ(rights_at(0x0d00'7fff), 3u) << "APLIC";
    EXPECT_EQ(rights_at(0x0301'0fff), 3u) << "IOMMU";
    EXPECT_EQ(rights_at(0x2800'4000), 3u) << "a supervisor-level file";
    EXPECT_EQ(rights_at(0x2800'7000), 3u) << "a file of alpha's";
    EXPECT_EQ(rights_at(0x2800'5000), 0u) << "a file of beta's";
    EXPECT_EQ(rights_at(0x0010'1000), 0u) << "a device of alpha's";
    EXPECT_EQ(rights_at(0x9000'0000), 3u) << "memory of alpha's";
}

Verdict layout_verdict(auto change) {
    auto layout = l;
    change(layout);
    return prove_layout(d, layout, altered::stage1.size(), altered::stage2.size()).verdict;
}

TEST(LayoutProof, WantsPartsInOrderWithRoomForEverything) {
    EXPECT_EQ(layout_verdict([](Layout&) {}), Verdict::holds);
    for (const auto part : {&Layout::text, &Layout::rodata, &Layout::stage1, &Layout::stage2, &Layout::data}) {
        EXPECT_EQ(layout_verdict([&](Layout& m) { (m.*part).size += gibi; }), Verdict::layout);
        EXPECT_EQ(layout_verdict([&](Layout& m) { (m.*part).size -= 1; }), Verdict::layout);
        EXPECT_EQ(layout_verdict([&](Layout& m) { (m.*part).size = 0 - (m.*part).base.value; }), Verdict::layout);
    }
    EXPECT_EQ(layout_verdict([](Layout& m) { std::swap(m.rodata, m.data); }), Verdict::layout);
    EXPECT_EQ(layout_verdict([](Layout& m) { m.text.base = m.text.base + 4096; }), Verdict::layout);
    const auto later = [](Layout& m) { m.text = {m.text.base + 4096, m.text.size - 4096}; };
    EXPECT_EQ(layout_verdict(later), Verdict::layout) << "not where it is loaded";
    const auto larger = [](Layout& m) {
        m.stage2.size += 4096;
        m.directory.base = m.directory.base + 4096;
    };
    ASSERT_EQ(l.stage2.end(), l.directory.base);
    EXPECT_EQ(layout_verdict(larger), Verdict::layout) << "larger than the tables";
    EXPECT_EQ(layout_verdict([](Layout& m) { m.stage1.size -= 4096; }), Verdict::layout);
    EXPECT_EQ(layout_verdict([](Layout& m) { m.stage2.size -= 4096; }), Verdict::layout);
    EXPECT_EQ(layout_verdict([](Layout& m) { m.stacks.size -= 4096; }), Verdict::layout);
    EXPECT_EQ(layout_verdict([](Layout& m) { m.stacks.base = m.stacks.base + 4096; }), Verdict::layout);
}

TEST(LayoutProof, WantsRamThatIsNotTheFirmwares) {
    const auto verdict = [](HostRange firmware, HostRange ram) {
        auto changed = d;
        changed.board.firmware = firmware;
        changed.board.ram = {&ram, 1};
        return prove_layout(changed, l, altered::stage1.size(), altered::stage2.size()).verdict;
    };
    const HostRange all{{0x8000'0000}, 0x1000'0000};
    EXPECT_EQ(verdict({{0x8000'0000}, 0x20'0000}, all), Verdict::holds);
    EXPECT_EQ(verdict({{0x8000'0000}, 0x20'1000}, all), Verdict::layout);
    EXPECT_EQ(verdict({}, {{0x8000'0000}, l.end().value - 0x8000'0000}), Verdict::holds);
    EXPECT_EQ(verdict({}, {{0x8000'0000}, l.end().value - 0x8000'1000}), Verdict::layout);
    EXPECT_EQ(verdict({}, {{0x8020'1000}, 0x1000'0000}), Verdict::layout);
}

TEST(LayoutProof, WantsRoomForTheImages) {
    const std::array<Image, 2> images{{{"a", 2 * mebi - 4095, {}}, {"b", 1, {}}}};
    auto changed = d;
    changed.images = images;
    auto layout = layout_of(changed);
    const auto words1 = stage1_size(changed) / 8;
    EXPECT_EQ(prove_layout(changed, layout, words1, altered::stage2.size()).verdict, Verdict::holds);
    layout.images.size = 2 * mebi;
    EXPECT_EQ(prove_layout(changed, layout, words1, altered::stage2.size()).verdict, Verdict::layout);
}

}  // namespace
}  // namespace mullion::proof
