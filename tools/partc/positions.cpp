// SPDX-License-Identifier: Apache-2.0
#include "positions.hpp"

#include <charconv>
#include <ranges>

namespace mullion::partc {
namespace {

/// Returns the first position in a comment. There are more if a node is continued elsewhere.
Position position_in(std::string_view comment) {
    const auto found = take_position(comment);
    return found ? found->at : Position{};
}

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    const auto last = text.find_last_not_of(" \t");
    return first == std::string_view::npos ? std::string_view{} : text.substr(first, last - first + 1);
}

/// Removes labels ("label: ") from the front and returns them.
std::vector<std::string> take_labels(std::string_view& text) {
    std::vector<std::string> labels;
    for (;;) {
        const auto space = text.find(' ');
        if (space == std::string_view::npos || space == 0 || text[space - 1] != ':') {
            return labels;
        }
        labels.emplace_back(text.substr(0, space - 1));
        text.remove_prefix(space + 1);
    }
}

class Parser {
 public:
    Annotations annotations;

    /// Parses a line. dtc writes the start or end of a node, or one property, in a line, with the comment last.
    void line(std::string_view text) {
        const auto start = text.rfind("/* ");
        const auto comment = start == std::string_view::npos ? std::string_view{} : text.substr(start + 3);
        auto body = trimmed(text.substr(0, start));
        if (body == "};") {
            path_.resize(path_.rfind('/') == 0 ? 1 : path_.rfind('/'));
        } else if (body.ends_with("{")) {
            const auto labels = take_labels(body);
            enter(trimmed(body.substr(0, body.size() - 1)));
            annotations[path_] = {position_in(comment), labels};
        } else if (body.ends_with(";") && !path_.empty()) {
            const auto labels = take_labels(body);
            const auto name = body.substr(0, body.find_first_of(" ;="));
            annotations[path_ + ':' + std::string{name}] = {position_in(comment), labels};
        }
    }

 private:
    void enter(std::string_view name) {
        if (name == "/") {
            path_ = "/";
        } else {
            path_ += (path_ == "/" ? "" : "/") + std::string{name};
        }
    }

    std::string path_;
};

}  // namespace

std::optional<PositionedText> take_position(std::string_view text) {
    for (auto colon = text.find(':'); colon != std::string_view::npos; colon = text.find(':', colon + 1)) {
        Position at{std::string{text.substr(0, colon)}, 0};
        const auto* end = text.data() + text.size();
        const auto [behind, error] = std::from_chars(text.data() + colon + 1, end, at.line);
        if (error == std::errc{} && behind != end && (*behind == ':' || *behind == '.')) {
            const auto rest = std::string_view{behind, end}.find_first_not_of("0123456789.:-");
            return PositionedText{std::move(at),
                                  trimmed(rest == std::string_view::npos ? std::string_view{}
                                                                         : std::string_view{behind, end}.substr(rest))};
        }
    }
    return std::nullopt;
}

std::optional<Position> parse_line_marker(std::string_view line) {
    Position at;
    if (!line.starts_with("# ")) {
        return std::nullopt;
    }
    const auto [behind, error] = std::from_chars(line.data() + 2, line.data() + line.size(), at.line);
    const auto first = line.find('"');
    const auto last = line.rfind('"');
    if (error != std::errc{} || first == last) {
        return std::nullopt;
    }
    at.file = line.substr(first + 1, last - first - 1);
    return at;
}

Annotations parse_annotations(std::string_view dts) {
    Parser parser;
    for (const auto line : std::views::split(dts, '\n')) {
        parser.line({line.begin(), line.end()});
    }
    return std::move(parser.annotations);
}

}  // namespace mullion::partc
