// SPDX-License-Identifier: Apache-2.0
#include "emit.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "files.hpp"
#include "fixture.hpp"
#include "process.hpp"

namespace mullion::partc {
namespace {

using testing::HasSubstr;

class EmittedImages : public testing::Test {
 protected:
    EmittedImages() {
        for (const auto* name : {"raw", "linux"}) {
            const auto path = (scratch_.path() / "images" / name).string();
            images_.add(name, path, text_of(path));
        }
        write(source_, emit_images(images_));
    }

    Outcome assemble() const { return run({PARTC_CXX, "-c", "-o", "/dev/null", source_}, {}); }

    const Scratch scratch_;
    const std::string source_ = scratch_.path() / "images.S";
    Images images_;
};

TEST_F(EmittedImages, AreAssembled) {
    EXPECT_EQ(assemble().status, 0) << assemble().err;
}

/// Emits images whose files have changed since they were read: a byte more would move all that follow by a page, a byte
/// less would end an image early.
TEST_F(EmittedImages, AreHeldAgainstTheSizesThatWereRead) {
    for (const auto size : {999, 1001, 0, 5000}) {
        fs::resize_file(scratch_.path() / "images/raw", static_cast<std::uintmax_t>(size));
        EXPECT_NE(assemble().status, 0);
        EXPECT_THAT(assemble().err, HasSubstr("images/raw has not the 1000 bytes that partc read")) << size;
    }
}

}  // namespace
}  // namespace mullion::partc
