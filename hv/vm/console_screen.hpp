// SPDX-License-Identifier: Apache-2.0
// The one line of the terminal that is being written: who owns it, how far it is, and the bytes that show it. Who comes
// next is not decided here (console.hpp).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/terminal.hpp"
#include "vm/console_channel.hpp"
#include "vm/console_filter.hpp"
#include "vm/console_staging.hpp"
#include "vm/console_tags.hpp"

namespace mullion {

/// Each step is made only when has_output() is false, and leaves output (or has nothing to show). The caller holds the
/// console lock.
///
/// A tagged line is drawn without wrapping, and the cursor is moved so that it stays to the right of the tag, however
/// wide the terminal is: forward relatively, which ends at the edge; back relatively by no more columns than it is
/// known to have come; otherwise from a tag that is drawn again.
class Screen {
 public:
    enum class Style : std::uint8_t {
        tagged,
        raw,  ///< bytes as they are, line after line, until close()
    };

    /// A terminal has that many columns at least, or a row of a guest's may lose its tag.
    static constexpr std::uint32_t narrowest = 40;
    /// Bytes that a line takes on the screen: with its tag, which may be drawn again.
    static constexpr std::uint32_t shown_limit = line_limit + 256;
    /// What one turn sends at most: that, the last step and the end of the line.
    static constexpr std::uint32_t longest_turn = shown_limit + 256;

    constexpr explicit Screen(const Tags& tags) : tags_(tags) {}

    constexpr bool has_output() const { return !out_.empty(); }
    /// The output; without any, those of the owner's next bytes that are shown as they are, and about which nothing
    /// else is to be done. Most are.
    std::span<const std::uint8_t> ready() const { return has_output() ? out_.view() : plain(); }
    /// That many of them were shown.
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
    /// Everything that the owner has said so far was taken.
    bool is_dry() const { return cursor_ == channel_->head(); }

    /// The owner's next byte; not dry. True when bytes were released: the turn is over, but of raw bytes.
    bool advance() {
        const auto byte = channel_->at(cursor_);
        if (style_ == Style::raw) {
            return advance_raw(byte);
        }
        // The end of a line that is just long enough belongs to it.
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

    /// Leaves the unfinished line to make place for another. `again`: it will be opened once more, so that where the
    /// terminal can, it is erased now instead of being left to stand twice. The position up to which it was shown.
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

    /// Likewise for raw bytes: what is left of their last line comes again with a tag.
    [[gnu::cold]] std::uint32_t leave_zoom() {
        out_.put(terminal::after_zoom);
        channel_->hide();
        channel_ = nullptr;
        return cursor_;
    }

    // --- while none is ---

    /// From the start of its owner's oldest line.
    void open(std::size_t owner, Channel& channel, Style style) {
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

    /// One line of Mullion's own, at once.
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

    /// Whether a line is open or not: something for the terminal that shows nothing.
    void tell_terminal(std::string_view sequence) { out_.put(sequence); }

 private:
    using Unit = Filter::Unit;

    static constexpr std::uint32_t widest = 9999;  ///< columns that anybody moves to
    static constexpr std::uint32_t at_once = 16;   ///< bytes that are looked at, as many as a UART's FIFO takes

    std::span<const std::uint8_t> plain() const {
        if (!is_open() || style_ == Style::raw || returned_ || !filter_.between_units() || is_full()) {
            return {};
        }
        const auto bytes = channel_->from(cursor_);
        const auto left = std::min({line_limit - (cursor_ - channel_->tail()), shown_limit - shown_, at_once});
        const auto within = bytes.first(std::min<std::size_t>(bytes.size(), left));
        return {within.begin(), std::ranges::find_if_not(within, Filter::is_plain)};
    }

    /// As many bytes as may be, read or shown: what is filtered out and what is drawn again count, too.
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
                    show(" ");  // or it may change the tag's last column
                    pass(1);
                }
                if (filter_.may_be_wide()) {
                    make_way();
                }
                show(filter_.view());
                // Of other characters nobody knows how many columns they take.
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

    /// The control sequences that do nothing outside of the line, so far as they do nothing to the left of the cursor.
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
            case 'J':  // the rest of the screen: the rest of the line
                return *number == 0 ? show(terminal::erase_to_end) : void();
            case 'K':
                return *number == 0 ? show(terminal::erase_to_end) : *number == 2 ? erase_line() : void();
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
        out_.put(terminal::erase_to_end);
        move_to(column);
    }

    /// Where the guest's cursor is, in columns behind the tag, as far as is known.
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

    /// Two columns for a character that may be wide: where only one is left of a row some terminals begin the next one
    /// for it, wrapping or not. At the edge the cursor comes to stand before the last two.
    void make_way() {
        show("  \x1b[2D");
        const auto column = column_;
        pass(2);
        known_ -= 2;
        column_ = column;
    }

    /// The cursor went that many columns to the right, or to the edge of a terminal that need not be wide.
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

    /// What follows covers what is there, but not the tag.
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
            out_.put(terminal::plain_rendition);
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
    Channel* channel_ = nullptr;  ///< of the open line
    std::size_t owner_ = 0;
    Style style_ = Style::tagged;
    std::uint32_t cursor_ = 0;  ///< position of the next byte in the channel
    std::uint32_t shown_ = 0;   ///< bytes of output since open()
    Filter filter_;
    bool returned_ = false;     ///< the last unit was a carriage return, which is carried out with what follows
    bool rendered_ = false;     ///< the guest has changed how characters look
    std::uint32_t column_ = 0;  ///< where the guest's cursor is, behind the tag
    std::uint32_t known_ = 0;   ///< columns that the terminal's is behind the tag, at least
};

}  // namespace mullion
