// SPDX-License-Identifier: Apache-2.0
#include "emit.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <span>
#include <string_view>

#include "consoles.hpp"
#include "text.hpp"

namespace mullion::partc {
namespace {

std::string of(const HostRange& r) {
    return fmt::format("{{{{{:#x}}}, {:#x}}}", r.base.value, r.size);
}

std::string of(std::uint32_t value) {
    return fmt::format("{}", value);
}

std::string of(const Hart& h) {
    return fmt::format("{{HartId{{{}}}, {}, {{{:#x}}}, {}, {}, {}, {}}}", static_cast<std::uint64_t>(h.id),
                       h.imsic_index, h.features.bits, h.cboz_block, h.cbom_block, h.mmu_bits, h.context);
}

std::string_view of(Rights rights) {
    switch (rights) {
        case Rights::r:
            return "Rights::r";
        case Rights::rw:
            return "Rights::rw";
        case Rights::rx:
            return "Rights::rx";
        case Rights::rwx:
            return "Rights::rwx";
    }
    return {};
}

std::string_view of(WindowKind kind) {
    switch (kind) {
        case WindowKind::memory:
            return "WindowKind::memory";
        case WindowKind::device:
            return "WindowKind::device";
        case WindowKind::interrupt_file:
            return "WindowKind::interrupt_file";
        case WindowKind::channel:
            return "WindowKind::channel";
    }
    return {};
}

std::string of(const Window& w) {
    return fmt::format("{{{{{:#x}}}, {{{:#x}}}, {:#x}, {}, {}}}", w.at.value, w.to.value, w.size, of(w.rights),
                       of(w.kind));
}

std::string of(Board::Console::Kind kind) {
    const auto* driven = std::ranges::find(driven_consoles, kind, &DrivenConsole::kind);
    return fmt::format("Board::Console::Kind::{}", driven->code);
}

std::string_view of(Kept::Kind kind) {
    switch (kind) {
        case Kept::Kind::console:
            return "Kept::Kind::console";
        case Kept::Kind::controller:
            return "Kept::Kind::controller";
        case Kept::Kind::interrupt_files:
            return "Kept::Kind::interrupt_files";
        case Kept::Kind::supervisor_file:
            return "Kept::Kind::supervisor_file";
        case Kept::Kind::iommu:
            return "Kept::Kind::iommu";
        case Kept::Kind::pci_host:
            return "Kept::Kind::pci_host";
        case Kept::Kind::pci_bus:
            return "Kept::Kind::pci_bus";
        case Kept::Kind::timer:
            return "Kept::Kind::timer";
        case Kept::Kind::firmware:
            return "Kept::Kind::firmware";
    }
    return {};
}

std::string of(const Kept& k) {
    return fmt::format("{{{}, {}, {}}}", of(k.kind), of(k.range), k.reached);
}

std::string of(const Load& l) {
    return fmt::format("{{{{{:#x}}}, {}, {:#x}, {:#x}}}", l.to.value, l.image, l.offset, l.size);
}

std::string of(const Image& image) {
    return fmt::format("{{{}, {}, {{{:#04x}}}}}", literal(image.name), image.size, fmt::join(image.sha256, ", "));
}

std::string of(const Channel& c) {
    return fmt::format("{{{}, {}}}", literal(c.name), of(c.memory));
}

std::string_view of(SourceMode mode) {
    switch (mode) {
        case SourceMode::inactive:
            return "SourceMode::inactive";
        case SourceMode::detached:
            return "SourceMode::detached";
        case SourceMode::edge1:
            return "SourceMode::edge1";
        case SourceMode::edge0:
            return "SourceMode::edge0";
        case SourceMode::level1:
            return "SourceMode::level1";
        case SourceMode::level0:
            return "SourceMode::level0";
    }
    return {};
}

std::string of(const Source& s) {
    return fmt::format("{{{}, {}}}", s.number, of(s.mode));
}

std::string of(const DeviceReset& r) {
    return fmt::format("{{{{{:#x}}}, {:#x}, {}, {}}}", r.at.value, r.value, r.bytes, r.awaited);
}

std::string of(const PciBar& b) {
    return fmt::format("{{{{{:#x}}}, {:#x}, {}, {}}}", b.base.value, b.size, b.is_64_bit, b.is_prefetchable);
}

std::string of(const PciFunction& f) {
    std::string bars;
    for (const auto& bar : f.bars) {
        bars += (bars.empty() ? "" : ", ") + (bar.exists() ? of(bar) : "{}");
    }
    return fmt::format("{{{:#x}, {:#x}, {:#x}, {:#x}, {{{{{}}}}}}}", f.number, f.vendor_id, f.product_id, f.device_id,
                       bars);
}

std::string of(const VirtualDevice& d) {
    return fmt::format("{{DeviceKind::{}, {{{:#x}}}, {:#x}, {}, {}}}", row_of(d.kind).code, d.base.value, d.size,
                       d.source, d.parameter);
}

std::string_view of(Action action) {
    switch (action) {
        case Action::stay_off:
            return "Action::stay_off";
        case Action::restart:
            return "Action::restart";
        case Action::halt_machine:
            return "Action::halt_machine";
    }
    return {};
}

std::string of(const Reaction& r) {
    return fmt::format("{{{}, {{{}, {}}}}}", of(r.action), r.limit.restarts, r.limit.seconds);
}

std::string_view of(StopRequest request) {
    switch (request) {
        case StopRequest::none:
            return "StopRequest::none";
        case StopRequest::sysrq:
            return "StopRequest::sysrq";
        case StopRequest::software_event:
            return "StopRequest::software_event";
    }
    return {};
}

std::string of(const Policy& p) {
    return fmt::format("{{{}, {}, {}, {}, {{{:#x}, {}, {}}}, {{{}, {}}}, {}, {}}}", of(p.shutdown), of(p.reboot),
                       of(p.crash), of(p.watchdog), p.start.after, p.start.delay_ms, p.start.by_operator,
                       of(p.stop.request), p.stop.seconds, p.restart_with_dma, p.stop_on_dma_fault);
}

/// Returns an array with a name, which spans can point at.
template <class T>
std::string list_of(std::string_view type, std::string_view name, std::span<const T> values) {
    auto text = fmt::format("inline constexpr std::array<{}, {}> {}{{{{", type, values.size(), name);
    for (const auto& value : values) {
        text += fmt::format("\n    {},", of(value));
    }
    return text + (values.empty() ? "}};\n" : "\n}};\n");
}

std::string guest_lists(std::size_t index, const Guest& guest) {
    const auto name = [&](std::string_view what) { return fmt::format("guest{}_{}", index, what); };
    return fmt::format("\n// {}\n", guest.name) + list_of("std::uint32_t", name("harts"), guest.harts) +
           list_of("Window", name("windows"), guest.windows) + list_of("Load", name("loads"), guest.loads) +
           list_of("Source", name("sources"), guest.sources) + list_of("DeviceReset", name("resets"), guest.resets) +
           list_of("PciFunction", name("functions"), guest.functions) +
           list_of("VirtualDevice", name("devices"), guest.devices);
}

std::string guest_entry(std::size_t index, const Guest& g) {
    return fmt::format(
        "    Guest{{\n"
        "        .name = {0},\n"
        "        .harts = guest{1}_harts,\n"
        "        .windows = guest{1}_windows,\n"
        "        .loads = guest{1}_loads,\n"
        "        .sources = guest{1}_sources,\n"
        "        .resets = guest{1}_resets,\n"
        "        .functions = guest{1}_functions,\n"
        "        .devices = guest{1}_devices,\n"
        "        .entry = {{{2:#x}}},\n"
        "        .tree = {{{3:#x}}},\n"
        "        .seed = {{{{{4:#x}}}, {5}}},\n"
        "        .unprotected_dma = {6},\n"
        "        .noncoherent_dma = {7},\n"
        "        .verified = {8},\n"
        "        .policy = {9},\n"
        "    }},\n",
        literal(g.name), index, g.entry.value, g.tree.value, g.seed.at.value, g.seed.name, g.unprotected_dma,
        g.noncoherent_dma, g.verified, of(g.policy));
}

std::string board_entry(const Board& b) {
    return fmt::format(
        "    .board = {{\n"
        "        .name = {},\n"
        "        .timebase_frequency = {},\n"
        "        .harts = harts,\n"
        "        .ram = ram,\n"
        "        .firmware = {},\n"
        "        .load_address = {{{:#x}}},\n"
        "        .console = {{{{{:#x}}}, {:#x}, {}, {}, {}, {}, {}}},\n"
        "        .aplic = {{{{{:#x}}}, {:#x}, {}}},\n"
        "        .imsic = {{{{{:#x}}}, {:#x}, {}, {}, {}, {}, {}, {}}},\n"
        "        .plic = {{{{{:#x}}}, {:#x}, {}}},\n"
        "        .iommu = {},\n"
        "        .pci = {{{{{:#x}}}, {:#x}, pci_windows}},\n"
        "        .reserved = reserved,\n"
        "        .kept = kept,\n"
        "    }},\n",
        literal(b.name), b.timebase_frequency, of(b.firmware), b.load_address.value, b.console.base.value,
        b.console.size, b.console.reg_shift, b.console.source, of(b.console.mode), b.console.io_width,
        of(b.console.kind), b.aplic.base.value, b.aplic.size, b.aplic.num_sources, b.imsic.base.value, b.imsic.size,
        b.imsic.guest_index_bits, b.imsic.num_ids, b.imsic.num_guest_ids, b.imsic.groups, b.imsic.hart_index_bits,
        b.imsic.group_index_shift, b.plic.base.value, b.plic.size, b.plic.num_sources,
        of(HostRange{b.iommu.base, b.iommu.size}), b.pci.base.value, b.pci.size);
}

/// Returns a hash (FNV-1a), which only has to tell contents apart.
std::uint64_t fingerprint(std::string_view bytes) {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const char byte : bytes) {
        hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
    }
    return hash;
}

}  // namespace

