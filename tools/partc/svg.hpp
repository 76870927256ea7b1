// SPDX-License-Identifier: Apache-2.0
// Draws columns of boxes with text as SVG. Classes of the style sheet in document(): text `t` (plain) and `s` (small);
// boxes `n` (nobody's), `f` (the firmware's), `m` (Mullion's), `g0`... (guests'), `d` (dashed border), `o` (no
// background).
#pragma once

#include <string>
#include <vector>

namespace mullion::partc {

struct Line {
    std::string left;
    std::string right;  ///< on the right, or on a line of its own if both do not fit
};

struct Chip {
    std::string style;
    std::string text;
};

/// Draws one column from the top down. Lengths are pixels.
class Column {
 public:
    Column(int x, int y, int width) : x_(x), y_(y), width_(width) {}

    int end() const { return y_; }
    const std::string& body() const { return body_; }

    void title(const std::string& text);
    void heading(const std::string& text);
    void gap(int height) { y_ += height; }
    /// Draws chips as wide as the widest one, as many in a row as fit.
    void chips(const std::vector<Chip>& chips);
    /// Draws a box at least `least` high. The first line is its name.
    void box(const std::string& style, const std::vector<Line>& lines, int least = 0);

 private:
    void text(const std::string& style, int x, int y, const std::string& text);

    int x_;
    int y_;
    int width_;
    std::string body_;
};

/// Draws a border around a column that began at `y`.
std::string frame(const std::string& style, int x, int y, int width, int height);

/// Returns the whole SVG, on a white background, so that it is readable anywhere.
std::string document(const std::string& title, int width, int height, const std::string& body);

}  // namespace mullion::partc
