// SPDX-License-Identifier: Apache-2.0
#include "directory.hpp"

#include <fmt/format.h>

namespace mullion::audit {

std::vector<Mismatch> judge_directory(const Image& image, const Requirements& asked) {
    const Range directory{image.symbol("mullion_directory").address, image.symbol("mullion_directory_size").address};
    if (directory.size != (asked.iommu ? page_size : 0)) {
        return {{"device directory", fmt::format("has {} bytes", directory.size), {}, {}}};
    }
    std::vector<Mismatch> mismatches;
    for (std::uint64_t at = directory.base; at < directory.end(); at += sizeof(std::uint64_t)) {
        if (const auto entry = image.constant_word(at, "the device directory"); entry != 0) {
            mismatches.push_back({"device directory",
                                  fmt::format("entry {} is {:#x}, though no device is granted DMA",
                                              (at - directory.base) / sizeof(std::uint64_t), entry),
                                  {},
                                  {}});
        }
    }
    return mismatches;
}

}  // namespace mullion::audit
