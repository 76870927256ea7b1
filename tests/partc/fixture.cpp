// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"

#include <elf.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

#include "core/address.hpp"
#include "files.hpp"

namespace mullion::partc {

Scratch::Scratch() {
    auto name = (fs::temp_directory_path() / "partc-XXXXXX").string();
    path_ = mkdtemp(name.data());
    write_images(path_ / "images");
}

Scratch::~Scratch() {
    fs::remove_all(path_);
}

namespace {

template <class T>
std::string raw_bytes(const T& value) {
    return {reinterpret_cast<const char*>(&value), sizeof value};
}

}  // namespace

std::string elf(std::uint64_t entry, const std::vector<ElfSegment>& segments) {
    Elf64_Ehdr header{};
    std::memcpy(header.e_ident, ELFMAG, SELFMAG);
    header.e_ident[EI_CLASS] = ELFCLASS64;
    header.e_ident[EI_DATA] = ELFDATA2LSB;
    header.e_ident[EI_VERSION] = EV_CURRENT;
    header.e_version = EV_CURRENT;
    header.e_ehsize = sizeof header;
    header.e_type = ET_EXEC;
    header.e_machine = EM_RISCV;
    header.e_entry = entry;
    header.e_phoff = sizeof header;
    header.e_phentsize = sizeof(Elf64_Phdr);
    header.e_phnum = static_cast<Elf64_Half>(segments.size());

    auto table = raw_bytes(header);
    std::string contents;
    for (const auto& segment : segments) {
        Elf64_Phdr program{};
        program.p_type = PT_LOAD;
        program.p_flags = PF_R | PF_W | PF_X;
        program.p_offset = sizeof header + segments.size() * sizeof program + contents.size();
        program.p_paddr = segment.address;
        program.p_filesz = segment.bytes.size();
        program.p_memsz = segment.memory_size;
        table += raw_bytes(program);
        contents += segment.bytes;
    }
    return table + contents;
}

std::string linux_image(std::size_t size, std::uint64_t image_size) {
    std::string image(size, 'k');
    const std::array<std::uint64_t, 3> offset_size_flags{2 * mebi, image_size, 0};
    std::memcpy(image.data() + 8, offset_size_flags.data(), sizeof offset_size_flags);
    std::memcpy(image.data() + 0x30, "RISCV\0\0\0RSC\x05", 12);
    return image;
}

void write_images(const fs::path& folder) {
    fs::create_directories(folder);
    write(folder / "linux", linux_image(3 * mebi + 100, 4 * mebi));
    for (const auto* ramdisk : {"initrd", "initrd-disk"}) {
        write(folder / ramdisk, std::string(mebi, 'r'));
    }
    write(folder / "hello",
          elf(0x8020'0010, {{0x8020'0000, std::string(300, 't'), 300}, {0x8020'1000, std::string(20, 'd'), 8192}}));
    write(folder / "raw", std::string(1000, 'b'));
    write(folder / "empty", "");
    write(folder / "big", "b");
    fs::resize_file(folder / "big", 64 * mebi);
    write(folder / "compressed", "\x1f\x8b\x08 and so on");
    write(folder / "outside", elf(0x7000'0000, {{0x7000'0000, "text", 4}}));
    write(folder / "elsewhere", elf(0x8000'0004, {{0x8000'0000, "text", 4}}));
    auto data = elf(0x8000'0000, {{0x8000'0000, "text", 4}});
    data[sizeof(Elf64_Ehdr) + offsetof(Elf64_Phdr, p_flags)] = PF_R | PF_W;
    write(folder / "data", data);
    write(folder / "crossed", elf(0x8000'0000, {{0x8000'0000, std::string(64, 'a'), 64}, {0x8000'0020, "b", 1}}));
    auto foreign = elf(0x8000'0000, {{0x8000'0000, "text", 4}});
    foreign[offsetof(Elf64_Ehdr, e_machine)] = EM_386;
    write(folder / "foreign", foreign);
    write(folder / "arm64", std::string(56, 'k') + "ARM\x64");
}

Options test_options(const fs::path& file, const Scratch& scratch) {
    return {.file = file,
            .platform = "board",
            .include_folders = {"board"},
            .load_address = 0x8020'0000,
            .images = "images",
            .instead = {},
            .color = false,
            .hint = {},
            .output = scratch.path() / "out"};
}

std::string text_of(const fs::path& path) {
    return contents(path).value_or("no file " + path.string());
}

Workspace::Workspace(const fs::path& tests) : tests_(tests) {
    fs::current_path(scratch_.path());
    fs::create_symlink(tests_ / "board", "board");
}

Workspace::~Workspace() {
    fs::current_path("/");
}

Options Workspace::options(const std::string& name) const {
    const auto file = name + ".dts";
    fs::copy_file(tests_ / "good" / file, file, fs::copy_options::overwrite_existing);
    return test_options(file, scratch_);
}

Options Workspace::changed(const std::string& name, const std::string& old, const std::string& text) const {
    auto source = text_of(tests_ / "good" / (name + ".dts"));
    const auto file = name + "-changed.dts";
    std::size_t count = 0;
    for (auto at = source.find(old); at != std::string::npos; at = source.find(old, at + text.size())) {
        source.replace(at, old.size(), text);
        ++count;
    }
    if (count == 0) {
        throw std::runtime_error{"nothing to change: " + old};
    }
    write(file, source);
    return test_options(file, scratch_);
}

}  // namespace mullion::partc
