// SPDX-License-Identifier: Apache-2.0
// images FOLDER: an image of each format, as small as it can be, under the names that the descriptions of the tests
// use.
#include <filesystem>

#include "fixture.hpp"
#include "partc/files.hpp"

int main(int, char** argv) {
    using namespace mullion;
    const std::filesystem::path folder = argv[1];
    std::filesystem::create_directories(folder);
    const bool written =
        partc::write(folder / "linux", partc::linux_image(64, 2 * mebi)) && partc::write(folder / "initrd", "r") &&
        partc::write(folder / "raw", "b") &&
        partc::write(folder / "hello",
                     partc::elf(0x8020'0010, {{0x8020'0000, "text", 4096}, {0x8020'1000, "data", 8192}}));
    return written ? 0 : 1;
}