std::string emit_description(const Description& d, const std::string& source) {
    auto text = fmt::format(
        "// SPDX-License-Identifier: Apache-2.0\n"
        "// Written by partc from {}: change that, not this.\n"
        "#pragma once\n\n"
        "#include <array>\n#include <cstdint>\n\n"
        "#include \"core/description.hpp\"\n\n"
        "namespace mullion::generated {{\n\n",
        source);
    text += list_of("Hart", "harts", d.board.harts) + list_of("HostRange", "ram", d.board.ram) +
            list_of("HostRange", "reserved", d.board.reserved) + list_of("Kept", "kept", d.board.kept) +
            list_of("HostRange", "pci_windows", d.board.pci.windows);
    for (std::size_t i = 0; i < d.guests.size(); ++i) {
        text += guest_lists(i, d.guests[i]);
    }
    text += fmt::format("\ninline constexpr std::array<Guest, {}> guests{{{{\n", d.guests.size());
    for (std::size_t i = 0; i < d.guests.size(); ++i) {
        text += guest_entry(i, d.guests[i]);
    }
    text += "}};\n\n" + list_of("Image", "images", d.images) + list_of("Channel", "channels", d.channels);
    text += fmt::format(
        "\ninline constexpr Description description{{\n"
        "    .name = {},\n{}"
        "    .guests = guests,\n    .images = images,\n    .color = {},\n    .services = {{{:#x}}},\n"
        "    .hint = {},\n    .channels = channels,\n}};\n\n"
        "}}  // namespace mullion::generated\n",
        literal(d.name), board_entry(d.board), d.color, d.services.bits, literal(d.hint));
    return text;
}

