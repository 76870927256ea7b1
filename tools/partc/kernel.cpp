// SPDX-License-Identifier: Apache-2.0
#include "kernel.hpp"

#include <elf.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <optional>
#include <utility>

#include "core/address.hpp"

namespace mullion::partc {
namespace {

static_assert(std::endian::native == std::endian::little, "the formats below are read as they lie in memory");

using namespace std::string_view_literals;

constexpr std::array compressions{
    std::pair{"\x1f\x8b"sv, "gzip"sv},
    std::pair{"\xfd"
              "7zXZ"sv,
              "xz"sv},
    std::pair{"\x28\xb5\x2f\xfd"sv, "zstd"sv},
    std::pair{"BZh"sv, "bzip2"sv},
};

/// What a bare-metal program could be by chance, but hardly is.
struct Foreign {
    std::size_t at = 0;
    std::string_view magic;
    std::string_view what;
};

constexpr std::array foreigners{
    Foreign{0, "\x27\x05\x19\x56"sv, "has U-Boot's header (uImage): take the Image behind it"},
    Foreign{0, "\xd0\x0d\xfe\xed"sv, "is a device tree or a FIT image: take the Image in it"},
    Foreign{0, "070701"sv, "is a cpio archive: is it the ramdisk?"},
    Foreign{56, "ARM\x64"sv, "is a Linux Image for arm64, not for RISC-V"},
    Foreign{514, "HdrS"sv, "is a Linux kernel for x86, not for RISC-V"},
};

template <class T>
std::optional<T> at(std::string_view bytes, std::uint64_t offset) {
    if (offset > bytes.size() || sizeof(T) > bytes.size() - offset) {
        return std::nullopt;
    }
    T value;
    std::memcpy(&value, bytes.data() + offset, sizeof value);
    return value;
}

std::expected<Kernel, std::string> parse_elf(std::string_view bytes) {
    const auto header = at<Elf64_Ehdr>(bytes, 0);
    if (!header || header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_ident[EI_DATA] != ELFDATA2LSB ||
        header->e_machine != EM_RISCV || header->e_type != ET_EXEC) {
        return std::unexpected{"is an ELF, but no 64-bit RISC-V executable"};
    }
    Kernel kernel{KernelFormat::elf, {}, header->e_entry, 0};
    for (unsigned i = 0; i < header->e_phnum; ++i) {
        const auto segment = at<Elf64_Phdr>(bytes, header->e_phoff + i * sizeof(Elf64_Phdr));
        if (!segment) {
            return std::unexpected{"is an ELF that ends before its program headers"};
        }
        if (segment->p_type != PT_LOAD || segment->p_memsz == 0) {
            continue;
        }
        if (segment->p_filesz > segment->p_memsz || segment->p_offset > bytes.size() ||
            segment->p_filesz > bytes.size() - segment->p_offset) {
            return std::unexpected{fmt::format("is an ELF whose segment {} is outside the file", i)};
        }
        kernel.segments.push_back({segment->p_offset, segment->p_filesz, segment->p_memsz, segment->p_paddr});
    }
    if (kernel.segments.empty()) {
        return std::unexpected{"is an ELF with nothing to load"};
    }
    return kernel;
}

/// Linux Documentation/arch/riscv/boot-image-header.rst.
struct LinuxHeader {
    std::uint32_t code[2];
    std::uint64_t text_offset;
    std::uint64_t image_size;  ///< memory that the kernel takes, its bss included
    std::uint64_t flags;
    std::uint32_t version;
    std::uint32_t reserved1;
    std::uint64_t reserved2;
    std::uint64_t magic;
    std::uint32_t magic2;
    std::uint32_t reserved3;
};
static_assert(sizeof(LinuxHeader) == 64);

constexpr std::uint32_t linux_magic = 0x05435352;  // "RSC\x05"

Kernel parse_linux(const LinuxHeader& header, std::uint64_t size) {
    // Linux keeps its memory in blocks of 2 MiB, so that sections can have rights of their own: what lies in its last
    // block counts as in use.
    const auto memory_size = align_up(std::max(size, header.image_size), 2 * mebi);
    return {KernelFormat::linux_image, {{0, size, memory_size, 0}}, 0, header.text_offset};
}

}  // namespace

std::expected<Kernel, std::string> parse_kernel(std::string_view bytes) {
    for (const auto& [magic, name] : compressions) {
        if (bytes.starts_with(magic)) {
            return std::unexpected{fmt::format("is compressed ({}): unpack it first", name)};
        }
    }
    if (bytes.starts_with("MZ") && bytes.size() > 8 && bytes.substr(4).starts_with("zimg")) {
        return std::unexpected{"is a compressed EFI image (zboot): unpack the Image in it first"};
    }
    if (bytes.starts_with(ELFMAG)) {
        return parse_elf(bytes);
    }
    if (const auto header = at<LinuxHeader>(bytes, 0); header && header->magic2 == linux_magic) {
        return parse_linux(*header, bytes.size());
    }
    for (const auto& foreign : foreigners) {
        if (bytes.size() > foreign.at && bytes.substr(foreign.at).starts_with(foreign.magic)) {
            return std::unexpected{std::string{foreign.what}};
        }
    }
    return Kernel{KernelFormat::raw, {{0, bytes.size(), bytes.size(), 0}}, 0, 0};
}

}  // namespace mullion::partc
