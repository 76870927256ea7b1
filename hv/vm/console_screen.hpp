// SPDX-License-Identifier: Apache-2.0
// Writes the terminal's current line, and knows its owner and how much of it is shown. console.hpp decides who is next.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/terminal_sequences.hpp"
#include "vm/console_channel.hpp"
#include "vm/console_filter.hpp"
#include "vm/console_staging.hpp"
#include "vm/console_tags.hpp"

namespace mullion {

/// Requires: the console lock is held, and has_output() is false at each step, which then composes output or has none.
///
/// A tagged line is drawn without wrapping, and the cursor never gets into the tag, whatever the terminal's width. It
/// moves forward relatively, which stops at the edge, and back relatively by no more columns than it is known to have
/// moved; to go back further the tag is drawn again.
class Screen {
 public:
    enum class Style : std::uint8_t {
        tagged,
        raw,  ///< bytes unchanged, for any number of lines, until close()
    };

    /// The columns that a terminal must have, or a guest's row may lose its tag.
    static constexpr std::uint32_t narrowest = 40;
    /// The most bytes to show a line, with its tag, which may be drawn again.
    static constexpr std::uint32_t shown_limit = line_limit + 256;
    /// The most bytes that one turn sends: a line, its last step and its end.
    static constexpr std::uint32_t longest_turn = shown_limit + 256;

    constexpr explicit Screen(const Tags& tags) : tags_(tags) {}

    constexpr bool has_output() const { return !out_.empty(); }
    /// Returns composed output, or else the owner's next bytes that are shown unchanged without further work, as most
    /// are.
    std::span<const std::uint8_t> ready() const { return has_output() ? out_.view() : plain(); }
    /// Notes that so many bytes of ready() were shown.
    void take(std::size_t count) {
        shown_ += static_cast<std::uint32_t>(count);
        if (has_output()) {
            out_.take(count);
        } else {
            cursor_ += static_cast<std::uint32_t>(count);
            pass(static_cast<std::uint32_t>(count));
        }
    }

    constexpr bool is_open() const { return channel_ != nullptr; }
    constexpr bool is_open(std::size_t owner) const { return is_open() && owner_ == owner; }
    constexpr std::optional<std::size_t> open_owner() const { return is_open() ? std::optional{owner_} : std::nullopt; }

    // --- while a line is open ---

    constexpr std::size_t owner() const { return owner_; }
    /// Returns whether everything that the owner has said so far was taken.
    bool is_dry() const { return cursor_ == channel_->head(); }

    /// Takes the owner's next byte. Returns whether bytes were released; then the turn is over, unless they are raw.
    /// Requires: is_dry() is false.
    bool advance() {
        const auto byte = channel_->at(cursor_);
        if (style_ == Style::raw) {
            return advance_raw(byte);
        }
        // A newline right after the last byte that fits still belongs to the line.
        if (is_full() && byte != '\n' && (byte != '\r' || returned_)) {
            end_line(false);
            return true;
        }
        ++cursor_;
        if (filter_.is_broken_by(byte)) {
            show("?");
            pass(1);
        }
        return show_unit(filter_.feed(byte));
    }

    /// Closes the unfinished line to make room for another, and returns the position up to which it was shown. `again`:
    /// it will be opened again, so it is erased to not stand there twice, if the terminal can.
    [[gnu::cold]] std::uint32_t close(bool again) {
        const auto end = cursor_;
        if (is_full() && style_ == Style::tagged) {
            end_line(false);
            return end;
        }
        end_rendition();
        out_.put(again && tags_.in_color() ? std::string_view{"\r\x1b[K"} : "\r\n");
        again ? channel_->hide() : channel_->show_to(cursor_);
        channel_ = nullptr;
        return end;
    }

    /// Closes raw output, and returns the position up to which it was shown. The rest of its last line comes again with
    /// a tag.
    [[gnu::cold]] std::uint32_t leave_zoom() {
        out_.put(sequences::after_zoom);
        channel_->hide();
        channel_ = nullptr;
        return cursor_;
    }

