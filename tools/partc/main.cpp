// SPDX-License-Identifier: Apache-2.0
// Compiles descriptions of partitions, as dtc compiles device trees, and shows what they mean.
#include <CLI/CLI.hpp>

#include <algorithm>
#include <functional>
#include <iostream>
#include <string>
#include <vector>

#include "build.hpp"
#include "diff.hpp"
#include "explain.hpp"
#include "guest_source.hpp"
#include "map.hpp"
#include "new_board.hpp"
#include "report.hpp"
#include "vocabulary.hpp"

namespace mullion::partc {
namespace {

constexpr auto purpose = R"(partc: the partition compiler of Mullion

A description (.dts) says which guest gets which harts, memory and devices. `build` turns it into what
the hypervisor is compiled from; the other verbs show what comes of it or help to write one.)";

constexpr auto example = R"(
Examples, from the root of the sources, where `make` has put the images in build/images:
  read="--platform qemu --include dts/platform/qemu --load-address 0x80200000 --images build/images"
  partc report $read dts/two-linux.dts
  partc explain $read dts/two-linux.dts 0x101000
  partc map --svg $read dts/two-linux.dts >map.svg
  partc words

Messages name FILE:LINE and go to standard error, warnings first. Exit status: 0, or 1 when a description is
wrong. `partc VERB --help` tells more of each verb; docs/bindings tells what a description may say.)";

struct Arguments {
    Options options;
    NewBoardOptions new_board;
    std::vector<std::string> instead;
    std::string guest;
    std::string after;
    std::uint64_t address = 0;
};

/// Adds the options that every verb needs to read a description.
void add_reading(CLI::App& verb, Arguments& arguments) {
    auto& options = arguments.options;
    verb.add_option("file", options.file, "The description (.dts)")->required()->check(CLI::ExistingFile);
    verb.add_option("--platform", options.platform, "The board's name")->required();
    verb.add_option("--include", options.include_folders, "Where platform.dtsi is")
        ->required()
        ->check(CLI::ExistingDirectory)
        ->allow_extra_args(false);
    verb.add_option("--load-address", options.load_address, "Where the boot loader puts the image")->required();
    verb.add_option("--images", options.images, "Where images are that are not beside the description")->required();
    verb.add_option("--image", arguments.instead,
                    "[GUEST.]kernel=FILE or [GUEST.]ramdisk=FILE, in place of what is described")
        ->allow_extra_args(false);
}

bool split_instead(Arguments& arguments) {
    for (const auto& image : arguments.instead) {
        const auto equals = image.find('=');
        if (equals == std::string::npos) {
            std::cerr << "partc: --image " << image << ": write [GUEST.]kernel=FILE or [GUEST.]ramdisk=FILE\n";
            return false;
        }
        arguments.options.instead[image.substr(0, equals)] = image.substr(equals + 1);
    }
    return true;
}

struct Verb {
    CLI::App* app = nullptr;
    std::function<Result(const Arguments&)> run;
};

constexpr auto build_details = R"(
Writes description.hpp, images.S, layout.ld, report.txt, qemu.args, partc.d (a make rule) and GUEST.dtb.
Nothing is written when something is wrong; a file that would not change keeps its time.)";

constexpr auto report_details = R"(
For each guest its harts, its windows with guest and host addresses and rights, its devices and what is
loaded; then the hypervisor's own memory, the images, and what nobody has.)";

constexpr auto tree_details = R"(
The same bytes as GUEST.dtb, through dtc.)";

constexpr auto explain_details = R"(
The address is looked up in the machine and in every guest, since guests have address spaces of their
own. Rights are the guest's. The line that is quoted gives the piece to its owner.)";

constexpr auto map_details = R"(
A colour is a guest; dashed boxes are emulated; heights grow with the logarithm of the size. The ground
is white, so that the picture reads wherever it is put.)";

constexpr auto diff_details = R"(
One change a line, guest by guest, places in host memory and the contents of images too. Both
descriptions are read as the options say.)";

constexpr auto words_details = R"(
A line for each kind of node, which names its properties and, with braces, the nodes below it. The
binding, docs/bindings in the sources, says what they mean.)";

