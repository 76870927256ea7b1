// SPDX-License-Identifier: Apache-2.0
#include "preprocess.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>
#include <string_view>

#include "process.hpp"

namespace mullion::partc {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream{text};
    for (std::string line; std::getline(stream, line);) {
        lines.push_back(line);
    }
    return lines;
}

/// Returns the sources that cpp opened, in order, from its line markers (`# 1 "file" 1`).
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

/// Returns whether dtc's message is one that check_labels() has already reported, with a line.
bool is_about_a_label(std::string_view text) {
    const auto names = [&](std::string_view before) {
        const auto at = text.find(before);
        return at != std::string_view::npos && !text.substr(at + before.size()).starts_with('/');
    };
    return names("Reference to non-existent node or label \"") || names("Label or path ");
}

/// Passes on messages of cpp and dtc in partc's form: "x.dts:3:10: fatal error: ...", "Error: x.dts:3.10-12 syntax
/// error", "x.dts:3.10-12: Warning (check): ...". Leaves out lines that only comment on others.
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

/// Runs one step; returns its output, nothing if it failed.
std::optional<std::string> step(const std::vector<std::string>& command, std::string_view input,
                                const SourceFile& source, Diagnostics& diagnostics) {
    auto outcome = run(command, input);
    pass_on(outcome.err, diagnostics);
    if (outcome.status != 0 && diagnostics.errors() == 0) {
        diagnostics.error({source.file, 0}, fmt::format("{} failed: {}", command[0], outcome.err));
    }
    return outcome.status == 0 ? std::optional{std::move(outcome.out)} : std::nullopt;
}

}  // namespace

std::optional<Preprocessed> preprocess(const SourceFile& source, Diagnostics& diagnostics) {
    std::vector<std::string> cpp{"cpp", "-nostdinc", "-undef", "-x", "assembler-with-cpp"};
    for (const auto& folder : source.include_folders) {
        cpp.insert(cpp.end(), {"-I", folder});
    }
    cpp.push_back(source.file);
    auto text = step(cpp, {}, source, diagnostics);
    if (!text) {
        return std::nullopt;
    }
    auto files = files_in(*text);
    return Preprocessed{std::move(*text), std::move(files)};
}

std::optional<std::string> compile(const std::string& text, const std::vector<std::string>& options,
                                   const SourceFile& source, Diagnostics& diagnostics) {
    // dtc 1.6 takes the first bus of bus-range for the last one, too; the law has its own rule for buses of functions.
    std::vector<std::string> dtc{"dtc", "-W", "no-pci_device_bus_num"};
    dtc.insert(dtc.end(), options.begin(), options.end());
    dtc.insert(dtc.end(), {"-I", "dts", "-O", "dtb", "-"});
    return step(dtc, text, source, diagnostics);
}

Annotations annotate(const std::string& text) {
    // dtc's complaints were reported before.
    return parse_annotations(run({"dtc", "-q", "-q", "-I", "dts", "-O", "dts", "-T", "-T", "-"}, text).out);
}

}  // namespace mullion::partc