    // --- while none is ---

    /// Opens the owner's oldest line from its start.
    void open(std::size_t owner, OutputChannel& channel, Style style) {
        if (const auto dropped = channel.take_dropped(); dropped != 0) {
            say(dropped, " lines dropped of ", tags_.name(owner));
        }
        channel.set_deadline({});
        channel_ = &channel;
        owner_ = owner;
        style_ = style;
        cursor_ = channel.tail();
        shown_ = 0;
        filter_ = channel.filter();
        returned_ = rendered_ = false;
        if (style == Style::tagged) {
            put_tag();
        }
    }

    /// Composes a whole line of Mullion's own.
    [[gnu::cold]] void say(std::string_view text, std::string_view about) {
        tags_.put(out_, tags_.own());
        out_.put(text);
        out_.put(about);
        out_.put("\r\n");
    }
    [[gnu::cold]] void say(std::uint32_t number, std::string_view text, std::string_view about) {
        tags_.put(out_, tags_.own());
        out_.put_number(number);
        out_.put(text);
        out_.put(about);
        out_.put("\r\n");
    }

    /// Sends a sequence that shows nothing, whether a line is open or not.
    void tell_terminal(std::string_view sequence) { out_.put(sequence); }

 private:
    using Unit = Filter::Unit;

    static constexpr std::uint32_t widest = 9999;  ///< the most columns that the cursor is moved by
    static constexpr std::uint32_t at_once = 16;   ///< bytes to look at, as many as a UART's FIFO takes

    std::span<const std::uint8_t> plain() const {
        if (!is_open() || style_ == Style::raw || returned_ || !filter_.between_units() || is_full()) {
            return {};
        }
        const auto bytes = channel_->from(cursor_);
        const auto left = std::min({line_limit - (cursor_ - channel_->tail()), shown_limit - shown_, at_once});
        const auto within = bytes.first(std::min<std::size_t>(bytes.size(), left));
        return {within.begin(), std::ranges::find_if_not(within, Filter::is_plain)};
    }

    /// Returns whether the line has reached a limit, of bytes read (filtered ones included) or shown (redrawn ones
    /// included).
    bool is_full() const { return cursor_ - channel_->tail() >= line_limit || shown_ >= shown_limit; }

    [[gnu::cold]] bool advance_raw(std::uint8_t byte) {
        ++cursor_;
        out_.put(byte);
        if (byte != '\n' && cursor_ - channel_->tail() < line_limit) {
            return false;
        }
        channel_->release(cursor_, byte == '\n');
        channel_->keep_filter({});
        return true;
    }

    bool show_unit(Unit unit) {
        switch (unit) {
            case Unit::none:
                break;
            case Unit::text:
                if ((known_ == 0 || returned_) && !filter_.stands_alone()) {
                    show(" ");  // otherwise it may combine with the tag's last column
                    pass(1);
                }
                if (filter_.may_be_wide()) {
                    make_way();
                }
                show(filter_.view());
                // The number of columns of other characters is not known.
                filter_.view().size() == 1 ? pass(1) : move_model(1);
                break;
            case Unit::tab:
                show("\t");
                move_model(8 - (tags_.columns() + column_) % 8);
                break;
            case Unit::backspace:
                move_to(returned_ || column_ == 0 ? 0 : column_ - 1);
                break;
            case Unit::carriage_return:
                returned_ = true;
                break;
            case Unit::line_feed:
                end_line(true);
                return true;
            case Unit::control:
                control();
                break;
        }
        return false;
    }

