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

/// The source once more, with phandle 1 taken by a node behind all others, so that every phandle that dtc gives out is
/// another number: what then differs in a value is a phandle that the source writes as `&label`. Nothing where the
/// source gives phandle 1 itself, as a tree of a running machine does.
std::optional<Tree> with_other_phandles(const std::string& source) {
    const auto all = source + "\n/ { mullion-phandle-1 { phandle = <1>; }; };\n";
    const auto outcome = run({"dtc", "-q", "-q", "-I", "dts", "-O", "dtb", "-"}, all);
    auto tree = read_blob(outcome.out, {});
    return outcome.status == 0 && tree ? std::optional{std::move(*tree)} : std::nullopt;
}

}  // namespace

std::optional<ParsedSource> read(const Source& source, Diagnostics& diagnostics) {
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
    if (const auto renumbered = with_other_phandles(text)) {
        tree->find_references(*renumbered);
    }
    return ParsedSource{std::move(*tree), std::move(preprocessed->files)};
}

}  // namespace mullion::partc
