// SPDX-License-Identifier: Apache-2.0
// Changes descriptions at random: each must be refused with a message, or obey check() and the proof.
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/check.hpp"
#include "core/proof_asked.hpp"
#include "editor.hpp"
#include "partc/blob.hpp"
#include "partc/build.hpp"
#include "partc/diff.hpp"
#include "partc/explain.hpp"
#include "partc/map.hpp"
#include "tally.hpp"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

namespace mullion::fuzz {
namespace {

using partc::Described;
using partc::Diagnostics;

Tally tally;

void require(bool condition, std::string_view what) {
    if (!condition) {
        fmt::print(stderr, "FOUND: {}\n", what);
        std::abort();
    }
}

/// Returns options; FUZZ_IMAGES has the smallest image of each format.
const partc::Options& options() {
    static const partc::Options options{.file = "x.dts",
                                        .platform = "board",
                                        .include_folders = {},
                                        .load_address = 0x8020'0000,
                                        .images = FUZZ_IMAGES,
                                        .instead = {},
                                        .color = false,
                                        .output = "out"};
    return options;
}

/// Runs everything by which partc shows a description; it must end.
void tell(const Described& described) {
    for (const auto& image : described.model.images.all()) {
        require(!image.name.ends_with(".dtb") || partc::read_blob(image.bytes), "a guest's tree is none");
    }
    partc::output_of(options(), described);
    partc::map_svg(described);
    partc::explain(described, 0x8000'0000);
    require(partc::differences(described, described) == "no difference\n", "differs from itself");
}

/// Checks what was accepted.
void accept(const Described& described) {
    const partc::DescriptionView view{described.model};
    const auto& description = view.description();
    tally.count("accepted");
    if (std::ranges::any_of(description.guests, [](const Guest& guest) { return guest.harts.size() >= 3; })) {
        tally.count("accepted-with-three-harts");
    }
    const auto finding = first_finding(description);
    require(!finding,
            finding ? fmt::format("accepted against the law's rule {}", static_cast<int>(finding->rule)) : "");
    require(proof::prove_windows(description, layout_of(description)).holds(), "accepted, and the proof would fail");
}

/// Only one in so many is shown, as showing takes longer than everything else and mostly repeats itself.
constexpr std::size_t told = 16;

/// Describes the tree; returns whether it was accepted.
bool describe(partc::Tree tree, bool is_told) {
    partc::ParsedSource source{std::move(tree), {}};
    Diagnostics diagnostics;
    auto model = partc::understand(options(), source, diagnostics);
    if (diagnostics.errors() != 0) {
        require(!diagnostics.text().empty(), "refused without a word");
        tally.count("refused");
        return false;
    }
    require(model.has_value(), "neither refused nor accepted");
    const Described described{std::move(source), std::move(*model)};
    accept(described);
    if (is_told) {
        tell(described);
    }
    return true;
}

std::string_view text_of(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}

/// The mutator's last result, which libFuzzer tries next, so that its bytes need not be parsed again.
struct Made {
    std::string blob;
    std::optional<partc::Tree> tree;
};

Made made;

std::expected<partc::Tree, std::string> tree_of(std::string_view blob) {
    if (made.tree && blob == made.blob) {
        return *std::exchange(made.tree, std::nullopt);
    }
    return partc::read_blob(blob);
}

/// Returns the new size; 0 if the bytes do not fit, or dtc would refuse the tree as a source.
std::size_t make(Editor editor, std::uint8_t* data, std::size_t max_size) {
    auto blob = editor.blob();
    auto tree = std::move(editor).tree();
    const auto size = blob.size();
    if (size > max_size || !partc::name_of_two(tree.root()).empty()) {
        return 0;
    }
    std::memcpy(data, blob.data(), size);
    made = {std::move(blob), std::move(tree)};
    return size;
}

}  // namespace
}  // namespace mullion::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto tree = mullion::fuzz::tree_of(mullion::fuzz::text_of(data, size));
    if (!tree) {
        return -1;
    }
    // Refused inputs are not mutated further (-1), as the results are mostly refused for the same reason.
    const bool is_told = std::hash<std::string_view>{}(mullion::fuzz::text_of(data, size)) % mullion::fuzz::told == 0;
    return mullion::fuzz::describe(std::move(*tree), is_told) ? 0 : -1;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned seed) {
    auto tree = mullion::partc::read_blob(mullion::fuzz::text_of(data, size));
    if (!tree) {
        return LLVMFuzzerMutate(data, size, max_size);
    }
    mullion::fuzz::Editor editor{std::move(*tree), seed};
    editor.change();
    return mullion::fuzz::make(std::move(editor), data, max_size);
}

extern "C" std::size_t LLVMFuzzerCustomCrossOver(const std::uint8_t* data1, std::size_t size1,
                                                 const std::uint8_t* data2, std::size_t size2, std::uint8_t* out,
                                                 std::size_t max_size, unsigned seed) {
    // Sometimes two trees are combined, which takes longer. If that fails, libFuzzer mutates.
    constexpr unsigned now_and_then = 8;
    if (seed % now_and_then != 0) {
        return 0;
    }
    auto tree = mullion::partc::read_blob(mullion::fuzz::text_of(data1, size1));
    auto other = mullion::partc::read_blob(mullion::fuzz::text_of(data2, size2));
    if (!tree || !other) {
        return 0;
    }
    mullion::fuzz::Editor editor{std::move(*tree), seed};
    editor.graft(std::move(*other));
    return mullion::fuzz::make(std::move(editor), out, max_size);
}
