// SPDX-License-Identifier: Apache-2.0
#include "image.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <gelf.h>
#include <unistd.h>

#include <algorithm>
#include <memory>

namespace mullion::audit {
namespace {

class ElfFile {
 public:
    explicit ElfFile(const std::string& path) : path_(path), descriptor_(open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
        if (descriptor_ < 0) {
            throw Error(fmt::format("{}: cannot be read", path));
        }
        elf_version(EV_CURRENT);
        elf_.reset(elf_begin(descriptor_, ELF_C_READ, nullptr));
        check_header();
    }
    ElfFile(const ElfFile&) = delete;
    ElfFile& operator=(const ElfFile&) = delete;
    ~ElfFile() {
        elf_.reset();
        close(descriptor_);
    }

    std::vector<Segment> segments() const {
        std::size_t count = 0;
        elf_getphdrnum(elf_.get(), &count);
        std::vector<Segment> segments;
        for (std::size_t i = 0; i < count; ++i) {
            GElf_Phdr header{};
            if (gelf_getphdr(elf_.get(), static_cast<int>(i), &header) == nullptr) {
                fail("a program header is damaged");
            }
            if (header.p_type == PT_LOAD && header.p_memsz != 0) {
                segments.push_back(segment(header));
            }
        }
        std::ranges::sort(segments, {}, [](const Segment& s) { return s.range.base; });
        const auto meet = [](const Segment& a, const Segment& b) { return a.range.overlaps(b.range); };
        if (segments.empty() || std::ranges::adjacent_find(segments, meet) != segments.end()) {
            fail("it has no segments, or some that overlap");
        }
        return segments;
    }

    std::vector<Section> sections() const {
        std::vector<Section> sections;
        each_section([&](Elf_Scn*, const GElf_Shdr& header) {
            if ((header.sh_flags & SHF_ALLOC) != 0 && header.sh_size != 0) {
                sections.push_back({name_of(header), {header.sh_addr, header.sh_size}});
            }
        });
        std::ranges::sort(sections, {}, [](const Section& s) { return s.range.base; });
        return sections;
    }

    /// Returns the contents of a section that takes no memory, empty if there is none.
    std::vector<std::uint8_t> contents(const std::string& name) const {
        std::vector<std::uint8_t> contents;
        each_section([&](Elf_Scn* section, const GElf_Shdr& header) {
            const Elf_Data* data = name_of(header) == name ? elf_rawdata(section, nullptr) : nullptr;
            if (data != nullptr && data->d_buf != nullptr) {
                const auto* bytes = static_cast<const std::uint8_t*>(data->d_buf);
                contents.assign(bytes, bytes + data->d_size);
            }
        });
        return contents;
    }

    std::uint64_t entry() const {
        GElf_Ehdr header{};
        gelf_getehdr(elf_.get(), &header);
        return header.e_entry;
    }

    std::map<std::string, Symbol> symbols() const {
        std::map<std::string, Symbol> symbols;
        each_section([&](Elf_Scn* section, const GElf_Shdr& header) {
            if (header.sh_type != SHT_SYMTAB || header.sh_entsize == 0) {
                return;
            }
            Elf_Data* data = elf_getdata(section, nullptr);
            for (int i = 0; i < static_cast<int>(header.sh_size / header.sh_entsize); ++i) {
                GElf_Sym symbol{};
                const char* name = gelf_getsym(data, i, &symbol) == nullptr
                                       ? nullptr
                                       : elf_strptr(elf_.get(), header.sh_link, symbol.st_name);
                if (name != nullptr && GELF_ST_BIND(symbol.st_info) == STB_GLOBAL) {
                    symbols[name] = {symbol.st_value, symbol.st_size};
                }
            }
        });
        return symbols;
    }

 private:
    struct End {
        void operator()(Elf* elf) const { elf_end(elf); }
    };

    [[noreturn]] void fail(const std::string& why) const { throw Error(fmt::format("{}: {}", path_, why)); }

