// SPDX-License-Identifier: Apache-2.0
#include "terminal.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <utility>

namespace mullion::console_test {
namespace {

void append_utf8(std::string& text, std::uint32_t character) {
    const auto put = [&](std::uint32_t byte) { text += static_cast<char>(byte); };
    if (character < 0x80) {
        put(character);
    } else if (character < 0x800) {
        put(0xc0 | character >> 6);
        put(0x80 | (character & 0x3f));
    } else if (character < 0x10000) {
        put(0xe0 | character >> 12);
        put(0x80 | (character >> 6 & 0x3f));
        put(0x80 | (character & 0x3f));
    } else {
        put(0xf0 | character >> 18);
        put(0x80 | (character >> 12 & 0x3f));
        put(0x80 | (character >> 6 & 0x3f));
        put(0x80 | (character & 0x3f));
    }
}

std::string color_name(const VTermColor& color) {
    if (VTERM_COLOR_IS_DEFAULT_FG(&color) || VTERM_COLOR_IS_DEFAULT_BG(&color)) {
        return {};
    }
    return VTERM_COLOR_IS_INDEXED(&color)
               ? fmt::format("{}", color.indexed.idx)
               : fmt::format("{:02x}{:02x}{:02x}", color.rgb.red, color.rgb.green, color.rgb.blue);
}

/// Describes a look, from flags with their names and two colours.
std::string look_of(std::initializer_list<std::pair<unsigned, std::string_view>> flags, const VTermColor& foreground,
                    const VTermColor& background) {
    std::string look;
    const auto add = [&](const std::string& word) { look += (look.empty() ? "" : " ") + word; };
    for (const auto& [value, name] : flags) {
        if (value != 0) {
            add(fmt::format("{}{}", name, value));
        }
    }
    if (const auto name = color_name(foreground); !name.empty()) {
        add("on" + name);
    }
    if (const auto name = color_name(background); !name.empty()) {
        add("over" + name);
    }
    return look.empty() ? std::string{plain_look} : look;
}

std::string_view name_of(VTermProp property) {
    switch (property) {
        case VTERM_PROP_CURSORVISIBLE:
            return "cursor visibility";
        case VTERM_PROP_CURSORBLINK:
            return "cursor blink";
        case VTERM_PROP_ALTSCREEN:
            return "alternate screen";
        case VTERM_PROP_TITLE:
            return "title";
        case VTERM_PROP_ICONNAME:
            return "icon name";
        case VTERM_PROP_REVERSE:
            return "reverse screen";
        case VTERM_PROP_CURSORSHAPE:
            return "cursor shape";
        case VTERM_PROP_MOUSE:
            return "mouse";
        default:
            return "another property";
    }
}

Terminal& terminal(void* self) {
    return *static_cast<Terminal*>(self);
}

}  // namespace

std::string text_of(const Row& row) {
    std::string text;
    for (const auto& cell : row) {
        text += cell.text.empty() ? " " : cell.text;
    }
    return text;
}

Terminal::Terminal(int rows, int columns)
    : row_count_(rows),
      columns_(columns),
      terminal_(vterm_new(rows, columns)),
      state_(vterm_obtain_state(terminal_.get())),
      screen_(vterm_obtain_screen(terminal_.get())) {
    vterm_set_utf8(terminal_.get(), 1);
    vterm_output_set_callback(terminal_.get(), answer, this);
    callbacks_.settermprop = set_property;
    callbacks_.bell = ring;
    callbacks_.sb_pushline = push_row;
    vterm_screen_set_callbacks(screen_, &callbacks_, this);
    vterm_screen_enable_altscreen(screen_, 1);
    vterm_screen_reset(screen_, 1);
    hears_ = true;
}

void Terminal::write(std::string_view bytes) {
    const auto taken = whole_characters(without_too_many_parameters(bytes));
    vterm_input_write(terminal_.get(), taken.data(), taken.size());
    vterm_screen_flush_damage(screen_);
}

/// Cuts sequences with too many parameters: libvterm 0.1 has room for 16, and writes further ones beyond its array.
std::string Terminal::without_too_many_parameters(std::string_view bytes) {
    constexpr unsigned room = 15;
    std::string taken;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        if ((c == '[' && escaped_) || byte == 0x9b) {
            in_control_ = true;
            separators_ = 0;
        } else if (byte >= 0x40) {
            in_control_ = false;
        }
        escaped_ = c == '\x1b' || (escaped_ && byte < 0x20);
        if (in_control_ && (c == ';' || c == ':') && ++separators_ > room) {
            deeds_.emplace_back("is given more parameters than it has room for");
            continue;
        }
        taken += c;
    }
    return taken;
}

/// Holds back an incomplete character, which libvterm would show as two wrong ones.
std::string Terminal::whole_characters(const std::string& bytes) {
    auto text = std::exchange(held_, {}) + bytes;
    auto start = text.size();
    while (start != 0 && text.size() - start < 3 && (text[start - 1] & 0xc0) == 0x80) {
        --start;
    }
    const auto lead = start == 0 ? 0U : static_cast<unsigned char>(text[start - 1]);
    const std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 1;
    if (start != 0 && text.size() - (start - 1) < size) {
        held_ = text.substr(start - 1);
        text.resize(start - 1);
    }
    return text;
}

std::vector<Row> Terminal::rows() const {
    auto all = scrolled_;
    for (int i = 0; i <= cursor().row; ++i) {
        all.push_back(row(i));
    }
    return all;
}

