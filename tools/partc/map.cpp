// SPDX-License-Identifier: Apache-2.0
#include "map.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <iterator>

#include "interrupts.hpp"
#include "owners.hpp"
#include "svg.hpp"
#include "text.hpp"

namespace mullion::partc {
namespace {

constexpr int margin = 20;
constexpr int column_width = 290;
constexpr int inside_frame = 14;
constexpr int least_in_a_row = 3;
constexpr std::size_t colours = 8;

/// Returns the height of a box for `size` bytes. It grows logarithmically, so that a page is visible beside a gigabyte.
int height_of(std::uint64_t size) {
    return 28 + 3 * std::bit_width(size / page_size);
}

std::string interrupts(const std::vector<std::uint32_t>& sources) {
    std::vector<std::string> words;
    std::ranges::transform(sources, std::back_inserter(words), [](auto source) { return fmt::format("{}", source); });
    return words.empty() ? "" : fmt::format("{} {}", words.size() == 1 ? "interrupt" : "interrupts", list(words));
}

class Map {
 public:
    explicit Map(const Described& described) : described_(described), model_(described.model) {}

    std::string draw() {
        const auto host = this->host();
        int bottom = host.end();
        std::string body = host.body();
        const int count = static_cast<int>(model_.guests.size());
        // Guests are beside the host, in rows; a row begins below the tallest column of the one above.
        const int most_in_a_row =
            std::max(least_in_a_row, static_cast<int>(std::ceil(std::sqrt(static_cast<double>(count)))));
        int top = margin;
        for (int first = 0; first < count; first += most_in_a_row) {
            int row_end = top;
            for (int i = first; i < std::min(count, first + most_in_a_row); ++i) {
                const int x = 2 * margin + column_width + 2 * margin + (i - first) * (framed_width + margin);
                const auto guest = this->guest(static_cast<std::size_t>(i), x + inside_frame, top + 2);
                const int height = guest.end() + inside_frame - top;
                body += guest.body() + frame(colour(static_cast<std::size_t>(i)) + " o", x, top, framed_width, height);
                row_end = std::max(row_end, top + height);
            }
            bottom = std::max(bottom, row_end);
            top = row_end + margin;
        }
        const int width = 3 * margin + column_width + std::min(count, most_in_a_row) * (framed_width + margin) + margin;
        return document(fmt::format("{} on {}: who has what", model_.name, model_.board.board.name), width,
                        bottom + margin, body);
    }

 private:
    static constexpr int framed_width = column_width + 2 * inside_frame;

    static std::string colour(std::size_t guest) { return fmt::format("g{}", guest % colours); }

    std::string colour(const Piece& piece) const {
        switch (piece.owner) {
            case PieceOwner::nobody:
                return "n";
            case PieceOwner::firmware:
                return "f";
            case PieceOwner::mullion:
                return "m";
            case PieceOwner::guest:
                return colour(static_cast<std::size_t>(piece.guest - model_.guests.data()));
        }
        return {};
    }

    static std::string owner(const Piece& piece) {
        switch (piece.owner) {
            case PieceOwner::nobody:
                return "nobody's";
            case PieceOwner::firmware:
                return "firmware";
            case PieceOwner::mullion:
                return "Mullion";
            case PieceOwner::guest:
                return piece.guest->name;
        }
        return {};
    }

    // --- the machine -----------------------------------------------------------------------------------------------

    Column host() const {
        Column column{margin, margin + 2, column_width};
        column.title(fmt::format("the machine: {}", model_.board.board.name));
        column.heading("harts");
        column.chips(harts());
        const auto pieces = pieces_of(described_);
        column.heading("devices, and their interrupts");
        std::vector<Chip> unused;
        for (const auto& piece : pieces) {
            if (piece.device != nullptr && piece.owner != PieceOwner::nobody) {
                column.box(colour(piece), device(piece));
                column.gap(4);
            } else if (piece.device != nullptr) {
                unused.push_back({colour(piece), piece.name});
            }
        }
        if (!unused.empty()) {
            column.heading("devices that nobody has");
            column.chips(unused);
        }
        for (const auto& bank : model_.board.ram) {
            column.heading(fmt::format("memory, {} (not to scale)", rough_size(bank.size)));
            memory(column, bank, pieces);
        }
        return column;
    }

    std::vector<Chip> harts() const {
        std::vector<Chip> chips;
        for (std::uint32_t hart = 0; hart < model_.board.harts.size(); ++hart) {
            const auto has = [&](const GuestModel& g) { return std::ranges::find(g.harts, hart) != g.harts.end(); };
            const auto it = std::ranges::find_if(model_.guests, has);
            const auto index = static_cast<std::size_t>(it - model_.guests.begin());
            chips.push_back({it == model_.guests.end() ? "n" : colour(index), model_.board.hart_nodes[hart]->title()});
        }
        return chips;
    }