std::string emit_images(const Images& images) {
    // The fingerprint changes this file, so that it is assembled anew, when an image changes and keeps its size.
    std::string text =
        "# SPDX-License-Identifier: Apache-2.0\n"
        "# Written by partc: the images, in the order of Description::images.\n"
        "    .section .images, \"a\", @progbits\n";
    for (const auto& image : images.all()) {
        // If a file has changed meanwhile, its new size would move all that follow.
        text += fmt::format(
            "    .balign {}\n1:  .incbin {}  # fingerprint {:016x}\n"
            "    .if . - 1b - {}\n    .error {}\n    .endif\n",
            page_size, literal(std::filesystem::absolute(image.path).string()), fingerprint(image.bytes),
            image.bytes.size(),
            literal(fmt::format("{} has not the {} bytes that partc read", image.path, image.bytes.size())));
    }
    return text;
}

std::string emit_layout(const Layout& l) {
    std::string text =
        "/* SPDX-License-Identifier: Apache-2.0 */\n/* Written by partc from hv/core/layout_of.hpp. */\n";
    for (const auto& [name, range] : {std::pair{"text", l.text},
                                      {"rodata", l.rodata},
                                      {"stage1", l.stage1},
                                      {"stage2", l.stage2},
                                      {"directory", l.directory},
                                      {"images", l.images},
                                      {"data", l.data},
                                      {"stacks", l.stacks}}) {
        text += fmt::format("mullion_{0} = {1:#x};\nmullion_{0}_size = {2:#x};\n", name, range.base.value, range.size);
    }
    return text;
}

std::string emit_qemu_arguments(const Board& board) {
    std::uint64_t bytes = 0;
    for (const auto& ram : board.ram) {
        bytes += ram.size;
    }
    // QEMU's hart ids have no gaps, so the highest one gives the number of harts.
    const auto last = std::ranges::max(board.harts, {}, &Hart::id).id;
    return fmt::format("-smp {} -m {}M\n", static_cast<std::uint64_t>(last) + 1, bytes / mebi);
}

}  // namespace mullion::partc
