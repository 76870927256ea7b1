// SPDX-License-Identifier: Apache-2.0
#include "vm/console_channel.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <thread>

namespace mullion {
namespace {

class ChannelTest : public ::testing::Test {
 protected:
    std::unique_ptr<OutputChannel> channel = std::make_unique<OutputChannel>();

    void put(std::string_view text) {
        for (const char c : text) {
            ASSERT_TRUE(channel->put(static_cast<std::uint8_t>(c)));
        }
    }
    void fill() {
        while (channel->room() > 0) {
            put("x");
        }
    }
    std::string content() const {
        std::string text;
        for (auto at = channel->tail(); at != channel->head(); ++at) {
            text.push_back(static_cast<char>(channel->at(at)));
        }
        return text;
    }
};

TEST_F(ChannelTest, KeepsBytesInOrderUntilTheyAreReleased) {
    put("abc");
    EXPECT_EQ(content(), "abc");
    channel->release(channel->tail() + 2, false);
    EXPECT_EQ(content(), "c");
}

TEST_F(ChannelTest, TakesItsCapacityAndNoMore) {
    EXPECT_EQ(channel->room(), OutputChannel::capacity);
    fill();
    EXPECT_FALSE(channel->put('y'));
    channel->release(channel->tail() + 1, false);
    EXPECT_EQ(channel->room(), 1u);
    EXPECT_TRUE(channel->put('y'));
}

TEST_F(ChannelTest, FinishesALineEvenInAFullRing) {
    fill();
    channel->take_news();
    channel->finish_line();
    EXPECT_TRUE(channel->take_news());
    EXPECT_TRUE(content().ends_with("x\n"));
    EXPECT_TRUE(channel->has_line());
    EXPECT_EQ(channel->room(), 0u);
    EXPECT_FALSE(channel->put('y'));
    channel->release(channel->tail() + 1, false);
    EXPECT_FALSE(channel->put('y'));  // the place of the newline is not for others
    channel->release(channel->tail() + 1, false);
    EXPECT_TRUE(channel->put('y'));
}

TEST_F(ChannelTest, FinishesNoLineThatIsFinished) {
    channel->finish_line();
    put("a\n");
    channel->finish_line();
    EXPECT_EQ(content(), "a\n");
}

TEST_F(ChannelTest, HasALineFromItsNewlineToItsRelease) {
    put("ab");
    EXPECT_FALSE(channel->has_line());
    put("\ncd");
    EXPECT_TRUE(channel->has_line());
    channel->release(channel->tail() + 3, true);
    EXPECT_FALSE(channel->has_line());
}

TEST_F(ChannelTest, UnseenAreTheBytesThatWereNotShown) {
    put("abc");
    EXPECT_EQ(channel->unseen(), 3u);
    channel->show_to(channel->tail() + 2);
    EXPECT_EQ(channel->unseen(), 1u);
    channel->hide();
    EXPECT_EQ(channel->unseen(), 3u);
}

TEST_F(ChannelTest, UnderADeadlineOnlyNewlinesAndLongLinesAreNews) {
    EXPECT_TRUE(channel->is_news('a'));
    channel->set_deadline(5);
    EXPECT_FALSE(channel->is_news('a'));
    EXPECT_TRUE(channel->is_news('\n'));
    put(std::string(line_limit, 'x'));
    EXPECT_TRUE(channel->is_news('x'));
    channel->release(channel->head(), false);
    EXPECT_FALSE(channel->is_news('a'));
    channel->set_deadline(std::nullopt);
    EXPECT_TRUE(channel->is_news('a'));
}

TEST_F(ChannelTest, RoomIsWantedOnceAfterARefusalWhenAQuarterIsFree) {
    fill();
    EXPECT_FALSE(channel->room_wanted());
    EXPECT_FALSE(channel->put('y'));
    channel->release(channel->tail() + OutputChannel::capacity / 4 - 1, false);
    EXPECT_FALSE(channel->room_wanted());
    channel->release(channel->tail() + 1, false);
    EXPECT_TRUE(channel->room_wanted());
    EXPECT_FALSE(channel->room_wanted());
}

TEST_F(ChannelTest, DropsNothingWhileHalfIsFree) {
    put(std::string(OutputChannel::capacity / 2 - 1, 'x') + "\n");
    channel->drop_oldest(OutputChannel::capacity);
    EXPECT_EQ(content().size(), OutputChannel::capacity / 2);
    EXPECT_EQ(channel->take_dropped(), 0u);
}

TEST_F(ChannelTest, DropsWholeLinesAndCountsThem) {
    put("first\nsecond\n" + std::string(OutputChannel::capacity / 2 - 3, 'x') + "\n");
    channel->set_deadline(5);
    channel->drop_oldest(OutputChannel::capacity);
    EXPECT_EQ(content(), std::string(OutputChannel::capacity / 2 - 3, 'x') + "\n");
    EXPECT_TRUE(channel->has_line());
    EXPECT_EQ(channel->deadline(), std::nullopt);
    EXPECT_EQ(channel->take_dropped(), 2u);
    EXPECT_EQ(channel->take_dropped(), 0u);
}

TEST_F(ChannelTest, DropsALineWithoutAnEndWhole) {
    put(std::string(OutputChannel::capacity / 2 + 1, 'x'));
    channel->drop_oldest(OutputChannel::capacity);
    EXPECT_EQ(content(), "");
    EXPECT_EQ(channel->take_dropped(), 1u);
    put("y\n");
    EXPECT_TRUE(channel->has_line());
}

TEST_F(ChannelTest, BytesCrossFromOneThreadToAnotherInOrder) {
    constexpr std::uint32_t count = 200'000;
    std::thread producer([&] {
        for (std::uint32_t i = 0; i < count; ++i) {
            while (!channel->put(static_cast<std::uint8_t>(i % 251))) {
                std::this_thread::yield();
            }
        }
    });
    std::uint32_t wrong = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
        while (channel->tail() == channel->head()) {
            std::this_thread::yield();
        }
        wrong += channel->at(channel->tail()) != i % 251 ? 1 : 0;
        channel->release(channel->tail() + 1, channel->at(channel->tail()) == '\n');
    }
    producer.join();
    EXPECT_EQ(wrong, 0u);
    EXPECT_FALSE(channel->has_line());
}

}  // namespace
}  // namespace mullion
