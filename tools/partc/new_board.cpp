// SPDX-License-Identifier: Apache-2.0
#include "new_board.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>

#include "blob.hpp"
#include "board_source.hpp"
#include "files.hpp"
#include "host_board.hpp"
#include "output.hpp"

namespace mullion::partc {
namespace {

namespace fs = std::filesystem;

/// Returns a name for the platform's folder from the tree's `compatible`: "visionfive-2-v1-3b" for
/// "starfive,visionfive-2-v1.3b".
std::string name_of(const Tree& tree) {
    const auto* compatible = tree.root().find("compatible");
    const auto strings = compatible == nullptr ? std::nullopt : compatible->strings();
    std::string name = strings ? strings->front() : "";
    name.erase(0, name.find(',') + 1);
    std::ranges::transform(name, name.begin(), [](unsigned char c) {
        return c < 0x80 && std::isalnum(c) != 0 ? static_cast<char>(std::tolower(c)) : '-';
    });
    return name.empty() ? "board" : name;
}

bool is_platform_name(std::string_view name) {
    return !name.empty() && name.front() != '-' && std::ranges::all_of(name, [](unsigned char c) {
        return (c < 0x80 && std::isalnum(c) != 0) || c == '-' || c == '_';
    });
}

class PlatformWriter {
 public:
    PlatformWriter(const NewBoardOptions& options, Diagnostics& diagnostics)
        : options_(options), diagnostics_(diagnostics) {}

    /// Writes the file, and returns a summary.
    std::string write() {
        const auto bytes = contents(options_.from);
        const auto tree = bytes ? read_blob(*bytes, {}) : std::unexpected{std::string{"cannot be read"}};
        if (!tree) {
            diagnostics_.error({options_.from, 0}, tree.error());
            return {};
        }
        const auto name = options_.name.empty() ? name_of(*tree) : options_.name;
        if (!is_platform_name(name)) {
            diagnostics_.error({}, fmt::format("--name {}: a name is letters, digits, '-' and '_'", name));
            return {};
        }
        const auto load = options_.load_address ? std::optional{Hpa{*options_.load_address}} : std::nullopt;
        const auto board = understand_host(*tree, load);
        for (const auto& open : board.open) {
            diagnostics_.warning({options_.from, 0}, open);
        }
        const fs::path file =
            options_.output.empty() ? fs::path{"dts/platform"} / name / "platform.dtsi" : fs::path{options_.output};
        return store(file, board_source(*tree, board, fs::path{options_.from}.filename()));
    }

 private:
    std::string store(const fs::path& file, const std::string& source) {
        std::error_code error;
        if (!options_.replace && fs::exists(file, error) && contents(file) != source) {
            diagnostics_.error({file, 0}, "is there already: --replace overwrites it, --output names another file");
            return {};
        }
        Output output{file.has_parent_path() ? file.parent_path() : "."};
        output.add(file.filename(), source);
        if (const auto written = output.write(); !written) {
            diagnostics_.error({}, written.error());
            return {};
        }
        return file.string() + '\n';
    }

    const NewBoardOptions& options_;
    Diagnostics& diagnostics_;
};

}  // namespace

Result new_board(const NewBoardOptions& options) {
    Diagnostics diagnostics;
    PlatformWriter writer{options, diagnostics};
    auto text = writer.write();
    return {diagnostics.errors() == 0, diagnostics.text(), std::move(text)};
}

}  // namespace mullion::partc
