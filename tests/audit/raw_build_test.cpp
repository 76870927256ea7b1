// SPDX-License-Identifier: Apache-2.0
#include "raw.hpp"

#include <gmock/gmock.h>

#include <random>

#include "fixture.hpp"

namespace mullion::audit {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Raw : public ::testing::Test {
 protected:
    std::vector<std::string> mismatches() const {
        std::vector<std::string> texts;
        for (const auto& mismatch : judge_raw(image_, raw_)) {
            texts.push_back(text_of(mismatch));
        }
        return texts;
    }

    /// Changes the header in the ELF and in the raw image alike.
    void change_header(std::size_t at, std::uint8_t byte) {
        raw_.at(at) = byte;
        image_.segments.front().bytes.at(at) = byte;
    }

    Image image_ = load_build("one-probe").image;
    std::vector<std::uint8_t> raw_ = load_raw("one-probe");
};

TEST_F(Raw, ImageHasTheSegmentsAtTheirPlaces) {
    EXPECT_THAT(mismatches(), IsEmpty());
}

TEST_F(Raw, ImageDiffersInNoByte) {
    std::mt19937_64 random{20260101};
    for (int i = 0; i < 50; ++i) {
        const auto at = random() % raw_.size();
        const auto before = raw_[at];
        raw_[at] ^= static_cast<std::uint8_t>(1U << random() % 8);
        EXPECT_THAT(mismatches(), Contains(HasSubstr(" instead of 0x"))) << at;
        raw_[at] = before;
    }
    raw_.back() ^= 1;
    EXPECT_THAT(mismatches(), Contains(HasSubstr(" instead of 0x")));
}

TEST_F(Raw, ImageHasZerosBetweenSegments) {
    const auto base = image_.segments.front().range.base;
    std::size_t holes = 0;
    for (std::size_t i = 1; i < image_.segments.size(); ++i) {
        const auto hole = image_.segments[i - 1].range.base - base + image_.segments[i - 1].bytes.size();
        if (hole < image_.segments[i].range.base - base && !image_.segments[i].bytes.empty()) {
            ++holes;
            raw_.at(hole) = 1;
            EXPECT_THAT(mismatches(), Contains(HasSubstr("is 0x01 instead of 0x00")));
            raw_.at(hole) = 0;
        }
    }
    EXPECT_NE(holes, 0u);
}

TEST_F(Raw, ImageIsNeitherLongerNorShorter) {
    raw_.push_back(0);
    EXPECT_THAT(mismatches(), Contains(HasSubstr("bytes instead of")));
    raw_.resize(raw_.size() - 2);
    EXPECT_THAT(mismatches(), Contains(HasSubstr("bytes instead of")));
    raw_.clear();
    EXPECT_THAT(mismatches(), Contains(HasSubstr("bytes instead of")));
}

TEST_F(Raw, ImageOfAnElfThatWasMovedIsAnothers) {
    for (auto& segment : image_.segments) {
        segment.range.base += segment.rights == readable ? page_size : 0;
    }
    EXPECT_THAT(mismatches(), Contains(HasSubstr(" instead of 0x")));
}

TEST_F(Raw, ImageBeginsWithTheHeaderOfALinuxImage) {
    change_header(48, 'r');
    EXPECT_THAT(mismatches(), Contains(HasSubstr("no header")));
    change_header(48, 'R');
    change_header(59, 4);
    EXPECT_THAT(mismatches(), Contains(HasSubstr("no header")));
    change_header(59, 5);
    change_header(24, 1);
    EXPECT_THAT(mismatches(), Contains(HasSubstr("no header")));
    change_header(24, 0);
    EXPECT_THAT(mismatches(), IsEmpty());
    change_header(22, 1);
    EXPECT_THAT(mismatches(), Contains(HasSubstr("other memory")));
}

TEST_F(Raw, ImageStartsWhereTheElfDoes) {
    image_.entry += 4;
    EXPECT_THAT(mismatches(), Contains(HasSubstr("does not start at the first byte")));
}

}  // namespace
}  // namespace mullion::audit