    void check_header() const {
        GElf_Ehdr header{};
        if (elf_ == nullptr || gelf_getehdr(elf_.get(), &header) == nullptr || header.e_type != ET_EXEC ||
            header.e_machine != EM_RISCV || header.e_ident[EI_CLASS] != ELFCLASS64 ||
            header.e_ident[EI_DATA] != ELFDATA2LSB) {
            fail("not an ELF executable for 64-bit RISC-V");
        }
    }

    Segment segment(const GElf_Phdr& header) const {
        if (header.p_paddr != header.p_vaddr) {
            fail(fmt::format("the segment at {:#x} is loaded elsewhere, at {:#x}", header.p_vaddr, header.p_paddr));
        }
        if (header.p_paddr + header.p_memsz < header.p_paddr || header.p_filesz > header.p_memsz) {
            fail(fmt::format("the segment at {:#x} has an impossible size", header.p_paddr));
        }
        Segment segment{{header.p_paddr, header.p_memsz}, 0, {}};
        for (const auto& [flag, right] : {std::pair{PF_R, readable}, {PF_W, writable}, {PF_X, executable}}) {
            if ((header.p_flags & flag) != 0) {
                segment.rights |= right;
            }
        }
        if (header.p_filesz != 0) {
            const auto offset = static_cast<std::int64_t>(header.p_offset);
            const auto* data = elf_getdata_rawchunk(elf_.get(), offset, header.p_filesz, ELF_T_BYTE);
            if (data == nullptr) {
                fail(fmt::format("the segment at {:#x} is cut short", header.p_paddr));
            }
            const auto* bytes = static_cast<const std::uint8_t*>(data->d_buf);
            segment.bytes.assign(bytes, bytes + data->d_size);
        }
        return segment;
    }

    std::string name_of(const GElf_Shdr& header) const {
        std::size_t names = 0;
        elf_getshdrstrndx(elf_.get(), &names);
        const char* name = elf_strptr(elf_.get(), names, header.sh_name);
        return name == nullptr ? "" : name;
    }

    template <class Function>
    void each_section(Function function) const {
        for (auto* section = elf_nextscn(elf_.get(), nullptr); section != nullptr;
             section = elf_nextscn(elf_.get(), section)) {
            GElf_Shdr header{};
            if (gelf_getshdr(section, &header) != nullptr) {
                function(section, header);
            }
        }
    }

    std::string path_;
    int descriptor_;
    std::unique_ptr<Elf, End> elf_;
};

}  // namespace

const Segment* Image::segment_of(const Range& range) const {
    const auto holds = [&](const Segment& s) { return s.range.contains(range); };
    const auto it = std::ranges::find_if(segments, holds);
    return it == segments.end() ? nullptr : &*it;
}

namespace {

/// Returns the little-endian number at an address; bytes beyond the file's are 0.
std::uint64_t number_at(const Segment& segment, std::uint64_t address, std::size_t size) {
    const auto offset = address - segment.range.base;
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < size && offset + i < segment.bytes.size(); ++i) {
        number |= std::uint64_t{segment.bytes[offset + i]} << (8 * i);
    }
    return number;
}

}  // namespace

std::optional<std::uint64_t> Image::word(std::uint64_t address) const {
    const auto* segment = segment_of({address, sizeof(std::uint64_t)});
    return segment == nullptr ? std::nullopt : std::optional{number_at(*segment, address, sizeof(std::uint64_t))};
}

std::uint64_t Image::constant(std::uint64_t address, std::size_t size, const std::string& what) const {
    const auto* segment = segment_of({address, size});
    if (segment == nullptr || segment->rights != readable) {
        throw Error(fmt::format("{:#x} is not in a read-only segment, but {} is read from there", address, what));
    }
    return number_at(*segment, address, size);
}

Symbol Image::symbol(const std::string& name) const {
    const auto it = symbols.find(name);
    if (it == symbols.end()) {
        throw Error(fmt::format("the image has no symbol '{}': it is stripped, or another release's", name));
    }
    return it->second;
}

Image read_image(const std::string& path) {
    const ElfFile file{path};
    return {file.segments(), file.sections(), file.symbols(), file.entry(), file.contents(".fields")};
}

}  // namespace mullion::audit
