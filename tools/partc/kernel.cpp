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

/// A file format that is refused as a kernel: a bare-metal program could begin like this by chance, but hardly does.
struct Foreign {
    std::size_t at = 0;
    std::string_view magic;
    std::string_view what;
};

constexpr std::array compressions{
    Foreign{0, "\x1f\x8b"sv, "gzip"sv},
    Foreign{0, "\xfd\x37zXZ\0"sv, "xz"sv},
    Foreign{0, "\x28\xb5\x2f\xfd"sv, "zstd"sv},
    Foreign{0, "\x1e\xb5\x2f\xfd"sv, "zstd, an old form"sv},
    Foreign{0, "\x22\xb5\x2f\xfd"sv, "zstd, an old form"sv},
    Foreign{0, "\x23\xb5\x2f\xfd"sv, "zstd, an old form"sv},
    Foreign{0, "\x24\xb5\x2f\xfd"sv, "zstd, an old form"sv},
    Foreign{0, "\x25\xb5\x2f\xfd"sv, "zstd, an old form"sv},
    Foreign{0, "\x26\xb5\x2f\xfd"sv, "zstd, an old form"sv},
    Foreign{0, "\x27\xb5\x2f\xfd"sv, "zstd, an old form"sv},
    Foreign{0, "bvx2"sv, "lzfse"sv},
    Foreign{0, "bvx1"sv, "lzfse"sv},
    Foreign{0, "bvxn"sv, "lzfse"sv},
    Foreign{0, "bvx-"sv, "lzfse"sv},
    Foreign{1, "\x2a\x4d\x18"sv, "zstd or lz4"sv},
    Foreign{0, "BZh"sv, "bzip2"sv},
    Foreign{0, "\x04\x22\x4d\x18"sv, "lz4"sv},
    Foreign{0, "\x02\x21\x4c\x18"sv, "lz4, its old form"sv},
    Foreign{0, "\x89LZO\0\r\n\x1a\n"sv, "lzo"sv},
    Foreign{0, "LZIP"sv, "lzip"sv},
    Foreign{0, "\x1f\x9d"sv, "compress"sv},
    Foreign{0, "PK\x03\x04"sv, "zip"sv},
    Foreign{0, "7z\xbc\xaf\x27\x1c"sv, "7z"sv},
    Foreign{0, "\x1f\x1e"sv, "pack"sv},
    Foreign{0, "\x1f\x9f"sv, "freeze"sv},
    Foreign{0, "\x1f\xa0"sv, "lzh"sv},
    Foreign{0, "Rar!\x1a\x07"sv, "rar"sv},
    Foreign{0, "LRZI"sv, "lrzip"sv},
    Foreign{0, "\xff\x06\0\0sNaPpY"sv, "snappy"sv},
};

constexpr std::array foreigners{
    Foreign{0, "\x27\x05\x19\x56"sv, "has U-Boot's header (uImage): take the Image behind it"},
    Foreign{0, "\xd0\x0d\xfe\xed"sv, "is a device tree or a FIT image: take the Image in it"},
    Foreign{0, "070701"sv, "is a cpio archive: is it the ramdisk?"},
    Foreign{0, "070702"sv, "is a cpio archive: is it the ramdisk?"},
    Foreign{0, "070707"sv, "is a cpio archive: is it the ramdisk?"},
    Foreign{0, "\xc7\x71"sv, "is a cpio archive: is it the ramdisk?"},
    Foreign{0, "sqsh"sv, "is a file system (squashfs): take the kernel in it"},
    Foreign{0, "hsqs"sv, "is a file system (squashfs): take the kernel in it"},
    Foreign{257, "ustar"sv, "is a tar archive: take the kernel in it"},
    Foreign{0, "!<arch>\n"sv, "is an ar archive or a Debian package: take the kernel in it"},
    Foreign{0, "ANDROID!"sv, "is a boot image of Android: take the Image in it"},
    Foreign{56, "ARM\x64"sv, "is a Linux Image for arm64, not for RISC-V"},
    Foreign{514, "HdrS"sv, "is a Linux kernel for x86, not for RISC-V"},
};

