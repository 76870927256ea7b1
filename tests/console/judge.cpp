// SPDX-License-Identifier: Apache-2.0
#include "judge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "reader.hpp"

namespace mullion::console_test {
namespace {

constexpr int screen_rows = 24;
constexpr std::string_view wrap_off = "\x1b[?7l";

constexpr std::array<std::string_view, guest_count + 1> tags{"alpha  | ", "beta   | ", "gamma  | ", "mullion| "};
/// Letters of labels and of all text; Mullion's lines have a word that no guest's have.
constexpr std::array<std::string_view, guest_count + 1> letters{"α", "β", "γ", "own#"};

/// Returns the label that `text` begins with, empty if there is none, or only a part of one.
std::string_view label_at(std::string_view text, std::string_view letter) {
    auto end = letter.size();
    while (text.starts_with(letter) && end < text.size() && text[end] >= '0' && text[end] <= '9') {
        ++end;
    }
    return end > letter.size() && end < text.size() && text[end] == ';' ? text.substr(0, end + 1) : std::string_view{};
}

/// Removes sequences that turn autowrap off, which any key sends, anywhere in a row.
std::string without_modes(std::string row) {
    for (auto at = row.find(wrap_off); at != row.npos; at = row.find(wrap_off, at)) {
        row.erase(at, wrap_off.size());
    }
    return row;
}

std::string shown(std::string_view bytes) {
    std::string text;
    for (const unsigned char c : bytes) {
        text += c >= 0x20 && c < 0x7f ? std::string(1, static_cast<char>(c)) : fmt::format("<{:02x}>", c);
    }
    return text;
}

}  // namespace

Judge::Judge(World& world, Terms terms) : world_(world), terms_(terms), terminal_(screen_rows, terms.columns) {
    world.on_taken = [this](std::size_t guest, std::uint8_t byte) { taken(guest, byte); };
}

std::string Judge::label(std::size_t owner) {
    return fmt::format("{}{};", letters[owner], ++labels_[owner]);
}

void Judge::say_line(std::size_t guest, std::string_view text) {
    world_.say(guest, fmt::format("{}{}\n", label(guest), text));
    look();
}

void Judge::print_line(std::string_view text) {
    const auto own = label(mullions_own);
    expect(mullions_own, own);
    world_.print(fmt::format("{}{}", own, text));
    look();
}

/// Expects no lines until zoom ends. On a slow UART the operator may be in zoom again, or out of that, too, before the
/// end of an earlier zoom is seen.
void Judge::begin_to_hide() {
    hides_ = true;
    for (auto& due : due_) {
        due.clear();
    }
}

void Judge::zoom_in() {
    wants_zoom_ = true;
    begin_to_hide();
    world_.type("\x1dz");
    look();
}

void Judge::zoom_out() {
    press('z');
}

void Judge::press(char key) {
    if (key == 'z' && !wants_zoom_) {
        return zoom_in();
    }
    wants_zoom_ = wants_zoom_ && key == '\x1d';  // Ctrl-] twice is one for the guest
    world_.type(std::string{'\x1d', key});
    look();
}

/// Ends the guest. There may be no room for the newline that ends its last line, so only the next whole line is
/// expected.
void Judge::end(std::size_t guest) {
    world_.end(guest);
    wants_zoom_ = wants_zoom_ && world_.focus() != guest;
    lines_[guest] = "?";
    look();
}

void Judge::taken(std::size_t guest, std::uint8_t byte) {
    // Showing a control character may take as much as a tag and a sequence.
    constexpr std::size_t most_of_one = 32;
    constexpr std::size_t line_shows = 1280;
    auto& line = lines_[guest];
    line += static_cast<char>(byte);
    shows_[guest] += byte < 0x20 || byte >= 0x80 ? most_of_one : 1;
    if (byte != '\n') {
        return;
    }
    behind_[guest] += 1 + std::max(shows_[guest] / line_shows, line.size() / 1000);
    if (const auto label = label_at(line, letters[guest]); !label.empty()) {
        expect(guest, std::string{label});
    }
    line.clear();
    shows_[guest] = 0;
}

/// Expects a line, unless zoom hides it or shows it without a tag.
void Judge::expect(std::size_t owner, std::string label) {
    if (!hides_ && !seen_.contains(label)) {
        due_[owner].push_back({std::move(label), world_.sent().size(), std::exchange(behind_[owner], 0)});
    }
}

void Judge::look() {
    while (looked_ != world_.sent().size()) {
        zoomed_ ? look_at_zoom() : look_at_row();
    }
    check_due();
}

/// Judges the row, up to its newline.
void Judge::look_at_row() {
    const std::string_view sent = world_.sent();
    const auto end = std::min(sent.find('\n', looked_), sent.size());
    const auto piece = sent.substr(looked_, end - looked_);
    terminal_.write(piece);
    row_ += piece;
    looked_ = end;
    see(without_modes(row_));
    check_rest();
    if (looked_ == sent.size()) {
        return;
    }
    end_row();
    ++looked_;
    terminal_.write("\n");
    row_.clear();
    zoomed_ = finished_.back().starts_with("mullion| Ctrl-] z leaves zoom of ");
    if (zoomed_) {
        begin_to_hide();
    }
    if (terminal_.pen() != plain_look) {
        complain("a line ends with the pen " + terminal_.pen());
    }
}

/// Passes over what a zoomed guest sends, up to the end of zoom.
void Judge::look_at_zoom() {
    const std::string_view sent = world_.sent();
    const auto overlap = std::min(looked_, zoom_end.size() - 1);
    const auto found = sent.find(zoom_end, looked_ - overlap);
    const auto end = found == sent.npos ? sent.size() : found + zoom_end.size();
    terminal_.write(sent.substr(looked_, end - looked_));
    looked_ = end;
    terminal_.forget_deeds();
    if (found == sent.npos) {
        return;
    }
    zoomed_ = false;
    hides_ = wants_zoom_;
    has_zoomed_ = true;
    finished_.clear();
    rows_before_ = terminal_.rows_above();
    if (terminal_.pen() != plain_look || !terminal_.cursor_row().empty() || terminal_.cursor_column() != 0) {
        complain("zoom ends with the pen " + terminal_.pen() + " in the row " + text_of(terminal_.cursor_row()));
    }
}

/// Notes the labels in the row, which must come after the tag of their owner.
void Judge::see(std::string_view row) {
    for (std::size_t owner = 0; owner <= guest_count; ++owner) {
        for (auto at = row.find(letters[owner]); at != row.npos; at = row.find(letters[owner], at + 1)) {
            const auto label = label_at(row.substr(at), letters[owner]);
            if (label.empty()) {
                continue;
            }
            seen_.emplace(label);
            auto& due = due_[owner];
            if (!due.empty() && due.front().label == label) {
                due.pop_front();
                if (!due.empty()) {
                    due.front().since = std::max(due.front().since, looked_);
                }
            }
        }
    }
}

/// Checks that due lines have come in time (docs/interface.md, "The console": with C guests, a line that has L others
/// of its owner before it).
void Judge::check_due() {
    constexpr std::size_t turn = 1536;
    for (auto& due : due_) {
        if (!due.empty() && looked_ > due.front().since + (due.front().behind + 2) * (guest_count + 1) * turn) {
            complain(fmt::format("{} bytes after it was complete, {} has not appeared", looked_ - due.front().since,
                                 due.front().label));
            due.clear();
        }
    }
}

void Judge::end_row() {
    const auto row = terminal_.cursor_row();
    check_row(row);
    if (const auto complaint = complaint_about(row_)) {
        complain(*complaint + " in " + shown(row_));
    }
    if (terminal_.has_text_below()) {
        complain("text below the last row, by " + shown(row_));
    }
    if (terminal_.rows_above() != finished_.size() + rows_before_) {
        complain(fmt::format("{} rows stand above this one, not {}: {}", terminal_.rows_above(),
                             finished_.size() + rows_before_, shown(row_)));
        rows_before_ = terminal_.rows_above() - finished_.size();
    }
    finished_.push_back(text_of(row));
}

void Judge::check_row(const Row& row) {
    const auto text = text_of(row);
    std::size_t owner = 0;
    while (owner != tags.size() && !text.starts_with(tags[owner])) {
        ++owner;
    }
    if (owner == tags.size()) {
        // An empty line ends with the tag's last blank, which may not have been written.
        const bool empty = std::ranges::any_of(tags, [&](auto tag) { return text == tag.substr(0, tag.size() - 1); });
        return empty ? void() : complain("a row without a tag: " + shown(text) + " of " + shown(row_));
    }
    for (std::size_t other = 0; other != letters.size(); ++other) {
        if (other != owner && text.find(letters[other]) != text.npos) {
            complain(fmt::format("text of {} behind the tag of {}: {}", tags[other], tags[owner], shown(text)));
        }
    }
    check_look(std::string{tags[owner]}, row);
}

/// Checks that the tag looks as Mullion wrote it, without any combining characters.
void Judge::check_look(const std::string& tag, const Row& row) {
    for (std::size_t i = 0; i != tag.size(); ++i) {
        if (i >= row.size() || (row[i].text != tag.substr(i, 1) && !(tag[i] == ' ' && row[i].text.empty()))) {
            complain(fmt::format("the tag {} was changed at column {} by {}", tag, i, shown(row_)));
            return;
        }
    }
    const auto look = row.front().look;
    const auto& first = looks_.try_emplace(tag, terms_.color ? look : std::string{plain_look}).first->second;
    for (std::size_t i = 0; i + 1 < tag.size(); ++i) {
        if (row[i].look != first) {
            complain(fmt::format("the tag {} looks like {} at column {}, not {}", tag, row[i].look, i, first));
            return;
        }
    }
}

/// Checks, between any two bytes, that unfinished text is in the last row, and that the terminal did nothing but show
/// text.
void Judge::check_rest() {
    for (const auto& deed : terminal_.deeds()) {
        complain("the terminal " + deed + " by " + shown(row_));
    }
    terminal_.forget_deeds();
}

std::vector<std::string> Judge::waiting() const {
    std::vector<std::string> labels;
    for (const auto& due : due_) {
        std::ranges::transform(due, std::back_inserter(labels), &Due::label);
    }
    return labels;
}

void Judge::finish() {
    if (wants_zoom_) {
        zoom_out();
    }

    if (!world_.settle()) {
        complain("something is sent for ever: ..." + shown(world_.sent().substr(world_.sent().size() - 200)));
        return;
    }
    look();
    if (zoomed_) {
        complain("zoom has not ended");
    }
    for (std::size_t guest = 0; guest < guest_count; ++guest) {
        if (!world_.has_said_all(guest)) {
            complain(fmt::format("what guest {} says was not taken", guest));
        }
    }
    for (const auto& label : waiting()) {
        complain(label + " has never appeared");
    }
    if (const auto complaint = complaint_about(row_)) {
        complain(*complaint + " in " + shown(row_));
    }
    const auto rows = terminal_.rows();
    for (std::size_t i = 0; i != finished_.size() && i + rows_before_ < rows.size(); ++i) {
        if (const auto text = text_of(rows[i + rows_before_]); text != finished_[i]) {
            complain(fmt::format("a row was changed after its end, from {} to {}", shown(finished_[i]), shown(text)));
        }
    }
}

void Judge::complain(const std::string& what) {
    complaints_.push_back(fmt::format("{}: {}", about_, what));
}

}  // namespace mullion::console_test
