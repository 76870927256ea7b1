// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <sstream>

namespace mullion::audit {
namespace {

std::string contents_of(const std::filesystem::path& path) {
    std::ifstream stream{path, std::ios::binary};
    if (!stream) {
        throw Error(path.string() + " is missing: build the descriptions first (make test)");
    }
    return {std::istreambuf_iterator<char>{stream}, {}};
}

}  // namespace

Image make_image(std::uint64_t pages) {
    Image image;
    image.segments.push_back({{tables, pages * page_size}, readable, std::vector<std::uint8_t>(pages * page_size)});
    return image;
}

void poke(Image& image, std::uint64_t address, std::uint64_t value) {
    for (auto& segment : image.segments) {
        if (segment.range.contains({address, sizeof value})) {
            for (unsigned i = 0; i < sizeof value; ++i) {
                segment.bytes.at(address - segment.range.base + i) = static_cast<std::uint8_t>(value >> (8 * i));
            }
            return;
        }
    }
    throw Error("poke: no such address in the image");
}

Tree compile(const std::string& source) {
    std::string folder = (std::filesystem::temp_directory_path() / "audit-XXXXXX").string();
    if (mkdtemp(folder.data()) == nullptr) {
        throw Error("no temporary folder");
    }
    std::ofstream{folder + "/in.dts"} << source;
    const auto command = "dtc -q -q -@ -I dts -O dtb -o " + folder + "/out.dtb " + folder + "/in.dts";
    const bool ok = std::system(command.c_str()) == 0;
    const auto blob = ok ? contents_of(folder + "/out.dtb") : "";
    std::filesystem::remove_all(folder);
    return Tree{blob};
}

Build load_build(const std::string& name, const std::string& platform) {
    const auto folder = std::filesystem::path{MULLION_BUILD} / platform / name;
    const Tree tree{contents_of(folder / "description.dtb")};
    return {read_image(folder / "mullion.elf"), read_requirements(tree)};
}

std::vector<std::uint8_t> load_raw(const std::string& name, const std::string& platform) {
    const auto bytes = contents_of(std::filesystem::path{MULLION_BUILD} / platform / name / "mullion.bin");
    return {bytes.begin(), bytes.end()};
}

}  // namespace mullion::audit