    /// Carries out control sequences that only affect the line, and only to the right of the cursor.
    [[gnu::cold]] void control() {
        const auto number = filter_.number();
        if (filter_.final_byte() == 'm') {
            return is_harmless_rendition(filter_.view()) ? show_rendition() : void();
        }
        if (!number) {
            return;
        }
        const auto count = std::max(*number, 1u);
        switch (filter_.final_byte()) {
            case 'J':  // rest of the screen, treated as rest of the line
                return *number == 0 ? show(sequences::erase_to_end) : void();
            case 'K':
                return *number == 0 ? show(sequences::erase_to_end) : *number == 2 ? erase_line() : void();
            case '@':
            case 'P':
                show("");
                return put_control(count, filter_.final_byte());
            case 'C':
                return move_to(position() + count);
            case 'D':
                return move_to(position() - std::min(count, position()));
            case 'G':
                return move_to(count - 1);
            default:
                return;
        }
    }

    [[gnu::cold]] void show_rendition() {
        show("\x1b[");
        out_.put(filter_.view());
        out_.put("m");
        rendered_ = filter_.number() != 0u;
    }

    [[gnu::cold]] void erase_line() {
        const auto column = position();
        start_again();
        out_.put(sequences::erase_to_end);
        move_to(column);
    }

    /// Returns the column of the guest's cursor after the tag, as far as it is known.
    std::uint32_t position() const { return returned_ ? 0 : column_; }

    [[gnu::cold]] void move_to(std::uint32_t target) {
        target = std::min(target, widest);
        if (returned_ || (target < column_ && column_ - target > known_)) {
            start_again();
        }
        if (target > column_) {
            put_control(target - column_, 'C');
            pass(target - column_);
        } else if (target < column_) {
            put_control(column_ - target, 'D');
            known_ -= column_ - target;
            column_ = target;
        }
    }

    [[gnu::cold]] void put_control(std::uint32_t number, char final_byte) {
        out_.put("\x1b[");
        out_.put_number(number);
        out_.put(static_cast<std::uint8_t>(final_byte));
    }

    /// Makes room for a character that may be wide. If only one column is left, some terminals begin a new row even
    /// with autowrap off; so this moves the cursor before the last two columns.
    void make_way() {
        show("  \x1b[2D");
        const auto column = column_;
        pass(2);
        known_ -= 2;
        column_ = column;
    }

    /// Notes that the cursor moved so many columns to the right, or to the edge of a narrow terminal.
    void pass(std::uint32_t columns) {
        const auto room = narrowest - std::min(narrowest, tags_.columns() + 1);
        known_ = std::min(known_ + columns, room);
        move_model(columns);
    }
    void move_model(std::uint32_t columns) { column_ = std::min(column_ + columns, widest); }

    [[gnu::cold]] void show(std::string_view text) {
        if (returned_) {
            start_again();
        }
        out_.put(text);
    }

    /// Returns to the first column after the tag: what follows overwrites the line.
    [[gnu::cold]] void start_again() {
        end_rendition();
        out_.put("\r");
        put_tag();
    }

    void put_tag() {
        tags_.put(out_, owner_);
        returned_ = false;
        rendered_ = false;
        column_ = 0;
        known_ = 0;
    }

    void end_rendition() {
        if (rendered_) {
            out_.put(sequences::plain_rendition);
        }
    }

    [[gnu::noinline]] void end_line(bool by_newline) {
        end_rendition();
        out_.put("\r\n");
        channel_->release(cursor_, by_newline);
        channel_->keep_filter(filter_);
        channel_ = nullptr;
    }

    const Tags& tags_;
    Staging out_;
    OutputChannel* channel_ = nullptr;  ///< of the open line
    std::size_t owner_ = 0;
    Style style_ = Style::tagged;
    std::uint32_t cursor_ = 0;  ///< of the next byte in the channel
    std::uint32_t shown_ = 0;   ///< bytes of output since open()
    Filter filter_;
    bool returned_ = false;     ///< the last unit was a carriage return, which takes effect with the next unit
    bool rendered_ = false;     ///< the guest has changed how characters look
    std::uint32_t column_ = 0;  ///< of the guest's cursor, after the tag
    std::uint32_t known_ = 0;   ///< the least that the terminal's cursor is after the tag
};

}  // namespace mullion
