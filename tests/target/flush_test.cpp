// SPDX-License-Identifier: Apache-2.0
// Tests that what is stored to a guest's memory is written back before a hart enters the guest, where it has Svpbmt
// (docs/decisions/0021-down-to-memory.md). QEMU has no caches; a plugin of its TCG follows the lines
// (plugin/flushed.cpp).
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>

#include "probe.hpp"
#include "report.hpp"

namespace mullion::target {
namespace {

namespace fs = std::filesystem;

const fs::path folder = fs::path(MULLION_BUILD) / "qemu/one-probe.rva23s64";

std::string contents(const fs::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string address_of(const std::string& symbol, const fs::path& image) {
    const auto command = MULLION_TARGET_NM " " + image.string() + ".elf";
    std::string text;
    if (auto* pipe = popen(command.c_str(), "r")) {
        for (int c = 0; (c = std::fgetc(pipe)) != EOF;) {
            text += static_cast<char>(c);
        }
        pclose(pipe);
    }
    std::smatch match;
    return std::regex_search(text, match, std::regex("([0-9a-f]+) T " + symbol + "\n")) ? "0x" + match[1].str() : "";
}

/// Returns the plugin's arguments after its file, with the guest's memory as the report has it.
std::string arguments(const fs::path& image, const fs::path& out) {
    const auto text_end = find_in_report(folder, " text +0x[0-9a-f]+\\.\\.(0x[0-9a-f]+)").front().front();
    auto all = ",out=" + out.string() + ",enter=" + address_of("enter_guest", image) + ",text=" + text_end;
    for (const auto& window : find_in_report(folder, memory_window)) {
        all += ",memory=" + window[0] + "-" + window[1];
    }
    return all;
}

/// Boots `image`.bin, ends each life but the last by a key, and returns what the plugin says of that many lives, a line
/// for each.
std::string lines_of_lives(const fs::path& image, int lives) {
    const auto out = fs::temp_directory_path() / ("mullion-flushed-" + std::to_string(getpid()));
    fs::remove(out);
    const auto plugin = MULLION_TARGET_FOLDER "/flushed.so" + arguments(image, out);
    Machine machine({.description = folder.filename(),
                     .cpu = "rva23s64",
                     .extra = {"-kernel", image.string() + ".bin", "-plugin", plugin}});
    std::string lines;
    for (int life = 1; life <= lives; ++life) {
        machine.wait_until([&] { return std::ranges::count(lines = contents(out), '\n') == life; });
        if (life < lives) {
            expect_ready(machine, "alpha");
            machine.type_key('r');
        }
    }
    fs::remove(out);
    return lines;
}

void expect_lines(const std::string& lines, const std::string& pattern) {
    EXPECT_TRUE(std::regex_match(lines, std::regex(pattern))) << lines;
}

const std::string stored = "[0-9]{6,} lines were stored, ";
const std::string all = stored + "0 of them were not flushed\n";

TEST(EveryStoredLine, IsFlushedBeforeAGuestIsEnteredInEachLife) {
    expect_lines(lines_of_lives(folder / "mullion", 3), all + all + all);
}

TEST(EveryStoredLine, IsMissedWhereImagesAreNotFlushed) {
    expect_lines(lines_of_lives(folder / "planted/unflushed-images", 1),
                 stored + "[1-9][0-9]* of them were not flushed\n");
}

TEST(EveryStoredLine, IsMissedWhereClearingDoesNotFlush) {
    expect_lines(lines_of_lives(folder / "planted/unflushed-zeros", 1),
                 stored + "[1-9][0-9]{5,} of them were not flushed\n");
}

TEST(EveryStoredLine, IsFlushedThoughTheBoardFileHasLargerBlocks) {
    expect_lines(lines_of_lives(folder / "planted/larger-flush", 1), all);
}

TEST(EveryStoredLine, IsMissedWhereLargerBlocksAreBelieved) {
    expect_lines(lines_of_lives(folder / "planted/unflushed-halves", 1),
                 stored + "[1-9][0-9]{5,} of them were not flushed\n");
}

TEST(EveryStoredLine, IsMissedWhereARestartDoesNotFlush) {
    expect_lines(lines_of_lives(folder / "planted/unflushed-restart", 2),
                 all + stored + "[1-9][0-9]{5,} of them were not flushed\n");
}

}  // namespace
}  // namespace mullion::target
