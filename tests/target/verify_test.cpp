// SPDX-License-Identifier: Apache-2.0
// Tests that images are held against their digests before every start, and that a guest whose images differ does not
// start.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "probe.hpp"

namespace mullion::target {
namespace {

namespace fs = std::filesystem;

const fs::path build = MULLION_BUILD;

std::string contents(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

struct Harts {
    std::string description;
    std::string cpu;
};

class Verify : public testing::TestWithParam<Harts> {
 protected:
    /// Makes the machine's image with a bit changed in the last byte of the guests' kernel file: debug information,
    /// which is in the image and is not loaded.
    fs::path altered_image() const {
        auto image = contents(build / "qemu" / GetParam().description / "mullion.bin");
        const auto kernel = contents(build / "images" / "probe");
        const auto at = image.find(kernel);
        EXPECT_NE(at, std::string::npos) << "the kernel is not in the image";
        image[at + kernel.size() - 1] ^= 0x10;
        const auto path = fs::path(MULLION_TARGET_FOLDER) / ("altered-" + GetParam().description + ".bin");
        std::ofstream(path, std::ios::binary) << image;
        return path;
    }

    Options options(std::vector<std::string> extra = {}) const {
        return {.description = GetParam().description, .cpu = GetParam().cpu, .extra = std::move(extra)};
    }
};

TEST_P(Verify, StartsAGuestWhoseImagesAreAsBuiltAgainAndAgain) {
    Machine machine(options());
    expect_ready(machine, "alpha");
    machine.type("srst.cold\r");
    machine.expect_line("mullion", "^alpha reboots$");
    expect_ready(machine, "alpha");
}

TEST_P(Verify, RefusesAChangedImageAndLeavesTheNeighbour) {
    const auto image = altered_image();
    Machine machine(options({"-kernel", image}));
    machine.expect_line(
        "mullion", "^alpha cannot start: its image probe is not the one that was built \\(its SHA-256 differs\\)$");
    machine.expect_line("beta", "^probe: beat ");
    machine.expect_line("beta", "^probe: beat ");
    machine.type_key('r');
    machine.expect_line("mullion", "^alpha starts$");
    machine.expect_line("mullion", "^alpha cannot start: ");
    machine.type_key('s');
    machine.expect_line("mullion", "^alpha: crashed$");
    machine.expect_line("beta", "^probe: beat ");
    fs::remove(image);
}

INSTANTIATE_TEST_SUITE_P(On, Verify,
                         testing::Values(Harts{"verified", "rv64,h=true"}, Harts{"verified.max", "max,h=true"}),
                         [](const auto& harts) { return test_name(harts.param.description); });

}  // namespace
}  // namespace mullion::target
