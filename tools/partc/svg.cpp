// SPDX-License-Identifier: Apache-2.0
#include "svg.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mullion::partc {
namespace {

constexpr int padding = 10;
constexpr int line_height = 18;
constexpr int least_chip_width = 60;
constexpr int chip_height = 26;
constexpr int chip_gap = 6;
constexpr int font_size = 13;
constexpr int title_font_size = 17;

constexpr auto style_sheet = R"(  <style>
    text { font-size: 13px; }
    .t { fill: #1f2937; }
    .s { fill: #5b6676; }
    .h { fill: #1f2937; font-size: 17px; font-weight: bold; }
    rect { stroke-width: 1.5; fill-opacity: .13; }
    .n { fill: none; stroke: #9aa3af; }
    .f { fill: #7b8797; stroke: #7b8797; }
    .m { fill: #6d4bb8; stroke: #6d4bb8; }
    .g0 { fill: #0e7c8f; stroke: #0e7c8f; }
    .g1 { fill: #b26a00; stroke: #b26a00; }
    .g2 { fill: #3f7d20; stroke: #3f7d20; }
    .g3 { fill: #b3384a; stroke: #b3384a; }
    .g4 { fill: #2f63b8; stroke: #2f63b8; }
    .g5 { fill: #9c3d8f; stroke: #9c3d8f; }
    .g6 { fill: #77760a; stroke: #77760a; }
    .g7 { fill: #7d4f39; stroke: #7d4f39; }
    .d { stroke-dasharray: 5 4; }
    .o { fill: none; }
    .w { fill: #ffffff; fill-opacity: 1; }
  </style>
)";

std::string escaped(const std::string& text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            default:
                out += c;
        }
    }
    return out;
}

/// Returns the width of a character in hundredths of the font's size, rounded up, in the widest font that a viewer may
/// use (DejaVu Sans).
int width_of(char c) {
    if (std::string_view{" !'(),-./:;I[]fijlrt|"}.contains(c)) {
        return 42;
    }
    if (std::string_view{"%@MWmw"}.contains(c)) {
        return 102;
    }
    const bool is_wide = std::string_view{"#&+<=>~"}.contains(c) || (c >= 'A' && c <= 'Z');
    return is_wide ? 85 : 65;
}

int width_of(std::string_view text, int size = font_size) {
    int hundredths = 0;
    for (const char c : text) {
        hundredths += width_of(c);
    }
    return (hundredths * size + 99) / 100;
}

std::string cut(const std::string& text, int width, int size = font_size) {
    if (width_of(text, size) <= width) {
        return text;
    }
    auto kept = text;
    while (!kept.empty() && width_of(kept, size) + size > width) {
        kept.pop_back();
    }
    return kept + "\u2026";
}

/// Removes and returns the first words of `text` that fit, at least one.
std::string take_words(std::string& text, int width) {
    auto end = text.find(' ');
    for (auto next = end; next != std::string::npos;) {
        next = text.find(' ', end + 1);
        if (width_of(std::string_view{text}.substr(0, next)) > width) {
            break;
        }
        end = next;
    }
    const auto taken = text.substr(0, end);
    text.erase(0, end == std::string::npos ? end : end + 1);
    return taken;
}

/// Wraps lines that are too long. The text on the right comes after the last part.
std::vector<Line> wrapped(const std::vector<Line>& lines, int width) {
    std::vector<Line> fitting;
    for (auto [left, right] : lines) {
        const auto fits_beside = [&] { return width_of(left) + font_size + width_of(right) <= width; };
        while (!left.empty() && !fits_beside()) {
            fitting.push_back({take_words(left, width), ""});
        }
        if (!left.empty() || !right.empty()) {
            fitting.push_back({left, right});
        }
    }
    return fitting;
}

}  // namespace

void Column::text(const std::string& style, int x, int y, const std::string& text) {
    body_ += fmt::format("  <text class=\"{}\" x=\"{}\" y=\"{}\">{}</text>\n", style, x, y, escaped(text));
}

void Column::title(const std::string& text) {
    y_ += 22;
    this->text("h", x_, y_, cut(text, width_, title_font_size * 9 / 8));  // bold text is an eighth wider
    y_ += 8;
}

void Column::heading(const std::string& text) {
    y_ += 24;
    this->text("s", x_, y_, cut(text, width_));
    y_ += 7;
}

void Column::chips(const std::vector<Chip>& chips) {
    int least = least_chip_width;
    for (const auto& chip : chips) {
        least = std::max(least, width_of(chip.text) + 2 * padding);
    }
    const int columns = std::max((width_ + chip_gap) / (least + chip_gap), 1);
    const int width = (width_ - (columns - 1) * chip_gap) / columns;
    int i = 0;
    for (const auto& chip : chips) {
        const int x = x_ + i % columns * (width + chip_gap);
        const int y = y_ + i / columns * (chip_height + chip_gap);
        body_ += frame(chip.style, x, y, width, chip_height);
        text("t", x + padding, y + 18, cut(chip.text, width - 2 * padding));
        ++i;
    }
    y_ += (i + columns - 1) / columns * (chip_height + chip_gap) - (i == 0 ? 0 : chip_gap);
}

void Column::box(const std::string& style, const std::vector<Line>& lines, int least) {
    const auto fitting = wrapped(lines, width_ - 2 * padding);
    const int height = std::max(least, static_cast<int>(fitting.size()) * line_height + padding);
    body_ += frame(style, x_, y_, width_, height);
    int y = y_ + line_height;
    const char* weight = "t";
    for (const auto& line : fitting) {
        if (!line.left.empty()) {
            text(weight, x_ + padding, y, cut(line.left, width_ - 2 * padding));
        }
        if (!line.right.empty()) {
            body_ += fmt::format("  <text class=\"{}\" text-anchor=\"end\" x=\"{}\" y=\"{}\">{}</text>\n", weight,
                                 x_ + width_ - padding, y, escaped(line.right));
        }
        weight = "s";
        y += line_height;
    }
    y_ += height;
}

std::string frame(const std::string& style, int x, int y, int width, int height) {
    return fmt::format("  <rect class=\"{}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"3\"/>\n", style, x, y,
                       width, height);
}

std::string document(const std::string& title, int width, int height, const std::string& body) {
    return fmt::format(
        "<!-- SPDX-License-Identifier: Apache-2.0 -->\n"
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" "
        "height=\"{1}\" role=\"img\"\n"
        "     aria-labelledby=\"title\" font-family=\"Helvetica, Arial, sans-serif\">\n"
        "  <title id=\"title\">{2}</title>\n{3}{4}</svg>\n",
        width, height, escaped(title), style_sheet, frame("w", 0, 0, width, height) + body);
}

}  // namespace mullion::partc
