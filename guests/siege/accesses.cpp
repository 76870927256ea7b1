// SPDX-License-Identifier: Apache-2.0
// Makes accesses of every width and kind, aligned and not, to devices, borders and nothing.
#include "siege/attacker.hpp"
#include "siege/values.hpp"

namespace siege {

void try_access(Hart& hart) {
    auto& random = hart.random;
    constexpr std::array<std::uint32_t, 34> words{
        0x0005'0503, 0x0005'4503, 0x0005'1503, 0x0005'5503, 0x0005'2503, 0x0005'6503, 0x0005'3503,  // lb to ld
        0x00b5'0023, 0x00b5'1023, 0x00b5'2023, 0x00b5'3023,                                         // sb to sd
        0x0005'2503, 0x00b5'2023, 0x0005'4503, 0x00b5'0023,               // the most frequent ones again
        0x0001'4108, 0x0001'6108, 0x0001'c10c, 0x0001'e10c,               // c.lw, ld, sw, sd
        0x0001'8108, 0x0001'8508, 0x0001'8548, 0x0001'890c, 0x0001'8d0c,  // of Zcb
        0x1005'252f, 0x18b5'252f, 0x00b5'252f, 0x08b5'352f,               // lr, sc, amos
        0x0005'2507, 0x00a5'2027, 0x0205'6207, 0x0205'6227,               // of floats, vectors
        0x0045'200f, 0x0005'200f};                                        // cbo.zero, inval
    const auto address = any_address(random);
    const auto value = any_value(random);
    const auto word = random.of(words);
    if (random.one_in(3)) {
        try_words_as_user(hart, {word}, {address, value});
    } else {
        try_words(hart, {word}, {address, value});
    }
}

}  // namespace siege
