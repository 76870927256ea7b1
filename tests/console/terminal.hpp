// SPDX-License-Identifier: Apache-2.0
// Wraps an independent terminal as a witness: libvterm (0.1 and later) says what is on the screen after a stream of
// bytes, and what else it was made to do.
#pragma once

#include <vterm.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mullion::console_test {

/// A cell's character (UTF-8, empty if nothing was written), and its look in words: bold, colours and the like.
struct Cell {
    std::string text;
    std::string look;
};

/// A row of the screen without the empty cells at its end.
using Row = std::vector<Cell>;

std::string text_of(const Row& row);

/// The look after a reset.
inline constexpr std::string_view plain_look = "plain";

class Terminal {
 public:
    Terminal(int rows, int columns);
    Terminal(const Terminal&) = delete;
    Terminal& operator=(const Terminal&) = delete;

    void write(std::string_view bytes);

    /// Returns all rows ever, those that scrolled away first, up to the cursor's.
    std::vector<Row> rows() const;
    /// Return the number of rows above the cursor's, and the cursor's row.
    std::size_t rows_above() const { return scrolled_.size() + static_cast<std::size_t>(cursor().row); }
    Row cursor_row() const { return row(cursor().row); }
    int cursor_column() const { return cursor().col; }
    /// Returns whether there is text below the cursor's row.
    bool has_text_below() const;

    std::string pen() const;
    /// Returns what the terminal was made to do besides showing text, in order: "answers ...", "rings", "sets title"
    /// and the like.
    const std::vector<std::string>& deeds() const { return deeds_; }
    void forget_deeds() { deeds_.clear(); }

    /// Returns, in words, its state that text does not show: modes, margins and character sets, found out by sequences.
    /// Overwrites the screen.
    std::string interrogate();
    /// Returns the tab stops, which DECSTR does not reset.
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
    bool hears_ = false;       ///< false while it is set up
    std::string held_;         ///< the beginning of a character
    bool escaped_ = false;     ///< after an ESC
    bool in_control_ = false;  ///< inside a control sequence
    unsigned separators_ = 0;  ///< of its parameters
};

}  // namespace mullion::console_test
