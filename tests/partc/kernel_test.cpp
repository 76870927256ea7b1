// SPDX-License-Identifier: Apache-2.0
#include "kernel.hpp"

#include <elf.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/address.hpp"
#include "fixture.hpp"

namespace mullion::partc {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

TEST(Kernel, ReadsTheHeaderOfALinuxImage) {
    const auto kernel = parse_kernel(linux_image(3000, 4 * mebi));
    ASSERT_TRUE(kernel);
    EXPECT_EQ(kernel->format, KernelFormat::linux_image);
    EXPECT_EQ(kernel->text_offset, 2 * mebi);
    ASSERT_THAT(kernel->segments, SizeIs(1));
    EXPECT_EQ(kernel->segments[0].size, 3000);
    EXPECT_EQ(kernel->segments[0].memory_size, 4 * mebi);
}

TEST(Kernel, GivesALinuxImageWholeBlocksForAtLeastItsFile) {
    EXPECT_EQ(parse_kernel(linux_image(3000, 4 * mebi + 1))->segments[0].memory_size, 6 * mebi);
    EXPECT_EQ(parse_kernel(linux_image(3000, 0))->segments[0].memory_size, 2 * mebi);
}

TEST(Kernel, ReadsTheSegmentsOfAnElf) {
    const auto file = elf(0x1004, {{0x1000, "text", 4}, {0x2000, "data", 100}});
    const auto kernel = parse_kernel(file);
    ASSERT_TRUE(kernel);
    EXPECT_EQ(kernel->format, KernelFormat::elf);
    EXPECT_EQ(kernel->entry, 0x1004);
    ASSERT_THAT(kernel->segments, SizeIs(2));
    EXPECT_EQ(file.substr(kernel->segments[1].offset, kernel->segments[1].size), "data");
    EXPECT_EQ(kernel->segments[1].address, 0x2000);
    EXPECT_EQ(kernel->segments[1].memory_size, 100);
}

TEST(Kernel, LeavesOutSegmentsWithoutMemory) {
    const auto kernel = parse_kernel(elf(0x1000, {{0x1000, "text", 4}, {0x2000, "", 0}}));
    ASSERT_TRUE(kernel);
    EXPECT_THAT(kernel->segments, SizeIs(1));
}

TEST(Kernel, TakesAnythingElseAsItIs) {
    const auto kernel = parse_kernel("\x13");
    ASSERT_TRUE(kernel);
    EXPECT_EQ(kernel->format, KernelFormat::raw);
    EXPECT_EQ(kernel->segments[0].memory_size, 1);
}

TEST(Kernel, KnowsWhatIsNoKernel) {
    const auto holding = [](std::size_t at, std::string_view magic) {
        std::string file(1024, '\0');
        file.replace(at, magic.size(), magic);
        return file;
    };
    EXPECT_THAT(parse_kernel(holding(0, "\x27\x05\x19\x56")).error(), HasSubstr("uImage"));
    EXPECT_THAT(parse_kernel(holding(0, "\xd0\x0d\xfe\xed")).error(), HasSubstr("device tree"));
    EXPECT_THAT(parse_kernel(holding(0, "070701")).error(), HasSubstr("cpio"));
    EXPECT_THAT(parse_kernel(holding(0, "070707")).error(), HasSubstr("cpio"));
    EXPECT_THAT(parse_kernel(holding(0, "\xc7\x71")).error(), HasSubstr("cpio"));
    EXPECT_THAT(parse_kernel(holding(0, "hsqs")).error(), HasSubstr("squashfs"));
    EXPECT_THAT(parse_kernel(holding(0, "sqsh")).error(), HasSubstr("squashfs"));
    EXPECT_THAT(parse_kernel(holding(56, "ARM\x64")).error(), HasSubstr("arm64"));
    EXPECT_THAT(parse_kernel(holding(514, "HdrS")).error(), HasSubstr("x86"));
    EXPECT_TRUE(parse_kernel(holding(1, "070701")));
}

/// Writes `value` over a field of the header of an otherwise good ELF.
template <class T>
std::string broken_elf(std::size_t offset, T value) {
    auto file = elf(0x1000, {{0x1000, "text", 4}});
    file.replace(offset, sizeof value, std::string{reinterpret_cast<const char*>(&value), sizeof value});
    return file;
}

std::string refusal(const std::string& file) {
    const auto kernel = parse_kernel(file);
    return kernel ? "nothing" : kernel.error();
}

TEST(Kernel, SaysWhatAnElfIsThatIsNoExecutableOfRiscV) {
    const auto machine = [](std::uint16_t number) {
        return broken_elf<std::uint16_t>(offsetof(Elf64_Ehdr, e_machine), number);
    };
    const auto type = [](std::uint16_t number) {
        return broken_elf<std::uint16_t>(offsetof(Elf64_Ehdr, e_type), number);
    };
    for (const auto& [file, what] : std::vector<std::pair<std::string, std::string>>{
             {machine(EM_X86_64), "it is for x86-64"},
             {machine(EM_AARCH64), "it is for arm64"},
             {machine(250), "it is for machine 250"},
             {type(ET_REL), "it is an object file, which is yet to be linked"},
             {type(ET_CORE), "its type is 4"},
             {broken_elf<char>(EI_CLASS, ELFCLASS32), "it is of 32 bits"},
             {broken_elf<char>(EI_CLASS, 3), "its class is none that there is"},
             {broken_elf<char>(EI_VERSION, 2), "its version is 2, not 1"},
             {broken_elf<std::uint32_t>(offsetof(Elf64_Ehdr, e_version), 0), "its version is 0, not 1"},
             {broken_elf<std::uint16_t>(offsetof(Elf64_Ehdr, e_ehsize), 52), "its header has 52 bytes, not 64"},
             {broken_elf<std::uint32_t>(offsetof(Elf64_Ehdr, e_flags), 0x0d), "it is for RV64E, of 16 registers"},
             {broken_elf<char>(EI_DATA, ELFDATA2MSB), "it is big-endian"},
             {ELFMAG, "it ends within its header"},
             {elf(0x1000, {{0x1000, "text", 4}}).substr(0, sizeof(Elf64_Ehdr) - 1), "it ends within its header"}}) {
        EXPECT_EQ(refusal(file), "is an ELF, but no 64-bit RISC-V executable: " + what);
    }
    EXPECT_THAT(refusal(type(ET_DYN)), HasSubstr("position-independent"));
}

TEST(Kernel, RefusesElfsWithProgramHeadersOfAnotherSize) {
    for (const std::uint16_t size : {0, 32, 55, 57, 0xffff}) {
        EXPECT_EQ(refusal(broken_elf<std::uint16_t>(offsetof(Elf64_Ehdr, e_phentsize), size)),
                  "is an ELF with 1 program headers of " + std::to_string(size) + " bytes, which none has");
    }
    EXPECT_THAT(refusal(broken_elf<std::uint16_t>(offsetof(Elf64_Ehdr, e_phnum), PN_XNUM)),
                HasSubstr("65535 program headers"));
}

TEST(Kernel, RefusesElfsWhoseSegmentsMeetOrWrap) {
    EXPECT_EQ(refusal(elf(0x1000, {{0x2000, "data", 4}, {0x1000, "text", 0x1001}})),
              "is an ELF whose segments at 0x1000 and 0x2000 overlap");
    EXPECT_EQ(refusal(elf(0x1000, {{0x1000, "text", 0x1000}, {0x2000, "data", 4}})), "nothing");
    EXPECT_EQ(refusal(elf(0x1000, {{~std::uint64_t{0}, "ab", 2}, {0x1000, "text", 4}})),
              "is an ELF whose segment at 0xffffffffffffffff wraps around the end of all addresses");
}

TEST(Kernel, RefusesElfsThatPointOutsideTheFile) {
    EXPECT_THAT(refusal(broken_elf<std::uint64_t>(offsetof(Elf64_Ehdr, e_phoff), ~std::uint64_t{0})),
                HasSubstr("before its program headers"));
    constexpr auto segment = sizeof(Elf64_Ehdr);
    EXPECT_THAT(refusal(broken_elf<std::uint64_t>(segment + offsetof(Elf64_Phdr, p_offset), ~std::uint64_t{0})),
                HasSubstr("segment 0 is outside the file"));
    EXPECT_THAT(refusal(broken_elf<std::uint64_t>(segment + offsetof(Elf64_Phdr, p_filesz), 5)),
                HasSubstr("segment 0 is outside the file"));
}

TEST(Kernel, RefusesElfsForADynamicLinker) {
    constexpr auto type = sizeof(Elf64_Ehdr) + offsetof(Elf64_Phdr, p_type);
    EXPECT_THAT(refusal(broken_elf<std::uint32_t>(type, PT_INTERP)), HasSubstr("PT_INTERP"));
    EXPECT_THAT(refusal(broken_elf<std::uint32_t>(type, PT_DYNAMIC)), HasSubstr("PT_DYNAMIC"));
    EXPECT_EQ(refusal(broken_elf<std::uint32_t>(type, PT_NOTE)), "is an ELF with nothing to load");
}

TEST(Kernel, RefusesAnElfWithNothingToLoad) {
    EXPECT_EQ(refusal(elf(0x1000, {})), "is an ELF with nothing to load");
}

TEST(Kernel, NamesTheCompression) {
    using namespace std::string_literals;
    for (const auto& [magic, name] : {std::pair{"\x1f\x8b"s, "gzip"},
                                      {"\xfd"
                                       "7zXZ\0"s,
                                       "xz"},
                                      {"BZh9"s, "bzip2"},
                                      {"\x28\xb5\x2f\xfd"s, "zstd"},
                                      {"\x04\x22\x4d\x18"s, "lz4"},
                                      {"\x02\x21\x4c\x18"s, "lz4"},
                                      {"\x89LZO\0\r\n\x1a\n"s, "lzo"},
                                      {"LZIP\1"s, "lzip"},
                                      {"\x1f\x1e"s, "pack"},
                                      {"\x1f\x9d\x90"s, "compress"},
                                      {"\x1f\x9f"s, "freeze"},
                                      {"\x1f\xa0"s, "lzh"},
                                      {"LRZI"s, "lrzip"},
                                      {"Rar!\x1a\x07\1\0"s, "rar"},
                                      {"\xff\6\0\0sNaPpY"s, "snappy"},
                                      {"\x50\x2a\x4d\x18"s, "zstd"},
                                      {"\x5f\x2a\x4d\x18"s, "zstd"},
                                      {"\x1e\xb5\x2f\xfd"s, "zstd"},
                                      {"\x22\xb5\x2f\xfd"s, "zstd"},
                                      {"\x27\xb5\x2f\xfd"s, "zstd"},
                                      {"bvx2"s, "lzfse"},
                                      {"bvx-"s, "lzfse"},
                                      {"\x78\x9c\x4b\x4c\x4a\6\0\2"s, "zlib"},
                                      {"\x78\xbb\1\2\3\4\x4b\x4c\x4a\6\0\2"s, "zlib"},
                                      {"\x78\xda\x4b\x4c\x4a\6\0\2"s, "zlib"},
                                      {"\x78\1\1\3\0\xfc\xff"
                                       "abc"s,
                                       "zlib"},
                                      {"\x58\x85\x4b\x4c\x4a\6\0\2"s, "zlib"},
                                      {"\x5d\0\0\x80\0\xff\xff\xff\xff\xff\xff\xff\xff\0"s, "lzma"},
                                      {"\x5d\0\0\0\4\0\0\0\1\0\0\0\0\0"s, "lzma"},
                                      {"\0\0\x10\0\0\x40\0\0\0\0\0\0\0\0"s, "lzma"},
                                      {"\xe0\0\0\x30\0\xff\xff\xff\xff\xff\xff\xff\xff\0"s, "lzma"}}) {
        EXPECT_EQ(refusal(magic + "...").find("is compressed ("s + name), 0) << name;
    }
}

TEST(Kernel, TakesWhatLooksCompressedAtFirstSight) {
    using namespace std::string_literals;
    for (const auto& file :
         {"\x5d\0\0\x80\0\0\0\0\0\0\0\0\1\0 no size of a file"s,
          "\x5d\1\0\x80\0\xff\xff\xff\xff\xff\xff\xff\xff\0 no dictionary"s,
          "\x5d\0\0\x80\0\xff\xff\xff\xff\xff\xff\xff\xff\1 no stream"s,
          "\xe1\0\0\x80\0\xff\xff\xff\xff\xff\xff\xff\xff\0 no properties"s,
          "\x73\0\x10\0"s + std::string(64, '\0'),  // ebreak, and nothing
          "\x40\x2a\x4d\x18 no frame"s, "\x78\x9d\x4b\x4c\x4a\6\0\2 no checksum"s, "\x78\x9c\6\0\0\0\0\0 no block"s,
          "\x78\1\0\3\0\xfd\xff\0 no length"s, "\x79\x7b\x4b\x4c\x4a\6\0\2 no method"s}) {
        EXPECT_EQ(refusal(file), "nothing") << file;
    }
}

TEST(Kernel, KnowsACompressedImageOfEfi) {
    using namespace std::string_literals;
    EXPECT_THAT(refusal("MZ\0\0zimg"s + std::string(64, 'z')), HasSubstr("zboot"));
}

/// A PE file for `machine`, and with the header of a Linux Image where there is a `magic2`.
std::string pe(std::uint16_t machine, const std::string& magic2 = {}) {
    constexpr std::size_t header = 0x40;
    std::string file(1024, '\0');
    file.replace(0, 2, "MZ");
    file[0x3c] = header;
    file.replace(header, 2, "PE");
    file[header + 4] = static_cast<char>(machine);
    file[header + 5] = static_cast<char>(machine >> 8);
    return file.replace(0x38, magic2.size(), magic2);
}

TEST(Kernel, TakesAPeFileForALinuxImageWhereItHasOnesHeader) {
    EXPECT_EQ(parse_kernel(pe(0x5064, "RSC\x05"))->format, KernelFormat::linux_image);
    EXPECT_EQ(refusal(pe(0x5064)), "is a PE file (EFI) without the header of a Linux Image: take the Image in it");
    EXPECT_EQ(refusal(pe(0xaa64)), "is a PE file (EFI) for arm64, not for 64-bit RISC-V");
    EXPECT_EQ(refusal(pe(0x8664)), "is a PE file (EFI) for x86-64, not for 64-bit RISC-V");
    EXPECT_EQ(refusal(pe(0x6264)), "is a PE file (EFI) for machine 0x6264, not for 64-bit RISC-V");
    EXPECT_EQ(refusal(pe(0x5032, "RSC\x05")), "is a PE file (EFI) for RISC-V of 32 bits, not for 64-bit RISC-V");
    EXPECT_EQ(refusal("MZ, which is an instruction, too"), "nothing");
}

TEST(Kernel, RefusesALinuxImageThatNoGuestCouldRun) {
    auto big_endian = linux_image(3000, 4 * mebi);
    big_endian[0x18] = 1;
    EXPECT_EQ(refusal(big_endian), "is a big-endian Linux Image: Mullion's guests are little-endian");
    EXPECT_EQ(refusal(linux_image(3000, ~std::uint64_t{0})),
              "is a Linux Image of 0xffffffffffffffff bytes at offset 0x200000, which no memory has");
    auto far = linux_image(3000, 4 * mebi);
    far[0x0f] = '\xff';
    EXPECT_EQ(refusal(far), "is a Linux Image of 0x400000 bytes at offset 0xff00000000200000, which no memory has");
    auto old = linux_image(3000, 4 * mebi);
    old.replace(0x38, 4, 4, '\0');
    EXPECT_EQ(parse_kernel(old)->format, KernelFormat::linux_image) << "the first version had one magic number";
}

}  // namespace
}  // namespace mullion::partc
