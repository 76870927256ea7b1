// SPDX-License-Identifier: Apache-2.0
// Provides a scratch folder with images of every format, in which partc runs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "build.hpp"

namespace mullion::partc {

namespace fs = std::filesystem;

/// Makes a new folder, which is removed at the end of the test.
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

/// Makes a scratch folder the current one, with the test board of the folder `tests`.
class Workspace {
 public:
    explicit Workspace(const fs::path& tests);
    ~Workspace();
    Workspace(const Workspace&) = delete;
    Workspace& operator=(const Workspace&) = delete;

    /// Copies good/NAME.dts there, so that messages name the file without a folder, and returns options for the copy.
    Options options(const std::string& name) const;
    /// Returns options for NAME-changed.dts, a copy with `text` instead of each `old`.
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

/// Returns a 64-bit RISC-V executable.
std::string elf(std::uint64_t entry, const std::vector<ElfSegment>& segments);

/// Returns a Linux Image of `size` bytes that takes `image_size` of memory, with text_offset 2 MiB.
std::string linux_image(std::size_t size, std::uint64_t image_size);

/// Writes the files that the tests' descriptions name: linux, initrd, hello (an ELF), raw and broken ones.
void write_images(const fs::path& folder);

/// Returns options that read the test board.
Options test_options(const fs::path& file, const Scratch& scratch);

/// Returns a text file of the source tree.
std::string text_of(const fs::path& path);

}  // namespace mullion::partc
