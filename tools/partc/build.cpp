// SPDX-License-Identifier: Apache-2.0
#include "build.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <optional>

#include "board.hpp"
#include "core/layout.hpp"
#include "diagnostics.hpp"
#include "emit.hpp"
#include "images.hpp"
#include "model.hpp"
#include "output.hpp"
#include "partitions.hpp"
#include "place.hpp"
#include "read.hpp"
#include "report.hpp"
#include "verdict.hpp"

namespace mullion::partc {
namespace {

namespace fs = std::filesystem;

/// A make rule; spaces and '#' in names are escaped as make wants them.
std::string dependencies(const std::string& target, const std::vector<std::string>& files) {
    const auto escaped = [](const std::string& name) {
        std::string out;
        for (const char c : name) {
            if (c == ' ' || c == '#') {
                out += '\\';
            }
            out += c == '$' ? "$$" : std::string{c};
        }
        return out;
    };
    auto rule = escaped(target) + ":";
    for (const auto& file : files) {
        rule += " \\\n    " + escaped(file);
    }
    return rule + '\n';
}

/// Everything but the writing. The files that were read are added to `files`.
std::optional<Model> understand(const Options& options, const Tree& tree, std::vector<std::string>& files,
                                Diagnostics& diagnostics) {
    auto board = read_board(tree, options.platform, {options.load_address}, diagnostics);
    if (!board) {
        return std::nullopt;
    }
    Model model{fs::path{options.file}.stem(), std::move(*board), {}, {}, options.color};
    read_partitions(tree, model, diagnostics);
    const ImageOptions images{fs::path{options.file}.parent_path(), options.images, options.output, options.instead};
    const auto read = load_images(model, images, diagnostics);
    std::ranges::copy_if(read, std::back_inserter(files),
                         [&](const auto& file) { return std::ranges::find(files, file) == files.end(); });
    // Guests with a mistake are not in the model any more; the others are judged all the same, so that a run tells all.
    if (!model.guests.empty() || diagnostics.errors() == 0) {
        place_windows(model, diagnostics);
        judge(model, diagnostics);
    }
    return model;
}

Output output_of(const Options& options, const Model& model, const std::vector<std::string>& files) {
    const View view{model};
    const auto layout = layout_of(view.description());
    Output output{options.output};
    output.add("description.hpp", emit_description(view.description(), fs::path{options.file}.filename()));
    output.add("images.S", emit_images(model.images));
    output.add("layout.ld", emit_layout(layout));
    output.add("report.txt", report(model, layout));
    output.add("qemu.args", emit_qemu_arguments(view.description().board));
    output.add("partc.d", dependencies(fs::path{options.output} / "description.hpp", files));
    for (const auto& guest : model.guests) {
        const auto tree = std::ranges::find(guest.loads, "tree", &LoadModel::name);
        output.add(guest.name + ".dtb", model.images.all()[tree->load.image].bytes);
    }
    return output;
}

}  // namespace

Result build(const Options& options) {
    Diagnostics diagnostics;
    const Source source{options.file, options.include_folders, options.cpu};
    if (auto parsed = read(source, diagnostics)) {
        const auto model = understand(options, parsed->tree, parsed->files, diagnostics);
        if (model && diagnostics.errors() == 0) {
            if (const auto written = output_of(options, *model, parsed->files).write(); !written) {
                diagnostics.error({}, written.error());
            }
        }
    }
    return {diagnostics.errors() == 0, diagnostics.text()};
}

}  // namespace mullion::partc
