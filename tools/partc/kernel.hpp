// SPDX-License-Identifier: Apache-2.0
// Recognises what kind of file a kernel is, and where it must be loaded.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace mullion::partc {

enum class KernelFormat { linux_image, elf, raw };

/// A part of the file that is loaded; `memory_size` beyond `size` is zero filled.
struct LoadSegment {
    std::uint64_t offset = 0;  ///< in the file
    std::uint64_t size = 0;
    std::uint64_t memory_size = 0;
    std::uint64_t address = 0;  ///< guest physical for an ELF, else relative to the kernel's address
    bool is_code = true;        ///< an ELF says so
};

struct Kernel {
    KernelFormat format = KernelFormat::raw;
    std::vector<LoadSegment> segments;
    std::uint64_t entry = 0;        ///< like LoadSegment::address
    std::uint64_t text_offset = 0;  ///< for a Linux Image: offset from the start of memory, which is 2 MiB aligned
};

/// Parses a kernel. The error says what is wrong with the file ("is compressed (gzip): unpack it first"). Requires: it
/// is not empty.
std::expected<Kernel, std::string> parse_kernel(std::string_view bytes);

}  // namespace mullion::partc
