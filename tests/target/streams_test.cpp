// SPDX-License-Identifier: Apache-2.0
// Compares what a machine sends, while beta writes what may hold up the console (guests/probe/case_stream.cpp), with
// what docs/interface.md promises. gamma tells the time when it is asked: what comes behind its answer was sent later.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "console/reader.hpp"
#include "probe.hpp"

namespace mullion::target {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t longest_turn = 1536;
constexpr std::size_t guests = 3;
/// The most bytes that are sent before a complete line that is its guest's first is out.
constexpr std::size_t longest_wait = 2 * (guests + 1) * longest_turn;

/// Has the text between two newlines.
struct Row {
    std::string_view text;
    std::size_t end;  ///< bytes that were sent then
};

std::vector<Row> rows_since(std::string_view transcript, std::size_t begin) {
    std::vector<Row> rows;
    for (auto end = transcript.find('\n', begin); end != transcript.npos; end = transcript.find('\n', begin)) {
        rows.push_back({transcript.substr(begin, end - begin), end});
        begin = end + 1;
    }
    return rows;
}

/// Removes the sequence that tells the terminal not to wrap, which any key sends anew, anywhere in a row.
std::string without_modes(std::string_view row) {
    constexpr std::string_view wrap_off = "\x1b[?7l";
    std::string text(row);
    for (auto at = text.find(wrap_off); at != text.npos; at = text.find(wrap_off)) {
        text.erase(at, wrap_off.size());
    }
    return text;
}

/// Returns the number between those words, if the row is nothing else.
std::optional<unsigned long> number_in(const Row& row, std::string_view before, std::string_view behind = "") {
    auto text = without_modes(row.text);
    const auto end = std::string(behind) + '\r';
    const auto digits = text.find_first_not_of("0123456789", std::min(before.size(), text.size()));
    if (!text.starts_with(before) || digits == before.size() || digits == text.npos || text.substr(digits) != end) {
        return std::nullopt;
    }
    return std::stoul(text.substr(before.size()));
}

/// Returns where Mullion's first line begins; the firmware's lines have no tags.
std::size_t first_row(std::string_view transcript) {
    const auto banner = transcript.find("mullion| ");
    return transcript.rfind('\n', banner) + 1;
}

/// Expects that each row has only what the list in docs/interface.md lets pass, and is no longer than a turn.
void expect_harmless_rows(const Machine& machine) {
    for (const auto& row : rows_since(machine.transcript(), first_row(machine.transcript()))) {
        const auto complaint = console_test::complaint_about(row.text);
        ASSERT_FALSE(complaint) << *complaint << ": " << row.text;
        ASSERT_LE(row.text.size() + 1, longest_turn) << row.text;
    }
}

struct Setting {
    std::string name;
    std::string platform;
    std::chrono::milliseconds pause;  ///< between two looks at the console
    std::vector<std::string> streams;
};

class Streams : public testing::TestWithParam<Setting> {
 protected:
    Streams() {
        for (const auto* guest : {"alpha", "beta", "gamma"}) {
            expect_ready(machine_, guest);
        }
    }

    void give_input_to(char guest) { machine_.type_key(guest); }

    /// Has alpha say lines, which must come; returns how many were complete before the previous one was out.
    std::size_t lines_in_turn() {
        const auto begin = machine_.transcript().size();
        give_input_to('1');
        machine_.type("stream.burst\r");
        give_input_to('3');
        machine_.type("stream.time\r");
        const auto complete = std::stoul(machine_.expect_line("alpha", "^complete at (\\d+)$")[1]);
        const auto later = std::stoul(machine_.expect_line("gamma", "^time (\\d+)$")[1]);
        std::map<unsigned long, std::size_t> lines;  // by number: the end of the row
        auto known = machine_.transcript().size();   // from here on all were complete
        for (const auto& row : rows_since(machine_.transcript(), begin)) {
            if (const auto line = number_in(row, "alpha  | line ")) {
                lines[*line] = row.end;
            } else if (later > complete && number_in(row, "gamma  | time ")) {
                known = std::min(known, row.end);
            }
        }
        EXPECT_EQ(lines.size(), 150U);
        return count_in_turn(lines, known);
    }

    Machine machine_{{.description = "streams", .platform = GetParam().platform, .pause = GetParam().pause}};

