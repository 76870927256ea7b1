// SPDX-License-Identifier: Apache-2.0
// Descriptions, changed at random: each is refused with a message, or what comes of it obeys the law and the proof.
#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <expected>
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

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

namespace mullion::fuzz {
namespace {

using partc::Described;
using partc::Diagnostics;

void require(bool condition, std::string_view what) {
    if (!condition) {
        fmt::print(stderr, "FOUND: {}\n", what);
        std::abort();
    }
}

/// Images of each format, as small as they can be, lie in FUZZ_IMAGES.
const partc::Options& options() {
    static const partc::Options options{.file = "x.dts",
                                        .platform = "board",
                                        .include_folders = {},
                                        .cpu = "small",
                                        .load_address = 0x8020'0000,
                                        .images = FUZZ_IMAGES,
                                        .instead = {},
                                        .color = false,
                                        .output = "out"};
    return options;
}

/// What was accepted must hold, and everything that partc has to say of it must come to an end.
void accept(const Described& described) {
    const partc::View view{described.model};
    const auto& description = view.description();
    require(!first_finding(description), "accepted against the law");
    require(proof::prove_windows(description, layout_of(description)).holds(), "accepted, and the proof would fail");
    for (const auto& image : described.model.images.all()) {
        require(!image.name.ends_with(".dtb") || partc::read_blob(image.bytes), "a guest's tree is none");
    }
    partc::output_of(options(), described);
    partc::map_svg(described);
    partc::explain(described, 0x8000'0000);
    require(partc::differences(described, described) == "no difference\n", "differs from itself");
}

void describe(partc::Tree tree) {
    partc::ParsedSource source{std::move(tree), {}};
    Diagnostics diagnostics;
    auto model = partc::understand(options(), source, diagnostics);
    if (diagnostics.errors() != 0) {
        require(!diagnostics.text().empty(), "refused without a word");
        return;
    }
    require(model.has_value(), "neither refused nor accepted");
    accept({std::move(source), std::move(*model)});
}

std::string_view text_of(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}

/// What the mutator made last. libFuzzer tries it next, and its bytes need not be read again.
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

/// The new size; 0 when the bytes do not fit.
std::size_t make(Editor editor, std::uint8_t* data, std::size_t max_size) {
    auto blob = editor.blob();
    const auto size = blob.size();
    if (size > max_size) {
        return 0;
    }
    std::memcpy(data, blob.data(), size);
    made = {std::move(blob), std::move(editor).tree()};
    return size;
}

}  // namespace
}  // namespace mullion::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto tree = mullion::fuzz::tree_of(mullion::fuzz::text_of(data, size));
    if (!tree) {
        return -1;  // not for the corpus
    }
    mullion::fuzz::describe(std::move(*tree));
    return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned seed) {
    auto tree = mullion::partc::read_blob(mullion::fuzz::text_of(data, size));
    if (!tree) {
        return LLVMFuzzerMutate(data, size, max_size);
    }
    mullion::fuzz::Editor editor{std::move(*tree), seed};
    for (unsigned i = 0; i <= seed % 4; ++i) {
        editor.change();
    }
    return mullion::fuzz::make(std::move(editor), data, max_size);
}

extern "C" std::size_t LLVMFuzzerCustomCrossOver(const std::uint8_t* data1, std::size_t size1,
                                                 const std::uint8_t* data2, std::size_t size2, std::uint8_t* out,
                                                 std::size_t max_size, unsigned seed) {
    // Reading two trees for one input is worth it now and then. Where nothing comes of it, libFuzzer mutates.
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
