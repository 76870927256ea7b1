// SPDX-License-Identifier: Apache-2.0
#include "diagnostics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace mullion::partc {

std::string to_string(const Position& at) {
    if (at.file.empty()) {
        return "partc";
    }
    return at.line == 0 ? at.file : fmt::format("{}:{}", at.file, at.line);
}

std::string reference(const Position& at, const Position& from) {
    return at.file == from.file ? fmt::format("line {}", at.line) : to_string(at);
}

void Diagnostics::error(Position at, std::string text) {
    messages_.push_back({std::move(at), std::move(text), true});
    ++errors_;
}

void Diagnostics::warning(Position at, std::string text) {
    messages_.push_back({std::move(at), std::move(text), false});
}

std::size_t Diagnostics::rank(const std::string& file) const {
    return static_cast<std::size_t>(std::ranges::find(files_, file) - files_.begin());
}

std::string Diagnostics::text() const {
    auto sorted = messages_;
    std::ranges::stable_sort(sorted, {}, [this](const Message& m) {
        return std::tuple{m.is_error, rank(m.at.file), m.at.file, m.at.line};
    });
    std::string text;
    for (const auto& m : sorted) {
        text += fmt::format("{}: {}{}\n", to_string(m.at), m.is_error ? "" : "warning: ", m.text);
    }
    return text;
}

}  // namespace mullion::partc