bool has(std::string_view bytes, const Foreign& foreign) {
    return bytes.size() > foreign.at && bytes.substr(foreign.at).starts_with(foreign.magic);
}

template <class T>
std::optional<T> at(std::string_view bytes, std::uint64_t offset) {
    if (offset > bytes.size() || sizeof(T) > bytes.size() - offset) {
        return std::nullopt;
    }
    T value;
    std::memcpy(&value, bytes.data() + offset, sizeof value);
    return value;
}

/// Returns whether the file is lzma, which has no magic: it has properties (lc, lp and pb in one byte), a dictionary of
/// 2^n or 2^n + 2^(n-1) bytes, a size that is unknown or plausible, and a stream whose first byte is 0.
bool is_lzma(std::string_view bytes) {
    constexpr std::size_t header = 13;
    constexpr unsigned properties = 9 * 5 * 5;
    const auto dictionary = at<std::uint32_t>(bytes, 1);
    const auto size = at<std::uint64_t>(bytes, 5);
    if (bytes.size() <= header || static_cast<unsigned char>(bytes.front()) >= properties || bytes[header] != 0 ||
        *dictionary < page_size) {
        return false;
    }
    const auto rest = *dictionary & ~std::bit_floor(*dictionary);
    const bool is_size = *size == ~std::uint64_t{0} || (*size >= bytes.size() / 2 && *size >> 38 == 0);
    return (rest == 0 || rest == std::bit_floor(*dictionary) / 2) && is_size;
}

/// Returns whether the file is zlib (RFC 1950 and 1951): a method and a window, a checksum of these, the id of a
/// dictionary if it has one; then a block of one of three kinds. As instructions such bytes are loads or stores, with
/// which no program begins.
bool is_zlib(std::string_view bytes) {
    if (bytes.size() < 8) {
        return false;
    }
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    const std::size_t block = (byte(1) & 0x20) != 0 ? 6 : 2;
    if (bytes.size() < block + 6) {
        return false;
    }
    const unsigned kind = byte(block) >> 1 & 3;
    const bool is_stored =
        kind == 0 && (byte(block + 1) ^ byte(block + 3)) == 0xff && (byte(block + 2) ^ byte(block + 4)) == 0xff;
    return (byte(0) & 0xf) == 8 && byte(0) >> 4 <= 7 && (byte(0) * 256U + byte(1)) % 31 == 0 &&
           (is_stored || kind == 1 || kind == 2);
}

/// Returns how the file is compressed, empty if it is not.
std::string_view compression_of(std::string_view bytes) {
    const auto is = [&](const Foreign& foreign) { return has(bytes, foreign); };
    const auto* found = std::ranges::find_if(compressions, is);
    // Skippable frames of zstd and lz4 have one of 16 magic numbers.
    if (found != compressions.end() && (found->at == 0 || (bytes.front() & 0xf0) == 0x50)) {
        return found->what;
    }
    return is_lzma(bytes) ? "lzma" : is_zlib(bytes) ? "zlib" : "";
}

/// Returns the name of an ELF machine, or its number.
std::string machine_of_elf(std::uint16_t machine) {
    for (const auto& [number, name] : {std::pair{EM_386, "x86"},
                                       {EM_X86_64, "x86-64"},
                                       {EM_ARM, "arm"},
                                       {EM_AARCH64, "arm64"},
                                       {EM_MIPS, "MIPS"},
                                       {EM_PPC64, "PowerPC"}}) {
        if (machine == number) {
            return name;
        }
    }
    return fmt::format("machine {}", machine);
}

