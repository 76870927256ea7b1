// SPDX-License-Identifier: Apache-2.0
#include "report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "core/layout_of.hpp"
#include "overlay.hpp"
#include "owners.hpp"
#include "pci.hpp"
#include "place.hpp"
#include "policy.hpp"
#include "text.hpp"

namespace mullion::partc {
namespace {

/// Formats a range as a column of tables.
std::string column(std::uint64_t base, std::uint64_t size) {
    return fmt::format("{:24} ", span(base, size));
}

/// Returns the leaves that map the window, each as large as fits: "1 x 1 GiB, 2 x 2 MiB".
std::string leaves(const Window& w) {
    constexpr std::array<std::uint64_t, 3> sizes{gibi, 2 * mebi, page_size};
    std::array<std::uint64_t, sizes.size()> count{};
    for (std::uint64_t at = 0; at < w.size;) {
        std::size_t i = 0;
        while (!is_aligned((w.at.value + at) | (w.to.value + at), sizes[i]) || sizes[i] > w.size - at) {
            ++i;
        }
        ++count[i];
        at += sizes[i];
    }
    std::vector<std::string> words;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        if (count[i] != 0) {
            words.push_back(fmt::format("{} x {}", count[i], exact_size(sizes[i])));
        }
    }
    return list(words);
}

class ReportWriter {
 public:
    explicit ReportWriter(const Model& model) : model_(model) {}

    std::string text() {
        const auto& board = model_.board.board;
        line("{} on {}: {} harts, {} of memory, {} partition{}", model_.name, board.name, model_.board.harts.size(),
             rough_size(ram_size()), model_.guests.size(), model_.guests.size() == 1 ? "" : "s");
        for (const auto& guest : model_.guests) {
            this->guest(guest);
        }
        hypervisor();
        images();
        left_over();
        return std::move(text_);
    }

 private:
    template <class... Args>
    void line(fmt::format_string<Args...> format, Args&&... args) {
        auto text = fmt::format(format, std::forward<Args>(args)...);
        text.erase(text.find_last_not_of(' ') + 1);
        text_ += text + '\n';
    }

    std::uint64_t ram_size() const {
        std::uint64_t size = 0;
        for (const auto& ram : model_.board.ram) {
            size += ram.size;
        }
        return size;
    }

    const std::string& cpu(std::uint32_t hart) const { return model_.board.hart_nodes[hart]->title(); }

    void guest(const GuestModel& g) {
        line("\nPartition {}", g.name);
        for (std::size_t i = 0; i < g.harts.size(); ++i) {
            line("  hart {}: {}", i, cpu(g.harts[i]));
        }
        line("  {:28} {:25}{:25}{:8}{}", "Windows", "guest addresses", "host addresses", "rights", "pages");
        for (const auto& w : g.windows) {
            line("    {:26} {}{}{:8}{}", w.name, column(w.window.at.value, w.window.size),
                 column(w.window.to.value, w.window.size), to_string(w.window.rights), leaves(w.window));
        }
        line("  Devices");
        for (const auto& device : g.emulated) {
            line("    {} at {}, emulated, {}", row_of(device.kind).name, hex(device.base.value), wires_text(device));
        }
        for (const auto* device : g.devices) {
            std::vector<std::string> sources;
            for (const auto& source : g.sources) {
                if (source.device == device->title()) {
                    sources.push_back(fmt::format("{}", source.source.number));
                }
            }
            line("    {}: the board's, interrupts: {}", device->title(), sources.empty() ? "none" : list(sources));
        }
        for (const auto* device : g.without_reset) {
            line("    {}: no way to reset it is known; the next life finds it as the last one left it",
                 device->title());
        }
        for (const auto& function : g.functions) {
            this->function(function);
        }
        if (!g.bus_masters.empty()) {
            line("  not isolated against DMA by {}", g.name);
        } else if (!g.functions.empty()) {
            line("  isolated against DMA: what its PCI functions reach is its own");
        }
        line("  Loaded at every start{}", g.verified ? ", once the images' SHA-256 is verified" : "");
        for (const auto& load : g.loads) {
            line("    {:26} {}{}, from {}", load.name, column(load.load.to.value, load.load.size),
                 rough_size(load.load.size), model_.images.all()[load.load.image].name);
        }
        line("  entered at {}, with the tree at {}", hex(g.entry.value), hex(g.tree.value));
        if (const auto* overlay = overlay_of(g)) {
            line("  its tree is changed by {}", overlay->string().value_or(""));
        }
        line("  boot arguments: {}", g.bootargs.empty() ? "none" : g.bootargs);
        policy(g);
    }

