// SPDX-License-Identifier: Apache-2.0
// Makes images and descriptions for the tests.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "image.hpp"
#include "requirements.hpp"

namespace mullion::audit {

/// Makes an image with read-only memory for handmade tables: `pages` pages of zeros at `tables`.
inline constexpr std::uint64_t tables = 0x8000'0000;
Image make_image(std::uint64_t pages);

/// Writes a word of an image. Requires: it is part of the file.
void poke(Image& image, std::uint64_t address, std::uint64_t value);
inline void flip(Image& image, std::uint64_t address, unsigned bit) {
    poke(image, address, image.word(address).value() ^ std::uint64_t{1} << bit);
}

/// Compiles a source by `dtc -@`.
Tree compile(const std::string& source);

/// Has what was built in build/PLATFORM/NAME: the image, and what its description asks for.
struct Build {
    Image image;
    Requirements asked;
};
Build load_build(const std::string& name, const std::string& platform = "qemu");

/// Reads a build's mullion.bin.
std::vector<std::uint8_t> load_raw(const std::string& name, const std::string& platform = "qemu");

}  // namespace mullion::audit
