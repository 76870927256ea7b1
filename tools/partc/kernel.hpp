// SPDX-License-Identifier: Apache-2.0
// What kind of file a kernel is, and where it wants to be.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace mullion::partc {

enum class KernelFormat { linux_image, elf, raw };

/// A piece of the file that goes to memory; what `memory_size` has beyond `size` is zero.
struct Segment {
    std::uint64_t offset = 0;  ///< in the file
    std::uint64_t size = 0;
    std::uint64_t memory_size = 0;
    std::uint64_t address = 0;  ///< ELF: guest physical; else relative to where the kernel is put
};

struct Kernel {
    KernelFormat format = KernelFormat::raw;
    std::vector<Segment> segments;
    std::uint64_t entry = 0;        ///< like Segment::address
    std::uint64_t text_offset = 0;  ///< Linux Image: from the start of the memory, which is 2 MiB aligned
};

/// Of a file that is not empty. The error is what is wrong with the file ("is compressed (gzip): unpack it first").
std::expected<Kernel, std::string> parse_kernel(std::string_view bytes);

}  // namespace mullion::partc
