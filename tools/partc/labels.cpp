// SPDX-License-Identifier: Apache-2.0
#include "labels.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <sstream>
#include <string_view>
#include <utility>
#include <vector>

#include "positions.hpp"
#include "text.hpp"

namespace mullion::partc {
namespace {

struct LabelReference {
    std::string label;
    Position at;
};

struct LabelUses {
    std::vector<Position> includes;  ///< by dtc's /include/, which nothing here reads
    std::set<std::string, std::less<>> defined;
    std::vector<LabelReference> references;
};

constexpr std::string_view include = "/include/";

/// Removes and returns the first token: a string, a word, "&" and a word, /include/, or any other character.
std::string_view take_token(std::string_view& text) {
    const auto is_word = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
    std::size_t size = text.starts_with(include) ? include.size() : 1;
    if (text.front() == '"') {
        while (size < text.size() && text[size] != '"') {
            size += text[size] == '\\' ? 2 : 1;
        }
        ++size;
    } else if (text.front() == '&' || is_word(text.front())) {
        while (size < text.size() && is_word(text[size])) {
            ++size;
        }
    }
    const auto token = text.substr(0, size);
    text.remove_prefix(token.size());
    return token;
}

/// Finds labels and references. Requires: comments are removed. A label does not begin with a digit.
LabelUses find_labels(const std::string& preprocessed) {
    const auto is_label = [](std::string_view word) {
        return !word.empty() && word.front() != '"' && std::isdigit(static_cast<unsigned char>(word.front())) == 0 &&
               (word.front() == '_' || std::isalnum(static_cast<unsigned char>(word.front())) != 0);
    };
    LabelUses labels;
    Position at;
    std::istringstream stream{preprocessed};
    for (std::string line; std::getline(stream, line); ++at.line) {
        if (const auto marker = parse_line_marker(line)) {
            at = {marker->file, marker->line - 1};
            continue;
        }
        for (std::string_view rest = line; !rest.empty();) {
            const auto token = take_token(rest);
            if (token == include) {
                labels.includes.push_back(at);
            } else if (token.front() == '&' && is_label(token.substr(1))) {
                labels.references.push_back({std::string{token.substr(1)}, at});
            } else if (is_label(token) && rest.starts_with(':')) {
                labels.defined.emplace(token);
            }
        }
    }
    return labels;
}

/// Returns text like "; there is cpu0, cpu1" for labels that differ only in their number, else with the most similar
/// one.
std::string suggestion(const std::string& label, const LabelUses& labels) {
    const auto stem = [](std::string_view name) { return name.substr(0, name.find_last_not_of("0123456789") + 1); };
    std::vector<std::string> alike;
    for (const auto& other : labels.defined) {
        if (stem(other) == stem(label)) {
            alike.push_back(other);
        }
    }
    constexpr std::size_t most = 8;
    std::ranges::sort(alike, {}, [](const std::string& name) { return std::pair{name.size(), name}; });
    if (alike.size() > most) {
        alike.resize(most);
        alike.push_back("...");
    }
    if (!alike.empty()) {
        return fmt::format("; there is {}", list(alike));
    }
    const std::vector<std::string_view> all{labels.defined.begin(), labels.defined.end()};
    return did_you_mean(label, all);
}

}  // namespace

bool check_labels(const std::string& preprocessed, Diagnostics& diagnostics) {
    const auto labels = find_labels(preprocessed);
    for (const auto& at : labels.includes) {
        diagnostics.error(at, "/include/ is not read: write #include <platform.dtsi>, or \"FILE\"");
    }
    if (!labels.includes.empty()) {
        return false;
    }
    for (const auto& reference : labels.references) {
        if (!labels.defined.contains(reference.label)) {
            diagnostics.error(reference.at, fmt::format("no node has the label '{}'{}", reference.label,
                                                        suggestion(reference.label, labels)));
        }
    }
    return true;
}

}  // namespace mullion::partc