bool Terminal::has_text_below() const {
    for (int i = cursor().row + 1; i < row_count_; ++i) {
        for (int column = 0; column < columns_; ++column) {
            VTermScreenCell found;
            vterm_screen_get_cell(screen_, {i, column}, &found);
            if (found.chars[0] != 0) {
                return true;
            }
        }
    }
    return false;
}

std::string Terminal::pen() const {
    const auto number = [this](VTermAttr attribute) {
        VTermValue value;
        vterm_state_get_penattr(state_, attribute, &value);
        return vterm_get_attr_type(attribute) == VTERM_VALUETYPE_BOOL ? static_cast<unsigned>(value.boolean)
                                                                      : static_cast<unsigned>(value.number);
    };
    const auto color = [this](VTermAttr attribute) {
        VTermValue value;
        vterm_state_get_penattr(state_, attribute, &value);
        return value.color;
    };
    return look_of({{number(VTERM_ATTR_BOLD), "bold"},
                    {number(VTERM_ATTR_UNDERLINE), "underline"},
                    {number(VTERM_ATTR_ITALIC), "italic"},
                    {number(VTERM_ATTR_BLINK), "blink"},
                    {number(VTERM_ATTR_REVERSE), "reverse"},
                    {number(VTERM_ATTR_STRIKE), "strike"},
                    {number(VTERM_ATTR_FONT), "font"}},
                   color(VTERM_ATTR_FOREGROUND), color(VTERM_ATTR_BACKGROUND));
}

/// Asks by DECRQM (the answer is 1 or 2 for a mode that is on or off), then tries out what cannot be asked for.
std::string Terminal::interrogate() {
    constexpr std::array modes{1, 5, 6, 7, 25, 47, 69, 1000, 1002, 1003, 1004, 1005, 1006, 1015, 1047, 1049, 2004};
    forget_deeds();
    for (const auto mode : modes) {
        write(fmt::format("\x1b[?{}$p", mode));
    }
    // Moves the cursor to the far lower right, then asks where it is, which shows origin mode and margins.
    write("\x1b[999;999H\x1b[6n");
    std::string state;
    for (const auto& deed : deeds_) {
        state += deed + '\n';
    }
    state += "pen: " + pen() + '\n';
    // At the bottom a line feed must scroll the whole screen, text must replace what is there, and "lqx" must be
    // letters.
    write("\x1b[1;1H\x1b[Ktop\x1b[999;1H");
    const auto before = scrolled_.size();
    write("\n");
    const bool scrolls = scrolled_.size() == before + 1 && text_of(scrolled_.back()) == "top";
    state += scrolls ? "scrolls\n" : "does not scroll as a whole\n";
    write("\x1b[1;1H\x1b[2Kabc\x1b[1;1Hlqx");
    return state + "overwrites: " + text_of(row(0)) + '\n';
}

std::string Terminal::tab_stops() {
    std::string stops;
    write("\r");
    for (int tabs = 0; tabs < columns_ / 8; ++tabs) {
        write("\t");
        stops += fmt::format("{} ", cursor().col);
    }
    return stops;
}

int Terminal::set_property(VTermProp property, VTermValue* /*value*/, void* self) {
    if (terminal(self).hears_) {
        terminal(self).deeds_.push_back(fmt::format("sets {}", name_of(property)));
    }
    return 1;
}

int Terminal::ring(void* self) {
    terminal(self).deeds_.emplace_back("rings");
    return 1;
}

int Terminal::push_row(int columns, const VTermScreenCell* cells, void* self) {
    Row row;
    for (int i = 0; i < columns; ++i) {
        row.push_back(terminal(self).cell(cells[i]));
    }
    while (!row.empty() && row.back().text.empty()) {
        row.pop_back();
    }
    terminal(self).scrolled_.push_back(std::move(row));
    return 1;
}

void Terminal::answer(const char* bytes, std::size_t size, void* self) {
    std::string shown;
    for (const unsigned char c : std::string_view{bytes, size}) {
        shown += c >= 0x20 && c < 0x7f ? std::string(1, static_cast<char>(c)) : fmt::format("<{:02x}>", c);
    }
    terminal(self).deeds_.push_back("answers " + shown);
}

VTermPos Terminal::cursor() const {
    VTermPos position;
    vterm_state_get_cursorpos(state_, &position);
    return position;
}

Row Terminal::row(int number) const {
    Row cells;
    for (int column = 0; column < columns_; ++column) {
        VTermScreenCell found;
        vterm_screen_get_cell(screen_, {number, column}, &found);
        cells.push_back(cell(found));
    }
    while (!cells.empty() && cells.back().text.empty()) {
        cells.pop_back();
    }
    return cells;
}

/// The right half of a wide character has no text of its own.
Cell Terminal::cell(const VTermScreenCell& cell) const {
    std::string text;
    for (std::size_t i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i] != 0; ++i) {
        if (cell.chars[i] != UINT32_MAX) {
            append_utf8(text, cell.chars[i]);
        }
    }
    return {text, look_of({{cell.attrs.bold, "bold"},
                           {cell.attrs.underline, "underline"},
                           {cell.attrs.italic, "italic"},
                           {cell.attrs.blink, "blink"},
                           {cell.attrs.reverse, "reverse"},
                           {cell.attrs.strike, "strike"},
                           {cell.attrs.font, "font"}},
                          cell.fg, cell.bg)};
}

}  // namespace mullion::console_test
