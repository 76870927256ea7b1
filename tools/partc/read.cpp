// SPDX-License-Identifier: Apache-2.0
#include "read.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "blob.hpp"
#include "labels.hpp"
#include "positions.hpp"
#include "process.hpp"

namespace mullion::partc {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream{text};
    for (std::string line; std::getline(stream, line);) {
        lines.push_back(line);
    }
    return lines;
}

/// The sources that cpp opened, from its line markers (`# 1 "file" 1`), in order.
std::vector<std::string> files_in(const std::string& preprocessed) {
    std::vector<std::string> files;
    for (const auto& line : lines_of(preprocessed)) {
        const auto marker = parse_line_marker(line);
        const bool is_source = marker && !marker->file.starts_with('<');
        if (is_source && std::ranges::find(files, marker->file) == files.end()) {
            files.push_back(marker->file);
        }
    }
    return files;
}

/// Whether dtc says what check_labels() has said already, with the line.
bool is_about_a_label(std::string_view text) {
    const auto names = [&](std::string_view before) {
        const auto at = text.find(before);
        return at != std::string_view::npos && !text.substr(at + before.size()).starts_with('/');
    };
    return names("Reference to non-existent node or label \"") || names("Label or path ");
}

/// What cpp and dtc say, in our form: "x.dts:3:10: fatal error: ...", "Error: x.dts:3.10-12 syntax error",
/// "x.dts:3.10-12: Warning (check): ...". Lines that only comment on others are left out.
void pass_on(const std::string& messages, Diagnostics& diagnostics) {
    constexpr std::string_view syntax = "Error: ";
    for (const std::string_view line : lines_of(messages)) {
        const bool is_syntax = line.starts_with(syntax);
        const auto found = take_position(is_syntax ? line.substr(syntax.size()) : line);
        if (!found || is_about_a_label(found->rest)) {
            continue;
        }
        const auto kind = found->rest.substr(0, found->rest.find_first_of(":("));
        const auto text = found->rest.substr(std::min(found->rest.find(": ") + 2, found->rest.size()));
        if (is_syntax) {
            diagnostics.error(found->at, std::string{found->rest});
        } else if (kind == "error" || kind == "fatal error" || kind == "ERROR ") {
            diagnostics.error(found->at, std::string{text});
        } else if (kind == "warning" || kind == "Warning ") {
            diagnostics.warning(found->at, std::string{text});
        }
    }
}

/// Runs one step; its output, or nothing when it failed.
std::optional<std::string> step(const std::vector<std::string>& command, std::string_view input, const Source& source,
                                Diagnostics& diagnostics) {
    auto outcome = run(command, input);
    pass_on(outcome.err, diagnostics);
    if (outcome.status != 0 && diagnostics.errors() == 0) {
        diagnostics.error({source.file, 0}, fmt::format("{} failed: {}", command[0], outcome.err));
    }
    return outcome.status == 0 ? std::optional{std::move(outcome.out)} : std::nullopt;
}

/// The source once more, with phandle 1 taken by a node behind all others, so that every phandle that dtc gives out is
/// another number: what then differs in a value is a phandle that the source writes as `&label`. Nothing where the
/// source gives phandle 1 itself, as a tree of a running machine does.
std::optional<Tree> with_other_phandles(const std::string& source) {
    const auto all = source + "\n/ { mullion-phandle-1 { phandle = <1>; }; };\n";
    const auto outcome = run({"dtc", "-q", "-q", "-I", "dts", "-O", "dtb", "-"}, all);
    auto tree = read_blob(outcome.out, {});
    return outcome.status == 0 && tree ? std::optional{std::move(*tree)} : std::nullopt;
}

bool cpu_exists(const Source& source, Diagnostics& diagnostics) {
    std::vector<std::string> variants;
    for (const auto& folder : source.include_folders) {
        if (fs::exists(fs::path{folder} / "cpus" / (source.cpu + ".dtsi"))) {
            return true;
        }
        std::error_code none;
        for (const auto& entry : fs::directory_iterator{fs::path{folder} / "cpus", none}) {
            variants.push_back(entry.path().stem());
        }
    }
    std::ranges::sort(variants);
    diagnostics.error({}, fmt::format("--cpu {}: there is {}", source.cpu, fmt::join(variants, ", ")));
    return false;
}

}  // namespace

std::optional<ParsedSource> read(const Source& source, Diagnostics& diagnostics) {
    if (!cpu_exists(source, diagnostics)) {
        return std::nullopt;
    }
    std::vector<std::string> cpp{"cpp", "-nostdinc",          "-undef",
                                 "-x",  "assembler-with-cpp", fmt::format("-DCPU_DTSI=<cpus/{}.dtsi>", source.cpu)};
    for (const auto& folder : source.include_folders) {
        cpp.insert(cpp.end(), {"-I", folder});
    }
    cpp.push_back(source.file);
    const auto preprocessed = step(cpp, {}, source, diagnostics);
    if (!preprocessed) {
        return std::nullopt;
    }
    auto files = files_in(*preprocessed);
    diagnostics.source_order(files);
    check_labels(*preprocessed, diagnostics);
    const auto blob = step({"dtc", "-I", "dts", "-O", "dtb", "-"}, *preprocessed, source, diagnostics);
    if (!blob) {
        return std::nullopt;
    }
    // The same tree once more as text: what it complains about is told already.
    const auto annotated = run({"dtc", "-q", "-q", "-I", "dts", "-O", "dts", "-T", "-T", "-"}, *preprocessed);
    const auto annotations = parse_annotations(annotated.out);
    auto tree = read_blob(*blob, annotations);
    if (!tree) {
        diagnostics.error({source.file, 0}, fmt::format("what dtc makes of it {}", tree.error()));
        return std::nullopt;
    }
    if (const auto renumbered = with_other_phandles(*preprocessed)) {
        tree->find_references(*renumbered);
    }
    return ParsedSource{std::move(*tree), std::move(files)};
}

}  // namespace mullion::partc
