// SPDX-License-Identifier: Apache-2.0
// A scratch folder with images of every format, and partc run in it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "build.hpp"

namespace mullion::partc {

namespace fs = std::filesystem;

/// A new folder that is gone when the test is.
class Scratch {
 public:
    Scratch();
    ~Scratch();
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;

    const fs::path& path() const { return path_; }

 private:
    fs::path path_;
};

/// A scratch folder as the current one, with the test board of the folder `tests` in it.
class Workspace {
 public:
    explicit Workspace(const fs::path& tests);
    ~Workspace();
    Workspace(const Workspace&) = delete;
    Workspace& operator=(const Workspace&) = delete;

    /// Puts good/NAME.dts there too, which messages then name without a folder.
    Options options(const std::string& name) const;
    /// The same with `text` in place of each `old`; the file is NAME-changed.dts.
    Options changed(const std::string& name, const std::string& old, const std::string& text) const;

 private:
    const fs::path tests_;
    const Scratch scratch_;
};

struct ElfSegment {
    std::uint64_t address = 0;
    std::string bytes;
    std::uint64_t memory_size = 0;
};

/// A 64-bit RISC-V executable.
std::string elf(std::uint64_t entry, const std::vector<ElfSegment>& segments);

/// A Linux Image of `size` bytes that takes `image_size` of memory, 2 MiB behind its start.
std::string linux_image(std::size_t size, std::uint64_t image_size);

/// The files that the descriptions of the tests name: linux, initrd, hello (an ELF), raw and broken ones.
void write_images(const fs::path& folder);

/// Options that read the test board.
Options test_options(const fs::path& file, const Scratch& scratch);

/// A text file of the source tree.
std::string text_of(const fs::path& path);

}  // namespace mullion::partc
