// SPDX-License-Identifier: Apache-2.0
#include "svg.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mullion::partc {
namespace {

constexpr int padding = 10;
constexpr int line_height = 18;
constexpr int chip_width = 90;
constexpr int chip_height = 26;
constexpr int chip_gap = 6;

/// Of a character, in the widest of the fonts that a reader may have.
constexpr int character_width = 8;

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

std::string cut(const std::string& text, int width) {
    const auto most = static_cast<std::size_t>(std::max(width / character_width, 1));
    return text.size() <= most ? text : text.substr(0, most - 1) + "\u2026";
}

}  // namespace

void Column::text(const std::string& style, int x, int y, const std::string& text, int width) {
    body_ += fmt::format("  <text class=\"{}\" x=\"{}\" y=\"{}\">{}</text>\n", style, x, y, escaped(cut(text, width)));
}

void Column::title(const std::string& text) {
    y_ += 22;
    this->text("h", x_, y_, text, width_ * 3 / 4);
    y_ += 8;
}

void Column::heading(const std::string& text) {
    y_ += 24;
    this->text("s", x_, y_, text, width_);
    y_ += 7;
}

void Column::chips(const std::vector<Chip>& chips) {
    const int columns = std::max((width_ + chip_gap) / (chip_width + chip_gap), 1);
    const int width = (width_ - (columns - 1) * chip_gap) / columns;
    int i = 0;
    for (const auto& chip : chips) {
        const int x = x_ + i % columns * (width + chip_gap);
        const int y = y_ + i / columns * (chip_height + chip_gap);
        body_ += frame(chip.style, x, y, width, chip_height);
        text("t", x + 8, y + 18, chip.text, width - 10);
        ++i;
    }
    y_ += (i + columns - 1) / columns * (chip_height + chip_gap) - (i == 0 ? 0 : chip_gap);
}

void Column::box(const std::string& style, const std::vector<Line>& lines, int least) {
    const int height = std::max(least, static_cast<int>(lines.size()) * line_height + 10);
    body_ += frame(style, x_, y_, width_, height);
    int y = y_ + line_height;
    const char* weight = "t";
    for (const auto& line : lines) {
        const int right = static_cast<int>(line.right.size()) * character_width;
        text(weight, x_ + padding, y, line.left, width_ - 2 * padding - right);
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
