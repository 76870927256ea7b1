// SPDX-License-Identifier: Apache-2.0
// Tests channels between guests: what one writes the other reads, and nobody does anything else.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "probe.hpp"
#include "report.hpp"

namespace mullion::target {
namespace {

class Channel : public testing::Test {
 protected:
    explicit Channel(const std::vector<std::string>& arguments = {})
        : machine_({.description = "channels", .extra = arguments}) {
        for (const auto* guest : {"alpha", "beta", "gamma"}) {
            expect_ready(machine_, guest);
        }
    }

    /// Has a guest run a case of the probe's, which must end in "ok".
    void expect_case(char key, std::string_view guest, const std::string& name) {
        machine_.type_key(key);
        expect_cases_pass(machine_, guest, name, {name});
    }

    Machine machine_;
};

TEST_F(Channel, CarriesWhatItsWriterWritesAndNothingElse) {
    expect_case('3', "gamma", "channel.foreign");
    expect_case('1', "alpha", "channel.write");
    expect_case('2', "beta", "channel.read");
    expect_case('3', "gamma", "channel.foreign");
}

/// What was said stays when either side starts again.
TEST_F(Channel, KeepsItsContentsOverRestarts) {
    expect_case('1', "alpha", "channel.write");
    for (const auto& [key, guest] : {std::pair{'1', "alpha"}, std::pair{'2', "beta"}}) {
        machine_.type_key(key);
        machine_.type_key('r');
        expect_ready(machine_, guest);
        expect_case('2', "beta", "channel.read");
    }
}

TEST_F(Channel, TakesWhatBothSidesWrite) {
    for (int count = 1; count < 5; ++count) {
        const bool is_alpha = count % 2 != 0;
        machine_.type_key(is_alpha ? '1' : '3');
        machine_.type("channel.bell\r");
        const auto bell = machine_.expect_line(is_alpha ? "alpha" : "gamma", "^probe: bell (\\d+)$");
        EXPECT_EQ(bell[1], std::to_string(count));
    }
}

/// Has memory in the channel before Mullion boots, as after a reset of the machine.
class UsedChannel : public Channel {
 protected:
    explicit UsedChannel(std::vector<std::string> arguments = {}) : Channel(and_used(std::move(arguments))) {}

 private:
    static std::vector<std::string> and_used(std::vector<std::string> arguments) {
        const auto folder = std::filesystem::path(MULLION_BUILD) / "qemu/channels";
        const auto row = find_in_report(folder, "channel telemetry +0x[0-9a-f.x]+ +0x([0-9a-f]+)\\.\\.").front();
        const auto middle = std::stoull(row[0], nullptr, 16) + 0x8000;
        arguments.push_back("-device");
        arguments.push_back("loader,addr=" + std::to_string(middle) + ",data=0x1234,data-len=8");
        return arguments;
    }
};

TEST_F(UsedChannel, IsClearWhenGuestsEnter) {
    expect_case('2', "beta", "channel.clear");
    expect_case('1', "alpha", "channel.clear");
}

class UnclearedChannel : public UsedChannel {
 protected:
    UnclearedChannel() : UsedChannel({"-kernel", planted("uncleared-channel", "channels")}) {}
};

TEST_F(UnclearedChannel, Shows) {
    machine_.type_key('2');
    machine_.type("channel.clear\r");
    machine_.expect_line("beta", "^probe: channel.clear FAILED: what nobody has written: expected 0x0, got 0x");
}

}  // namespace
}  // namespace mullion::target
