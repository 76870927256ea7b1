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

TEST(Kernel, RefusesElfsOfAnotherMachine) {
    for (const auto& file :
         {broken_elf<std::uint16_t>(offsetof(Elf64_Ehdr, e_machine), EM_X86_64),
          broken_elf<std::uint16_t>(offsetof(Elf64_Ehdr, e_type), ET_REL), broken_elf<char>(EI_CLASS, ELFCLASS32),
          broken_elf<char>(EI_DATA, ELFDATA2MSB), std::string{ELFMAG}}) {
        EXPECT_EQ(refusal(file), "is an ELF, but no 64-bit RISC-V executable");
    }
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

TEST(Kernel, RefusesAnElfWithNothingToLoad) {
    EXPECT_EQ(refusal(elf(0x1000, {})), "is an ELF with nothing to load");
}

TEST(Kernel, NamesTheCompression) {
    for (const auto& [magic, name] : {std::pair{"\x1f\x8b", "gzip"},
                                      {"\xfd"
                                       "7zXZ",
                                       "xz"},
                                      {"BZh9", "bzip2"}}) {
        EXPECT_THAT(refusal(std::string{magic} + "..."), HasSubstr(name));
    }
    EXPECT_THAT(refusal(std::string{"MZ\0\0zimg", 8} + std::string(64, 'z')), HasSubstr("zboot"));
}

}  // namespace
}  // namespace mullion::partc
