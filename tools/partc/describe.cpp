// SPDX-License-Identifier: Apache-2.0
#include "describe.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <iterator>
#include <string_view>
#include <utility>

#include "board.hpp"
#include "images.hpp"
#include "partitions.hpp"
#include "place.hpp"
#include "providers.hpp"
#include "verdict.hpp"

namespace mullion::partc {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t longest_hint = 64;

bool is_hint(std::string_view text) {
    return text.size() <= longest_hint && std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

SourceFile source_of(const Options& options) {
    return {options.file, options.include_folders};
}

}  // namespace

std::optional<Model> understand(const Options& options, ParsedSource& source, Diagnostics& diagnostics) {
    const auto& tree = source.tree;
    auto& files = source.files;
    auto board = read_board(tree, options.platform, {options.load_address}, diagnostics);
    if (!board) {
        return std::nullopt;
    }
    if (!is_hint(options.hint)) {
        diagnostics.error({}, fmt::format("--hint: at most {} characters of ASCII, without controls", longest_hint));
    }
    Model model{fs::path{options.file}.stem(), std::move(*board), {}, {}, options.color, options.hint};
    read_partitions(tree, model, diagnostics);
    bring_providers(tree, model, diagnostics);
    const ImageOptions images{source_of(options), fs::path{options.file}.parent_path(), options.images, options.output,
                              options.instead};
    const auto read = load_images(tree, model, images, diagnostics);
    std::ranges::copy_if(read, std::back_inserter(files),
                         [&](const auto& file) { return std::ranges::find(files, file) == files.end(); });
    // Guests with a mistake are not in the model any more. The others are judged anyway, so that one run reports
    // everything.
    if (!model.guests.empty() || diagnostics.errors() == 0) {
        place_windows(model, diagnostics);
        judge(model, diagnostics);
    }
    return model;
}

std::optional<Described> describe(const Options& options, Diagnostics& diagnostics) {
    auto source = read(source_of(options), diagnostics);
    if (!source) {
        return std::nullopt;
    }
    auto model = understand(options, *source, diagnostics);
    if (!model || diagnostics.errors() != 0) {
        return std::nullopt;
    }
    return Described{std::move(*source), std::move(*model)};
}

Result show(const Options& options, const Sight& sight) {
    Diagnostics diagnostics;
    std::string text;
    if (const auto described = describe(options, diagnostics)) {
        if (const auto seen = sight(*described)) {
            text = *seen;
        } else {
            diagnostics.error({}, seen.error());
        }
    }
    return {diagnostics.errors() == 0, diagnostics.text(), text};
}

}  // namespace mullion::partc