 private:
    static std::size_t count_in_turn(const std::map<unsigned long, std::size_t>& lines, std::size_t known) {
        std::size_t count = 0;
        auto before = known;
        for (const auto& [line, end] : lines) {
            if (end > known) {
                EXPECT_LE(end - before, longest_wait) << "line " << line;
                before = end;
                ++count;
            }
        }
        return count;
    }
};

/// Expects that alpha's lines come in turn, that Mullion answers, and that gamma's clock goes on.
TEST_P(Streams, HoldNobodyUp) {
    // A UART that is always ready sends most lines before gamma can say anything.
    const std::size_t enough = GetParam().pause != 0ms ? 100 : 0;
    for (const auto& stream : GetParam().streams) {
        SCOPED_TRACE(stream);
        give_input_to('2');
        machine_.type("stream." + stream + "\r");
        machine_.expect_line("beta", "^probe: stream." + stream + " begins$");
        std::size_t seen = 0;
        do {
            seen += lines_in_turn();
        } while (seen < enough && !HasFailure());
        machine_.type_key('s');
        machine_.expect_line("mullion", "^beta: running$");
        give_input_to('2');
        machine_.type_key('r');
        expect_ready(machine_, "beta");
    }
    expect_harmless_rows(machine_);
}

const std::vector<std::string> all_streams{"fill",  "returns", "hold",    "control", "string",
                                           "lines", "text",    "nothing", "terminal"};

INSTANTIATE_TEST_SUITE_P(Setting, Streams,
                         testing::Values(Setting{"qemu", "qemu", 0ms, all_streams},
                                         Setting{"stuck", "qemu", 20ms, {"fill", "returns", "hold", "lines", "text"}},
                                         Setting{"qemu_plic", "qemu-plic", 0ms, {"fill", "lines", "terminal"}},
                                         Setting{"qemu_aplic", "qemu-aplic", 0ms, {"fill", "nothing"}}),
                         [](const auto& setting) { return setting.param.name; });

/// Types more than a guest reads. 4 KiB and what its UART has taken wait for the guest, and more waits in the machine's
/// UART for a second. Mullion hears its keys behind that, and says how much it dropped; nothing else is lost.
TEST(Typing, WaitsOrIsCounted) {
    constexpr std::size_t typed = 5000;
    Machine machine({.description = "reboots", .deterministic = true});
    expect_ready(machine, "alpha");
    machine.type("stream.deaf\r");
    machine.expect_line("alpha", "^probe: stream.deaf begins$");
    machine.type(std::string(typed, 'x'));
    machine.type_key('s');
    machine.expect_line("mullion", "^alpha: running$");
    machine.type_key('i');
    machine.expect_line("mullion", "^alpha is interrupted on 1 hart$");
    const auto reads = machine.expect_line("alpha", "^probe: stream.deaf reads (\\d+) after (\\d+) ms$");
    const auto read = std::stoul(reads[1]);
    EXPECT_GE(read, 4096U);
    EXPECT_LE(read, 4096U + 16 + 1);
    EXPECT_GE(std::stoul(reads[2]), 1000U - 2 * 10);  // it looks each 10 ms
    for (auto dropped = read; dropped < typed;) {
        dropped +=
            std::stoul(machine.expect_line("mullion", "^(\\d+) typed bytes dropped: alpha does not read them$")[1]);
        EXPECT_LE(dropped, typed);
    }
    machine.expect_line("alpha", "^probe: stream.deaf ok$");
    expect_harmless_rows(machine);
}

/// Reboots a guest all the time on a line that is stuck for longer and longer: some of its notices are told, the others
/// counted, and keys are answered.
TEST(Reboots, AreToldOrCounted) {
    Machine machine({.description = "reboots", .pause = 5ms});
    expect_ready(machine, "alpha");
    machine.type_key('2');
    machine.type_key('r');
    for (auto stuck = 250ms; !machine.sees_line("mullion", "^\\d+ more lines about beta$", 1s); stuck *= 2) {
        std::this_thread::sleep_for(stuck);
    }
    machine.type_key('h');
    machine.expect_line("mullion", "^Ctrl-\\] then: ");
    machine.expect_line("mullion", "2 beta has the input$");
    machine.type_key('o');
    machine.expect_line("mullion", "^beta is (switched )?off$");
    machine.type_key('1');
    for (int i = 0; i < 4; ++i) {  // so many lines that Mullion's have had their turns
        machine.type("base.version\r");
        machine.expect_line("alpha", "^probe: base.version ok$");
        machine.expect_line("alpha", "^probe: done$");
    }

    constexpr std::size_t lines_of_a_life = 4;
    const std::vector<std::string> notices{"beta starts", "beta reboots", "beta hart 0 exits: ", "|     sbi dbcn "};
    std::size_t lives = 0;
    std::size_t lines = 0;
    for (const auto& row : rows_since(machine.transcript(), first_row(machine.transcript()))) {
        lives += row.text.starts_with("beta   | probe: ready") ? 1 : 0;
        lines += number_in(row, "mullion| ", " more lines about beta").value_or(0);
        if (row.text.starts_with("mullion|")) {
            lines +=
                std::ranges::count_if(notices, [&](const auto& text) { return row.text.find(text) != row.text.npos; });
        }
    }
    // The last life may end before it is ready. Then there are five lines that this test may not know: that the guest
    // starts, its exits, which may take three, and how it ends.
    constexpr double lines_of_the_last = 5;
    EXPECT_NEAR(static_cast<double>(lines), static_cast<double>(lines_of_a_life * lives), lines_of_the_last);
    expect_harmless_rows(machine);
}

}  // namespace
}  // namespace mullion::target
