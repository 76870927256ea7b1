// SPDX-License-Identifier: Apache-2.0
#include "read.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "blob.hpp"
#include "labels.hpp"
#include "preprocess.hpp"
#include "process.hpp"

namespace mullion::partc {
namespace {

/// Returns the offset of the first definition of the root.
std::size_t first_root(const std::string& source) {
    std::size_t at = 0;
    do {
        at = source.find('/', at + 1);
    } while (at != source.npos && source[std::min(source.find_first_not_of(" \t\n", at + 1), source.size())] != '{');
    return std::min(at, source.size());
}

/// Compiles the source once more with other phandles: a property of the root, which dtc resolves first, refers to a new
/// last node, which thus takes the first phandle, so that all others move by one. A cell that differs is then a phandle
/// that the source writes as `&label`.
std::optional<Tree> with_other_phandles(const std::string& source) {
    auto all = source + "\n/ { mullion_last: mullion-last { }; };\n";
    all.insert(first_root(source), "/ { mullion-first = <&mullion_last>; };");
    const auto outcome = run({"dtc", "-q", "-q", "-I", "dts", "-O", "dtb", "-"}, all);
    auto tree = read_blob(outcome.out, {});
    return outcome.status == 0 && tree ? std::optional{std::move(*tree)} : std::nullopt;
}

}  // namespace

std::optional<ParsedSource> read(const SourceFile& source, Diagnostics& diagnostics) {
    auto preprocessed = preprocess(source, diagnostics);
    if (!preprocessed) {
        return std::nullopt;
    }
    const auto& text = preprocessed->text;
    diagnostics.source_order(preprocessed->files);
    if (!check_labels(text, diagnostics)) {
        return std::nullopt;
    }
    const auto blob = compile(text, {}, source, diagnostics);
    if (!blob) {
        return std::nullopt;
    }
    auto tree = read_blob(*blob, annotate(text));
    if (!tree) {
        diagnostics.error({source.file, 0}, fmt::format("what dtc makes of it {}", tree.error()));
        return std::nullopt;
    }
    // If that fails, every phandle may be a number.
    const auto renumbered = with_other_phandles(text);
    tree->find_references(renumbered ? *renumbered : *tree);
    return ParsedSource{std::move(*tree), std::move(preprocessed->files)};
}

}  // namespace mullion::partc