/// Returns why an ELF is no 64-bit RISC-V executable, empty if it is one.
std::string elsewhere(const std::optional<Elf64_Ehdr>& header) {
    if (!header) {
        return "it ends within its header";
    }
    if (header->e_ident[EI_CLASS] != ELFCLASS64) {
        return header->e_ident[EI_CLASS] == ELFCLASS32 ? "it is of 32 bits" : "its class is none that there is";
    }
    if (header->e_ident[EI_DATA] != ELFDATA2LSB) {
        return "it is big-endian";
    }
    if (header->e_machine != EM_RISCV) {
        return "it is for " + machine_of_elf(header->e_machine);
    }
    if (header->e_ident[EI_VERSION] != EV_CURRENT || header->e_version != EV_CURRENT) {
        return fmt::format("its version is {}, not 1",
                           header->e_version == EV_CURRENT ? header->e_ident[EI_VERSION] : header->e_version);
    }
    if (header->e_ehsize != sizeof(Elf64_Ehdr)) {
        return fmt::format("its header has {} bytes, not {}", header->e_ehsize, sizeof(Elf64_Ehdr));
    }
    if ((header->e_flags & EF_RISCV_RVE) != 0) {
        return "it is for RV64E, of 16 registers";
    }
    switch (header->e_type) {
        case ET_EXEC:
            return {};
        case ET_REL:
            return "it is an object file, which is yet to be linked";
        case ET_DYN:
            return "it is position-independent or a shared object; link it with -no-pie";
        default:
            return fmt::format("its type is {}", header->e_type);
    }
}

/// Returns text about segments that overlap or pass the end of the address space, empty if none do.
std::string misplaced(const std::vector<LoadSegment>& segments) {
    auto sorted = segments;
    std::ranges::sort(sorted, {}, &LoadSegment::address);
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        if (sorted[i].address + sorted[i].memory_size < sorted[i].address) {
            return fmt::format("is an ELF whose segment at {:#x} wraps around the end of all addresses",
                               sorted[i].address);
        }
        if (i > 0 && sorted[i].address - sorted[i - 1].address < sorted[i - 1].memory_size) {
            return fmt::format("is an ELF whose segments at {:#x} and {:#x} overlap", sorted[i - 1].address,
                               sorted[i].address);
        }
    }
    return {};
}

std::expected<Kernel, std::string> parse_elf(std::string_view bytes) {
    const auto header = at<Elf64_Ehdr>(bytes, 0);
    if (const auto what = elsewhere(header); !what.empty()) {
        return std::unexpected{"is an ELF, but no 64-bit RISC-V executable: " + what};
    }
    if (header->e_phnum == PN_XNUM || (header->e_phnum != 0 && header->e_phentsize != sizeof(Elf64_Phdr))) {
        return std::unexpected{fmt::format("is an ELF with {} program headers of {} bytes, which none has",
                                           header->e_phnum, header->e_phentsize)};
    }
    Kernel kernel{KernelFormat::elf, {}, header->e_entry, 0};
    for (unsigned i = 0; i < header->e_phnum; ++i) {
        const auto offset = i * sizeof(Elf64_Phdr);
        const auto segment =
            header->e_phoff > bytes.size() ? std::nullopt : at<Elf64_Phdr>(bytes, header->e_phoff + offset);
        if (!segment) {
            return std::unexpected{"is an ELF that ends before its program headers"};
        }
        if (segment->p_type == PT_INTERP || segment->p_type == PT_DYNAMIC) {
            return std::unexpected{
                fmt::format("is an ELF for a dynamic linker (PT_{}), which a guest has none of: link it with "
                            "-static -no-pie",
                            segment->p_type == PT_INTERP ? "INTERP" : "DYNAMIC")};
        }
        if (segment->p_type != PT_LOAD || segment->p_memsz == 0) {
            continue;
        }
        if (segment->p_filesz > segment->p_memsz || segment->p_offset > bytes.size() ||
            segment->p_filesz > bytes.size() - segment->p_offset) {
            return std::unexpected{fmt::format("is an ELF whose segment {} is outside the file", i)};
        }
        kernel.segments.push_back({.offset = segment->p_offset,
                                   .size = segment->p_filesz,
                                   .memory_size = segment->p_memsz,
                                   .address = segment->p_paddr,
                                   .is_code = (segment->p_flags & PF_X) != 0});
    }
    if (kernel.segments.empty()) {
        return std::unexpected{"is an ELF with nothing to load"};
    }
    if (const auto what = misplaced(kernel.segments); !what.empty()) {
        return std::unexpected{what};
    }
    return kernel;
}

/// Header of a Linux Image (Linux, Documentation/arch/riscv/boot-image-header.rst).
struct LinuxHeader {
    std::uint32_t code[2];
    std::uint64_t text_offset;
    std::uint64_t image_size;  ///< memory that the kernel takes, with its bss
    std::uint64_t flags;
    std::uint32_t version;
    std::uint32_t reserved1;
    std::uint64_t reserved2;
    std::uint64_t magic;
    std::uint32_t magic2;
    std::uint32_t reserved3;
};
static_assert(sizeof(LinuxHeader) == 64);

