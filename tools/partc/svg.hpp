// SPDX-License-Identifier: Apache-2.0
// Columns of boxes with text, as SVG. The classes stand in the style sheet of document(): text `t` (plain) and `s`
// (small), boxes `n` (nobody's), `f` (the firmware's), `m` (Mullion's), `g0`... (guests'),
// `d` for dashed borders, `o` for no ground.
#pragma once

#include <string>
#include <vector>

namespace mullion::partc {

struct Line {
    std::string left;
    std::string right;  ///< on a line of its own, where both do not fit
};

struct Chip {
    std::string style;
    std::string text;
};

/// One column, drawn from the top down. Lengths are pixels.
class Column {
 public:
    Column(int x, int y, int width) : x_(x), y_(y), width_(width) {}

    int end() const { return y_; }
    const std::string& body() const { return body_; }

    void title(const std::string& text);
    void heading(const std::string& text);
    void gap(int height) { y_ += height; }
    /// As wide as the widest needs, as many in a row as fit.
    void chips(const std::vector<Chip>& chips);
    /// The first line is the name of the box; the height is at least `least`.
    void box(const std::string& style, const std::vector<Line>& lines, int least = 0);

 private:
    void text(const std::string& style, int x, int y, const std::string& text);

    int x_;
    int y_;
    int width_;
    std::string body_;
};

/// A border around a column that began at `y`.
std::string frame(const std::string& style, int x, int y, int width, int height);

/// On a white ground, so that it reads wherever it is put.
std::string document(const std::string& title, int width, int height, const std::string& body);

}  // namespace mullion::partc