    void function(const FunctionModel& f) {
        line("    {}: PCI function {} ({:04x}:{:04x}), device id {}, interrupts: MSIs", f.node->title(),
             address_text(f.function), f.function.vendor_id, f.function.product_id, hex(f.function.device_id));
        for (std::size_t slot = 0; slot < f.function.bars.size(); ++slot) {
            if (const auto& bar = f.function.bars[slot]; bar.exists()) {
                line("      BAR {} at {}, {}", slot, hex(bar.base.value), exact_size(bar.size));
            }
        }
    }

    void policy(const GuestModel& g) {
        line("  Life");
        line("    starts {}", start_text(g));
        for (const auto cause : {Cause::shutdown, Cause::reboot, Cause::crash, Cause::watchdog}) {
            if (cause == Cause::watchdog && !g.device(DeviceKind::watchdog).exists()) {
                continue;
            }
            line("    {}: {}", property_of(cause), reaction_text(g.policy.to(cause)));
        }
        if (g.policy.stop.request != StopRequest::none) {
            line("    when the operator stops it: {}", stop_text(g.policy.stop));
        }
        if (!g.functions.empty()) {
            line("    on-dma-fault: {}", g.policy.stop_on_dma_fault ? "stop" : "nothing");
        }
        if (!g.bus_masters.empty()) {
            line("    after its end: {}", g.policy.restart_with_dma
                                              ? "starts again, though its devices may still write to its memory by DMA"
                                              : "stays off, as its devices may still write to its memory by DMA");
        }
    }

    void hypervisor() {
        line("\nHypervisor");
        if (model_.services != Services::all()) {
            std::vector<std::string> left_out;
            for (std::size_t i = 0; i < service_count; ++i) {
                if (!model_.services.has(static_cast<Service>(i))) {
                    left_out.emplace_back(service_names[i]);
                }
            }
            line("    left out: {}", list(left_out));
        }
        for (const auto& part : hypervisor_parts(layout_)) {
            line("    {:26} {}{:8}{}", part.name, column(part.range.base.value, part.range.size), part.rights,
                 rough_size(part.range.size));
        }
        if (model_.board.board.iommu.exists()) {
            dma();
        }
        const auto& description = view_.description();
        const auto levels = levels_of(g_stage_mode(description));
        for (const auto& guest : description.guests) {
            line("    tables of {:16} {} of {} for the harts' roots, {} of {} below them", guest.name,
                 guest.harts.size(), exact_size(stage2_root_size), lower_tables(Stage2Mappings{guest.windows}, levels),
                 exact_size(page_size));
        }
    }

    void dma() {
        const auto any = [&](auto member) {
            return std::ranges::any_of(model_.guests, [&](const GuestModel& g) { return !(g.*member).empty(); });
        };
        if (any(&GuestModel::bus_masters)) {
            return;
        }
        line("    isolated against DMA: {}", any(&GuestModel::functions)
                                                 ? "functions reach what their guest does, other devices nothing"
                                                 : "no device is granted any");
    }

    void images() {
        line("\nImages, linked once each");
        for (const auto& image : model_.images.all()) {
            line("    {:26} {:12} sha256 {:02x}", image.name, rough_size(image.bytes.size()),
                 fmt::join(image.sha256, ""));
        }
    }

    void left_over() {
        line("\nNobody's");
        const auto& firmware = model_.board.board.firmware;
        if (firmware.size != 0) {
            line("    {:26} {}", "the firmware's", column(firmware.base.value, firmware.size));
        }
        for (const auto& reserved : model_.board.reserved) {
            line("    {:26} {}{}", reserved.name, column(reserved.range.base.value, reserved.range.size),
                 rough_size(reserved.range.size));
        }
        for (std::uint32_t hart = 0; hart < model_.board.harts.size(); ++hart) {
            const auto has = [&](const GuestModel& g) { return std::ranges::find(g.harts, hart) != g.harts.end(); };
            if (std::ranges::none_of(model_.guests, has)) {
                line("    {}", cpu(hart));
            }
        }
        for (const auto& range : unused_ram(model_, {layout_.text.base, layout_.end() - layout_.text.base})) {
            line("    {:26} {}{}", "memory", column(range.base.value, range.size), rough_size(range.size));
        }
    }

    const Model& model_;
    const DescriptionView view_{model_};
    const Layout layout_ = layout_of(view_.description());
    std::string text_;
};

}  // namespace

std::string report(const Model& model) {
    return ReportWriter{model}.text();
}

}  // namespace mullion::partc