constexpr auto board_details = R"(
For example from `qemu-system-riscv64 -machine virt,dumpdtb=host.dtb`, or /sys/firmware/fdt of a running
Linux. Controllers of the machine level and what the firmware tells its next stage are left out; harts,
memory and devices get labels. What the tree does not decide is a warning, and a comment in the file.)";

Verb add_board(CLI::App& app, NewBoardOptions& options) {
    auto* verb = app.add_subcommand("board", "A board file (platform.dtsi) from the device tree of a machine");
    verb->footer(board_details);
    verb->add_option("--from", options.from, "The machine's device tree (.dtb)")->required()->check(CLI::ExistingFile);
    verb->add_option("--name", options.name, "The platform's name (default: what the tree calls the machine)");
    verb->add_option("--output", options.output, "The file to write (default: dts/platform/NAME/platform.dtsi)");
    verb->add_option("--load-address", options.load_address,
                     "Where the boot loader puts the image: memory below is the firmware's");
    verb->add_flag("--replace", options.replace, "Overwrite a file that is there already");
    return {verb, [](const Arguments& a) { return new_board(a.new_board); }};
}

std::vector<Verb> add_verbs(CLI::App& app, Arguments& arguments) {
    std::vector<Verb> verbs;
    const auto add = [&](const char* name, const char* help, const char* details, auto run) -> CLI::App& {
        auto* verb = app.add_subcommand(name, help);
        verb->footer(details);
        add_reading(*verb, arguments);
        verbs.push_back({verb, run});
        return *verb;
    };
    auto& build = add("build", "Check a description and write what the build needs of it", build_details,
                      [](const Arguments& a) { return partc::build(a.options); });
    build.add_flag("--color", arguments.options.color, "Console tags in colour");
    build.add_option("--hint", arguments.options.hint,
                     "What the console's first line says of the platform, as how to leave its terminal");
    build.add_option("--output", arguments.options.output, "The folder to write to")->required();
    add("report", "Who owns what: the text of report.txt", report_details,
        [](const Arguments& a) { return show(a.options, [](const Described& d) { return report(d.model); }); });
    auto& tree =
        add("tree", "The device tree that a guest is given, as a source", tree_details, [](const Arguments& a) {
            return show(a.options, [&](const Described& d) { return guest_source(d, a.guest); });
        });
    tree.add_option("guest", arguments.guest, "The guest's name")->required();
    auto& explain = add("explain", "What lies at an address, whose it is, and which line says so", explain_details,
                        [](const Arguments& a) {
                            return show(a.options, [&](const Described& d) { return partc::explain(d, a.address); });
                        });
    explain.add_option("address", arguments.address, "Taken as the machine's and as each guest's (0x... or decimal)")
        ->required();
    auto& map = add("map", "One picture: harts, memory, devices, and each guest's address space", map_details,
                    [](const Arguments& a) { return show(a.options, map_svg); });
    map.add_flag("--svg")->description("As SVG, the one format that there is")->required();
    auto& diff = add("diff", "What changes from one description to another, in words", diff_details,
                     [](const Arguments& a) { return partc::diff(a.options, a.after); });
    diff.add_option("after", arguments.after, "The other description")->required()->check(CLI::ExistingFile);
    verbs.push_back(add_board(app, arguments.new_board));
    auto* words = app.add_subcommand("words", "The nodes and properties that a description may have");
    words->footer(words_details);
    verbs.push_back({words, [](const Arguments&) { return Result{true, {}, vocabulary()}; }});
    return verbs;
}

}  // namespace
}  // namespace mullion::partc

int main(int argc, char** argv) {
    using namespace mullion::partc;
    Arguments arguments;
    CLI::App app{purpose};
    app.footer(example);
    app.require_subcommand(1);
    const auto verbs = add_verbs(app, arguments);
    CLI11_PARSE(app, argc, argv);

    if (!split_instead(arguments)) {
        return 1;
    }
    const auto verb = std::ranges::find_if(verbs, [](const Verb& v) { return v.app->parsed(); });
    const auto result = verb->run(arguments);
    std::cerr << result.messages;
    std::cout << result.text << std::flush;
    return result.ok && std::cout ? 0 : 1;
}