constexpr std::uint32_t linux_magic2 = 0x05435352;            // "RSC\x05"
constexpr std::uint64_t linux_magic = 0x0000'0056'4353'4952;  // "RISCV"; the only magic before version 0.2

std::expected<Kernel, std::string> parse_linux(const LinuxHeader& header, std::uint64_t size) {
    constexpr std::uint64_t reasonable = std::uint64_t{1} << 56;  // beyond any machine's RAM
    if ((header.flags & 1) != 0) {
        return std::unexpected{"is a big-endian Linux Image: Mullion's guests are little-endian"};
    }
    if (header.text_offset >= reasonable || header.image_size >= reasonable) {
        return std::unexpected{fmt::format("is a Linux Image of {:#x} bytes at offset {:#x}, which no memory has",
                                           header.image_size, header.text_offset)};
    }
    // Linux maps its memory in blocks of 2 MiB, so that sections can have different rights; so all of its last block
    // counts as in use.
    const auto memory_size = align_up(std::max(size, header.image_size), 2 * mebi);
    return Kernel{KernelFormat::linux_image, {{0, size, memory_size, 0}}, 0, header.text_offset};
}

/// Returns the machine of a PE file (PE format, "COFF File Header"), nothing if it is none.
std::optional<std::uint16_t> machine_of_pe(std::string_view bytes) {
    constexpr std::uint32_t signature = 0x0000'4550;  // "PE\0\0"
    const auto offset = bytes.starts_with("MZ") ? at<std::uint32_t>(bytes, 0x3c) : std::nullopt;
    const bool is_pe = offset && at<std::uint32_t>(bytes, *offset) == signature;
    return is_pe ? at<std::uint16_t>(bytes, std::uint64_t{*offset} + sizeof signature) : std::nullopt;
}

constexpr std::uint16_t pe_riscv64 = 0x5064;

/// Describes a PE file that is no Linux Image for RISC-V.
std::string pe_text(std::uint16_t machine) {
    for (const auto& [number, name] :
         {std::pair{0x8664, "x86-64"}, {0x14c, "x86"}, {0xaa64, "arm64"}, {0x5032, "RISC-V of 32 bits"}}) {
        if (machine == number) {
            return fmt::format("is a PE file (EFI) for {}, not for 64-bit RISC-V", name);
        }
    }
    return machine == pe_riscv64 ? "is a PE file (EFI) without the header of a Linux Image: take the Image in it"
                                 : fmt::format("is a PE file (EFI) for machine {:#x}, not for 64-bit RISC-V", machine);
}

}  // namespace

std::expected<Kernel, std::string> parse_kernel(std::string_view bytes) {
    if (const auto how = compression_of(bytes); !how.empty()) {
        return std::unexpected{fmt::format("is compressed ({}): unpack it first", how)};
    }
    if (bytes.starts_with("MZ") && bytes.size() > 8 && bytes.substr(4).starts_with("zimg")) {
        return std::unexpected{"is a compressed EFI image (zboot): unpack the Image in it first"};
    }
    if (bytes.starts_with(ELFMAG)) {
        return parse_elf(bytes);
    }
    const auto header = at<LinuxHeader>(bytes, 0);
    const auto machine = machine_of_pe(bytes);
    const bool is_elsewhere = machine && machine != pe_riscv64;
    if (header && (header->magic2 == linux_magic2 || header->magic == linux_magic) && !is_elsewhere) {
        return parse_linux(*header, bytes.size());
    }
    const auto is = [&](const Foreign& foreign) { return has(bytes, foreign); };
    if (const auto* found = std::ranges::find_if(foreigners, is); found != foreigners.end()) {
        return std::unexpected{std::string{found->what}};
    }
    if (machine) {
        return std::unexpected{pe_text(*machine)};
    }
    return Kernel{KernelFormat::raw, {{0, bytes.size(), bytes.size(), 0}}, 0, 0};
}

}  // namespace mullion::partc
