// SPDX-License-Identifier: Apache-2.0
// The one line of the terminal that is being written: who owns it, how far it is, and the bytes that show it. Who comes
// next is not decided here (console.hpp).
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "vm/console_channel.hpp"
#include "vm/console_sequence.hpp"
#include "vm/console_staging.hpp"
#include "vm/console_tags.hpp"

namespace mullion {

/// Each step is made only when has_output() is false, and leaves output (or has nothing to show). The caller holds the
/// console lock.
class Screen {
 public:
    enum class Style : std::uint8_t {
        tagged,
        raw,  ///< bytes as they are, line after line, until close()
    };

    constexpr explicit Screen(const Tags& tags) : tags_(tags) {}

    constexpr bool has_output() const { return !out_.empty(); }
    /// The output; without any, those of the owner's next bytes that are shown as they are, and about which nothing
    /// else is to be done. Most are.
    std::span<const std::uint8_t> ready() const { return has_output() ? out_.view() : plain(); }
    /// That many of them were shown.
    void take(std::size_t count) {
        if (has_output()) {
            out_.take(count);
        } else {
            cursor_ += static_cast<std::uint32_t>(count);
        }
    }

    constexpr bool is_open() const { return channel_ != nullptr; }
    constexpr bool is_open(std::size_t owner) const { return is_open() && owner_ == owner; }

    // --- while a line is open ---

    constexpr std::size_t owner() const { return owner_; }
    /// Everything that the owner has said so far was taken, but for the beginning of what may become a question.
    bool is_dry() const { return cursor_ == channel_->head() || question().partial; }
    /// It stopped where it should not be cut: inside a character or a sequence, or before the newline that a carriage
    /// return announces.
    bool inside_sequence() const { return sequence_.inside() || returned_ || question().partial; }

    /// The owner's next byte; not dry. True when a line ended and its bytes were released.
    bool advance() {
        const auto byte = channel_->at(cursor_);
        if (style_ == Style::raw) {
            return advance_raw(byte);
        }
        if (const auto asked = question(); asked.length != 0) {
            cursor_ += asked.length;
            return false;
        }
        if (is_too_long() && byte != '\n' && byte != '\r') {
            out_.put("\r\n");
            return end_line(false);
        }
        ++cursor_;
        sequence_.feed(byte);
        if (byte == '\n') {
            out_.put(std::string_view{"\r\n"}.substr(returned_ ? 1 : 0));
            return end_line(true);
        }
        if (returned_ && byte != '\r') {
            tags_.put(out_, owner_);  // a lone carriage return: the text that follows covers the tag
        }
        returned_ = byte == '\r';
        out_.put(byte);
        return false;
    }

    /// Leaves the unfinished line to make place for another. `again`: it will be opened once more, so that where the
    /// terminal can, it is erased now instead of being left to stand twice. The position up to which it was shown.
    std::uint32_t close(bool again) {
        const auto length = cursor_ - channel_->tail();
        if (again && tags_.in_color() && style_ == Style::tagged && length <= erasable) {
            out_.put("\r\x1b[K");
        } else if (length > 0) {
            out_.put("\r\n");
        }
        if (again) {
            channel_->hide();
        } else {
            channel_->show_to(cursor_);
        }
        channel_ = nullptr;
        return cursor_;
    }

    // --- while none is ---

    /// From the start of its owner's oldest line.
    void open(std::size_t owner, Channel& channel, Style style) {
        if (const auto dropped = channel.take_dropped(); dropped != 0) {
            tags_.put(out_, tags_.own());
            out_.put_number(dropped);
            out_.put(" lines dropped of ");
            out_.put(tags_.name(owner));
            out_.put("\r\n");
        }
        if (style == Style::tagged) {
            tags_.put(out_, owner);
        }
        channel.set_deadline({});
        channel_ = &channel;
        owner_ = owner;
        style_ = style;
        cursor_ = channel.tail();
        sequence_ = {};
        returned_ = false;
    }

    /// One line of Mullion's own, at once.
    void say(std::string_view text, std::string_view about) {
        tags_.put(out_, tags_.own());
        out_.put(text);
        out_.put(about);
        out_.put("\r\n");
    }

 private:
    /// Longer lines may have wrapped, and only their last row could be erased.
    static constexpr std::uint32_t erasable = 60;

    /// The sequences by which programs ask the terminal who and where it is (ECMA-48 8.3.35 DSR, 8.3.24 DA). Their
    /// answers would be typed to whoever has the input, and a tagged line's columns are not the guest's: only a zoomed
    /// guest may ask.
    static constexpr std::array<std::string_view, 4> questions{"\x1b[6n", "\x1b[5n", "\x1b[c", "\x1b[0c"};

    struct Question {
        std::uint32_t length = 0;  ///< of the question that comes next; 0: none
        bool partial = false;      ///< what is there may become one
    };

    Question question() const {
        if (style_ == Style::raw || cursor_ == channel_->head() || channel_->at(cursor_) != '\x1b') {
            return {};
        }
        const auto there = channel_->head() - cursor_;
        bool partial = false;
        for (const auto text : questions) {
            std::uint32_t same = 0;
            while (same < there && same < text.size() &&
                   channel_->at(cursor_ + same) == static_cast<std::uint8_t>(text[same])) {
                ++same;
            }
            if (same == text.size()) {
                return {same, false};
            }
            partial |= same == there;
        }
        return {0, partial};
    }

    std::span<const std::uint8_t> plain() const {
        const auto length = is_open() ? cursor_ - channel_->tail() : line_limit;
        if (length >= line_limit || returned_ || sequence_.inside()) {
            return {};
        }
        const auto bytes = channel_->from(cursor_);
        const auto within = bytes.first(std::min<std::size_t>(bytes.size(), line_limit - length));
        return {within.begin(), std::ranges::find_if_not(within, Sequence::is_plain)};
    }

    bool is_too_long() const { return cursor_ - channel_->tail() >= line_limit && !sequence_.inside(); }

    bool advance_raw(std::uint8_t byte) {
        ++cursor_;
        sequence_.feed(byte);
        out_.put(byte);
        if (byte != '\n' && !is_too_long()) {
            return false;
        }
        channel_->release(cursor_, byte == '\n');
        return true;
    }

    bool end_line(bool by_newline) {
        channel_->release(cursor_, by_newline);
        channel_ = nullptr;
        return true;
    }

    const Tags& tags_;
    Staging out_;
    Channel* channel_ = nullptr;  ///< of the open line
    std::size_t owner_ = 0;
    Style style_ = Style::tagged;
    std::uint32_t cursor_ = 0;  ///< position of the next byte in the channel
    Sequence sequence_;
    bool returned_ = false;  ///< the last byte was a carriage return
};

}  // namespace mullion
