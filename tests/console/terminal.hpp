// SPDX-License-Identifier: Apache-2.0
// A terminal that nobody here wrote, as a witness: libvterm (0.1 and later), which says what stands where after a
// stream of bytes, and what it was moved to do beside that.
#pragma once

#include <vterm.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mullion::console_test {

/// One cell's character (UTF-8, empty where nothing was written) and how it looks: bold, colours and the like in words.
struct Cell {
    std::string text;
    std::string look;
};

/// A row of the screen without the empty cells at its end.
using Row = std::vector<Cell>;

std::string text_of(const Row& row);

/// How what comes next would look; "plain" as after a reset.
inline constexpr std::string_view plain_look = "plain";

class Terminal {
 public:
    Terminal(int rows, int columns);
    Terminal(const Terminal&) = delete;
    Terminal& operator=(const Terminal&) = delete;

    void write(std::string_view bytes);

    /// All rows that were ever there, those that scrolled away first, up to the cursor's.
    std::vector<Row> rows() const;
    /// The number of those above the cursor's, and the cursor's own.
    std::size_t rows_above() const { return scrolled_.size() + static_cast<std::size_t>(cursor().row); }
    Row cursor_row() const { return row(cursor().row); }
    int cursor_column() const { return cursor().col; }
    /// Rows below the cursor's have something in them.
    bool has_text_below() const;

    std::string pen() const;
    /// What it was moved to do beside showing text, in order: "answers ...", "rings", "sets title" and the like.
    const std::vector<std::string>& deeds() const { return deeds_; }
    void forget_deeds() { deeds_.clear(); }

    /// In words, what state it is in that no text shows: asked for its modes, margins and character sets by sequences.
    /// Nothing is left of what was on the screen.
    std::string interrogate();
    /// Where tabs go, which DECSTR does not reset.
    std::string tab_stops();

 private:
    static int set_property(VTermProp property, VTermValue* value, void* self);
    static int ring(void* self);
    static int push_row(int columns, const VTermScreenCell* cells, void* self);
    static void answer(const char* bytes, std::size_t size, void* self);

    std::string whole_characters(const std::string& bytes);
    std::string without_too_many_parameters(std::string_view bytes);
    VTermPos cursor() const;
    Row row(int number) const;
    Cell cell(const VTermScreenCell& cell) const;

    struct Free {
        void operator()(VTerm* terminal) const { vterm_free(terminal); }
    };
    int row_count_;
    int columns_;
    std::unique_ptr<VTerm, Free> terminal_;
    VTermState* state_;
    VTermScreen* screen_;
    VTermScreenCallbacks callbacks_{};
    std::vector<Row> scrolled_;
    std::vector<std::string> deeds_;
    bool hears_ = false;       ///< not yet while it is set up
    std::string held_;         ///< the beginning of a character
    bool escaped_ = false;     ///< behind an ESC
    bool in_control_ = false;  ///< inside a control sequence
    unsigned separators_ = 0;  ///< of its parameters
};

}  // namespace mullion::console_test
