// SPDX-License-Identifier: Apache-2.0
// Compares a linked mullion.elf with the description that it was built from. Shares no code with partc or the
// hypervisor, so that a mistake there is not repeated here.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "audit.hpp"
#include "map.hpp"
#include "raw.hpp"

namespace {

using namespace mullion::audit;

std::string contents_of(const std::string& path) {
    std::ifstream stream{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{stream}, {}};
}

/// Returns whether the image is as asked.
bool run(const std::string& description, const std::string& elf, const std::string& raw, const std::string& output) {
    constexpr std::size_t enough = 50;
    const Tree tree{contents_of(description)};
    const auto image = read_image(elf);
    auto report = audit(image, read_requirements(tree));
    if (!raw.empty()) {
        const auto bytes = contents_of(raw);
        std::ranges::move(judge_raw(image, {bytes.begin(), bytes.end()}), std::back_inserter(report.mismatches));
    }
    for (std::size_t i = 0; i < std::min(report.mismatches.size(), enough); ++i) {
        std::cerr << "audit: " << text_of(report.mismatches[i]) << '\n';
    }
    if (!report.mismatches.empty()) {
        std::cerr << fmt::format("audit: {}: {} differences from the description; do not run it\n", elf,
                                 report.mismatches.size());
        return false;
    }
    if (output.empty()) {
        std::cout << map_of(report);
        return true;
    }
    std::ofstream stream{output};
    stream << map_of(report);
    stream.close();
    if (stream.fail()) {
        throw Error(output + ": cannot be written");
    }
    return true;
}

}  // namespace

int main(int argc, char** argv) {
    std::string description;
    std::string elf;
    std::string raw;
    std::string output;
    CLI::App app{"audit: is a mullion.elf what its description asks for?"};
    app.add_option("description", description, "The description as dtc -@ makes it (.dtb)")
        ->required()
        ->check(CLI::ExistingFile);
    app.add_option("elf", elf, "The linked hypervisor")->required()->check(CLI::ExistingFile);
    app.add_option("--raw", raw, "What boot loaders take of it (mullion.bin), to be held against it byte for byte")
        ->check(CLI::ExistingFile);
    app.add_option("--output", output, "Where the map goes, once all is well; else it is printed");
    CLI11_PARSE(app, argc, argv);
    try {
        return run(description, elf, raw, output) ? 0 : 1;
    } catch (const Error& error) {
        std::cerr << "audit: " << error.what() << '\n';
        return 1;
    }
}
