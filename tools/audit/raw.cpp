// SPDX-License-Identifier: Apache-2.0
#include "raw.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "hypervisor.hpp"

namespace mullion::audit {
namespace {

/// Returns the little-endian number at an offset, nothing if the file ends before.
std::optional<std::uint64_t> little(const std::vector<std::uint8_t>& raw, std::size_t at, std::size_t size) {
    if (at + size > raw.size()) {
        return std::nullopt;
    }
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size; ++i) {
        value |= std::uint64_t{raw[at + i]} << (8 * i);
    }
    return value;
}

/// Returns what is wrong with the header, or an empty string (Linux, Documentation/arch/riscv/boot-image-header.rst).
std::string flaw_of_header(const Image& image, const std::vector<std::uint8_t>& raw) {
    constexpr std::uint64_t magic = 0x0000'0056'4353'4952;  // "RISCV"
    constexpr std::uint64_t magic2 = 0x0543'5352;           // "RSC\x05"
    if (little(raw, 48, 8) != magic || little(raw, 56, 4) != magic2 || little(raw, 24, 8) != 0) {
        return "it has no header of a little-endian RISC-V Linux image";
    }
    const auto extent = extent_of(image);
    if (little(raw, 16, 8) != extent.size) {
        return fmt::format("its header asks for other memory than {}", text_of(extent));
    }
    return image.entry == extent.base ? "" : "the ELF does not start at the first byte";
}

}  // namespace

std::vector<Mismatch> judge_raw(const Image& image, const std::vector<std::uint8_t>& raw) {
    std::vector<Mismatch> mismatches;
    const auto find = [&](const std::string& what) { mismatches.push_back({"raw image", what, {}, {}}); };
    const auto base = image.segments.front().range.base;
    std::uint64_t end = 0;
    std::vector<std::uint8_t> expected;
    for (const auto& segment : image.segments) {
        const auto at = segment.range.base - base;
        if (segment.bytes.empty()) {
            continue;
        }
        end = at + segment.bytes.size();
        if (end > raw.size()) {
            break;
        }
        expected.resize(at);  // zeros up to here
        expected.insert(expected.end(), segment.bytes.begin(), segment.bytes.end());
    }
    if (end != raw.size()) {
        find(fmt::format("it has {:#x} bytes instead of {:#x}", raw.size(), end));
    } else if (const auto differs = std::ranges::mismatch(expected, raw); differs.in1 != expected.end()) {
        const auto at = static_cast<std::uint64_t>(differs.in1 - expected.begin());
        find(fmt::format("byte {:#x}, for address {:#x}, is {:#04x} instead of {:#04x}", at, base + at, *differs.in2,
                         *differs.in1));
    }
    if (const auto flaw = flaw_of_header(image, raw); !flaw.empty()) {
        find(flaw);
    }
    return mismatches;
}

}  // namespace mullion::audit
