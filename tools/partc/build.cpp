// SPDX-License-Identifier: Apache-2.0
#include "build.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "core/layout_of.hpp"
#include "diagnostics.hpp"
#include "emit.hpp"
#include "model.hpp"
#include "output.hpp"
#include "report.hpp"

namespace mullion::partc {
namespace {

namespace fs = std::filesystem;

/// Returns a make rule, with spaces and '#' in names escaped as make requires.
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

}  // namespace

Output output_of(const Options& options, const Described& described) {
    const auto& model = described.model;
    const DescriptionView view{model};
    const auto layout = layout_of(view.description());
    Output output{options.output};
    output.add("description.hpp", emit_description(view.description(), fs::path{options.file}.filename()));
    output.add("images.S", emit_images(model.images));
    output.add("layout.ld", emit_layout(layout));
    output.add("report.txt", report(model));
    output.add("qemu.args", emit_qemu_arguments(view.description().board));
    output.add("partc.d", dependencies(fs::path{options.output} / "description.hpp", described.source.files));
    for (const auto& guest : model.guests) {
        const auto tree = std::ranges::find(guest.loads, "tree", &LoadModel::name);
        output.add(guest.name + ".dtb", model.images.all()[tree->load.image].bytes);
    }
    return output;
}

Result build(const Options& options) {
    Diagnostics diagnostics;
    if (const auto described = describe(options, diagnostics)) {
        if (const auto written = output_of(options, *described).write(); !written) {
            diagnostics.error({}, written.error());
        }
    }
    return {diagnostics.errors() == 0, diagnostics.text(), {}};
}

}  // namespace mullion::partc
