// SPDX-License-Identifier: Apache-2.0
// partc compiles a description of partitions, as dtc compiles a device tree.
#include <CLI/CLI.hpp>

#include <iostream>
#include <string>
#include <vector>

#include "build.hpp"

int main(int argc, char** argv) {
    mullion::partc::Options options;
    std::vector<std::string> instead;

    CLI::App app{"partc: the partition compiler of Mullion"};
    app.require_subcommand(1);
    auto* build = app.add_subcommand("build", "Check a description and write what the build needs of it");
    build->add_option("file", options.file, "The description (.dts)")->required()->check(CLI::ExistingFile);
    build->add_option("--platform", options.platform, "The board's name")->required();
    build->add_option("--include", options.include_folders, "Where platform.dtsi is")
        ->required()
        ->check(CLI::ExistingDirectory)
        ->allow_extra_args(false);
    build->add_option("--cpu", options.cpu, "What the harts are: a file in cpus/ beside platform.dtsi")->required();
    build->add_option("--load-address", options.load_address, "Where the boot loader puts the image")->required();
    build->add_option("--images", options.images, "Where images are that are not beside the description")->required();
    build->add_option("--image", instead, "[GUEST.]kernel=FILE or [GUEST.]ramdisk=FILE, in place of what is described")
        ->allow_extra_args(false);
    build->add_flag("--color", options.color, "Console tags in colour");
    build->add_option("--output", options.output, "The folder to write to")->required();
    CLI11_PARSE(app, argc, argv);

    for (const auto& image : instead) {
        const auto equals = image.find('=');
        if (equals == std::string::npos) {
            std::cerr << "partc: --image " << image << ": write [GUEST.]kernel=FILE or [GUEST.]ramdisk=FILE\n";
            return 1;
        }
        options.instead[image.substr(0, equals)] = image.substr(equals + 1);
    }
    const auto result = mullion::partc::build(options);
    std::cerr << result.messages;
    return result.ok ? 0 : 1;
}