    std::vector<Line> device(const Piece& piece) const {
        std::vector<std::uint32_t> sources;
        const auto found = interrupts_of(described_.source.tree, *piece.device, *model_.board.controller);
        for (const auto& interrupt : found.value_or(std::vector<Interrupt>{})) {
            sources.push_back(interrupt.source);
        }
        std::vector<Line> lines{{piece.name, owner(piece)}, {span(piece.range.base.value, piece.range.size), ""}};
        if (!sources.empty()) {
            lines.push_back({interrupts(sources), ""});
        }
        return lines;
    }

    /// Draws the pieces of a bank. Those of the hypervisor, which are adjacent, are one box.
    void memory(Column& column, const HostRange& bank, const std::vector<Piece>& pieces) const {
        const DescriptionView view{model_};
        const auto layout = layout_of(view.description());
        const HostRange hypervisor{layout.text.base, layout.end() - layout.text.base};
        for (const auto& piece : pieces) {
            if (piece.device != nullptr || piece.is_interrupt_file() || !bank.contains(piece.range.base)) {
                continue;
            }
            if (piece.owner != PieceOwner::mullion) {
                column.box(
                    colour(piece),
                    {{piece.owner == PieceOwner::guest ? fmt::format("{}: {}", owner(piece), piece.name) : owner(piece),
                      rough_size(piece.range.size)},
                     {span(piece.range.base.value, piece.range.size), ""}},
                    height_of(piece.range.size));
            } else if (piece.range == layout.text) {
                std::vector<Line> lines{{"Mullion", rough_size(hypervisor.size)},
                                        {span(hypervisor.base.value, hypervisor.size), ""}};
                for (const auto& part : hypervisor_parts(layout)) {
                    lines.push_back(
                        {std::string{part.name}, fmt::format("{}, {}", rough_size(part.range.size), part.rights)});
                }
                column.box("m", lines);
            }
        }
    }

    // --- a guest ---------------------------------------------------------------------------------------------------

    Column guest(std::size_t index, int x, int y) const {
        const auto& guest = model_.guests[index];
        Column column{x, y, column_width};
        column.title(guest.name);
        if (!guest.bus_masters.empty()) {
            column.heading("its devices reach all memory by DMA");
        }
        column.heading("harts");
        std::vector<Chip> chips;
        for (std::size_t hart = 0; hart < guest.harts.size(); ++hart) {
            chips.push_back(
                {colour(index), fmt::format("{} = {}", hart, model_.board.hart_nodes[guest.harts[hart]]->title())});
        }
        column.chips(chips);
        column.heading("guest addresses, and where they lead");
        for (const auto& entry : address_space(guest)) {
            column.box(colour(index) + (entry.emulated ? " d" : ""), entry.lines, entry.height);
            column.gap(4);
        }
        return column;
    }

    struct Box {
        Gpa at;
        std::vector<Line> lines;
        int height = 0;
        bool emulated = false;
    };

    std::vector<Box> address_space(const GuestModel& guest) const {
        std::vector<Box> entries;
        interrupt_files(guest, entries);
        for (const auto& w : guest.windows) {
            if (w.window.kind != WindowKind::interrupt_file) {
                entries.push_back(window(guest, w));
            }
        }
        for (const auto& device : guest.emulated) {
            entries.push_back({device.base,
                               {{std::string{row_of(device.kind).name}, "emulated"},
                                {span(device.base.value, device.size), ""},
                                {wires_text(device), ""}},
                               0,
                               true});
        }
        std::ranges::sort(entries, {}, &Box::at);
        return entries;
    }

    /// Adds one box for all interrupt files, which are adjacent pages, one for each hart.
    static void interrupt_files(const GuestModel& guest, std::vector<Box>& entries) {
        const auto first = std::ranges::find(guest.windows, WindowKind::interrupt_file,
                                             [](const WindowModel& w) { return w.window.kind; });
        if (first != guest.windows.end()) {
            const auto at = first->window.at;
            entries.push_back(
                {at,
                 {{guest.harts.size() == 1 ? "interrupt file" : "interrupt files", "rw-"},
                  {span(at.value, guest.harts.size() * page_size), ""},
                  {guest.harts.size() == 1 ? "to the guest file of its hart" : "to the guest file of each hart", ""}}});
        }
    }

    Box window(const GuestModel& guest, const WindowModel& w) const {
        std::vector<Line> lines{{w.name, std::string{to_string(w.window.rights)}},
                                {span(w.window.at.value, w.window.size), rough_size(w.window.size)},
                                {fmt::format("to {}", span(w.window.to.value, w.window.size)), ""}};
        std::vector<std::uint32_t> sources;
        for (const auto& source : guest.sources) {
            if (w.window.kind == WindowKind::device && source.device == w.name) {
                sources.push_back(source.source.number);
            }
        }
        if (!sources.empty()) {
            lines.push_back({interrupts(sources), ""});
        }
        for (const auto& load : guest.loads) {
            if (w.window.guest().contains(load.load.to)) {
                lines.push_back(
                    {fmt::format("{} at {}", load.name, hex(load.load.to.value)), rough_size(load.load.size)});
            }
        }
        return {w.window.at, lines, height_of(w.window.size)};
    }

    const Described& described_;
    const Model& model_;
};

}  // namespace

std::string map_svg(const Described& described) {
    return Map{described}.draw();
}

}  // namespace mullion::partc
