// SPDX-License-Identifier: Apache-2.0
// Uses a channel of 64 KiB where channels are by default, from both sides and from none, and one of a page behind it
// (tests/target/dts/channels.dts).
#include <array>

#include "probe/cases.hpp"
#include "probe/expect.hpp"
#include "probe/paging.hpp"
#include "probe/refused.hpp"
#include "probe/trap.hpp"

namespace probe {
namespace {

constexpr Region channel{std::uint64_t{1} << 40, 0x1'0000};
constexpr Region bell{channel.end(), page};

std::uint64_t value_at(std::uint64_t address) {
    return address ^ 0x5555'aaaa'3333'cccc;
}

template <class Function>
void for_each_word(Function function) {
    for (auto at = channel.base; at < channel.end(); at += sizeof(std::uint64_t)) {
        function(at);
    }
}

void nothing_around(std::uint64_t base, std::uint64_t end) {
    all_is_refused(base - 1);
    all_is_refused(base - page);
    all_is_refused(end);
    all_is_refused(end + page - 1);
}

void is_clear() {
    for_each_word([](std::uint64_t at) {
        const auto word = try_load<std::uint64_t>(at);
        expect_no_trap("a read of the channel", word.trap);
        expect_equal("what nobody has written", 0, word.value);
    });
}

void is_written() {
    for_each_word(
        [](std::uint64_t at) { expect_no_trap("a write to the channel", try_store<std::uint64_t>(at, value_at(at))); });
    expect_trap("a jump into the channel", instruction_access_fault, channel.base, try_execute(channel.base));
    nothing_around(channel.base, bell.end());
}

void is_read() {
    for_each_word([](std::uint64_t at) {
        const auto word = try_load<std::uint64_t>(at);
        expect_no_trap("a read of the channel", word.trap);
        expect_equal("what the writer has written", value_at(at), word.value);
    });
    for (const auto at : {channel.base, channel.end() - sizeof(std::uint64_t)}) {
        expect_trap("a write to it", store_access_fault, at, try_store<std::uint64_t>(at, 1));
        expect_trap("a jump into it", instruction_access_fault, at, try_execute(at));
    }
    nothing_around(channel.base, channel.end());
}

void is_not_there() {
    all_is_refused(channel.base);
    nothing_around(bell.base, bell.end());
}

/// Adds one to a number that both sides write to.
void rings() {
    const auto before = try_load<std::uint64_t>(bell.base);
    expect_no_trap("a read of the bell", before.trap);
    expect_no_trap("a write to the bell", try_store<std::uint64_t>(bell.base, before.value + 1));
    print("probe: bell ", before.value + 1);
}

[[gnu::section(".cases"), gnu::used]] constexpr std::array cases{
    Case{"channel.clear", is_clear, When::by_name}, Case{"channel.write", is_written, When::by_name},
    Case{"channel.read", is_read, When::by_name},   Case{"channel.foreign", is_not_there, When::by_name},
    Case{"channel.bell", rings, When::by_name},
};

}  // namespace
}  // namespace probe
