// SPDX-License-Identifier: Apache-2.0
// Reads arbitrary bytes as a flattened device tree: partc and the auditor must return a tree or a reason. The auditor
// reads only what dtc has just written, and leaves its form to libfdt; so it gets only well-formed trees.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "audit/mismatch.hpp"
#include "audit/requirements.hpp"
#include "audit/tree.hpp"
#include "partc/blob.hpp"
#include "partc/board.hpp"
#include "partc/board_source.hpp"
#include "partc/host_board.hpp"
#include "tally.hpp"

namespace mullion::fuzz {
namespace {

Tally tally;

void partc_reads(const partc::Tree& tree) {
    partc::Diagnostics diagnostics;
    partc::read_board(tree, "board", {0x8020'0000}, diagnostics);
    partc::board_source(tree, partc::understand_host(tree, std::nullopt), "host.dtb");
}

void auditor_reads(const std::string& bytes) {
    try {
        audit::read_requirements(audit::Tree{bytes});
    } catch (const audit::Error&) {
        // Refused, with a reason.
    }
}

}  // namespace
}  // namespace mullion::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string bytes{data, data + size};
    const auto tree = mullion::partc::read_blob(bytes);
    mullion::fuzz::tally.count(tree ? "accepted" : "refused");
    if (tree) {
        mullion::fuzz::partc_reads(*tree);
        mullion::fuzz::auditor_reads(bytes);
    }
    return 0;
}
