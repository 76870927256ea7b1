// SPDX-License-Identifier: Apache-2.0
#include "constants_judge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string_view>

#include "constants.hpp"
#include "registers.hpp"
#include "seeds.hpp"

namespace mullion::audit {
namespace {

enum Kind : std::uint8_t { memory, device, interrupt_file, channel };

/// Joins windows that continue one another, as it does not matter how they are cut.
std::vector<WindowConstant> joined(std::vector<WindowConstant> windows) {
    std::ranges::sort(windows, {}, &WindowConstant::at);
    std::vector<WindowConstant> joined;
    for (const auto& window : windows) {
        auto* last = joined.empty() ? nullptr : &joined.back();
        if (last != nullptr && last->at + last->size == window.at && last->to + last->size == window.to &&
            last->rights == window.rights && last->kind == window.kind) {
            last->size += window.size;
        } else {
            joined.push_back(window);
        }
    }
    return joined;
}

std::string text_of(const WindowConstant& w) {
    return fmt::format("{:#x} to {:#x}, {:#x} bytes, rights {}, kind {}", w.at, w.to, w.size, w.rights, w.kind);
}

std::string_view name_of(const DeviceConstant& device) {
    const auto kind = std::ranges::find(emulated_kinds, device.kind, &EmulatedKind::number);
    return device.kind == DeviceConstant::uart ? "UART" : kind != emulated_kinds.end() ? kind->property : "device";
}

bool within(const std::vector<Piece>& pieces, std::uint64_t at, std::uint64_t size) {
    return std::ranges::any_of(
        pieces, [&](const Piece& p) { return at >= p.at && size <= p.size && at - p.at <= p.size - size; });
}

/// Judges one guest's constants.
class GuestJudge {
 public:
    GuestJudge(const Constants& constants, const Requirements& asked, std::size_t index,
               std::vector<Mismatch>& mismatches)
        : constants_(constants),
          own_(constants.guests[index]),
          asked_(asked),
          guest_(asked.guests[index]),
          findings_(mismatches) {}

    /// Judges everything. `placed` are the guest's pieces, with the places of its memory.
    void all(const Image& image, const std::vector<Piece>& placed) {
        harts();
        windows(placed);
        sources();
        devices();
        functions();
        start();
        seed(image);
        if (own_.unprotected_dma && !guest_.dma_allowed) {
            find("has unprotected_dma, which its partition does not allow");
        }
    }

 private:
    void find(const std::string& what) {
        findings_.push_back({guest_.name + ", the description's constants", what, {}, {}});
    }

    void harts() {
        std::vector<std::uint64_t> ids;
        for (const auto hart : own_.harts) {
            ids.push_back(hart < constants_.harts.size() ? constants_.harts[hart].id : ~std::uint64_t{0});
        }
        if (ids != guest_.harts) {
            find("its harts are not those that were asked for, in their order");
        }
    }

    void windows(const std::vector<Piece>& placed) {
        std::vector<WindowConstant> asked;
        for (const auto& piece : placed) {
            const auto same = [&](const Piece& other) { return other.at == piece.at; };
            const auto kind = piece.is_shared                                     ? channel
                              : std::ranges::any_of(guest_.interrupt_files, same) ? interrupt_file
                              : std::ranges::any_of(guest_.memory, same)          ? memory
                                                                                  : device;
            asked.push_back({piece.at, *piece.to, piece.size, std::uint64_t{piece.rights} >> 1, kind});
        }
        const auto expected = joined(asked);
        const auto windows = joined(own_.windows);
        for (const auto& window : windows) {
            if (std::ranges::find(expected, window) == expected.end()) {
                find(fmt::format("a window that was not asked for: {}", text_of(window)));
            }
        }
        for (const auto& window : expected) {
            if (std::ranges::find(windows, window) == windows.end()) {
                find(fmt::format("a window is missing: {}", text_of(window)));
            }
        }
    }

    void sources() {
        auto sources = own_.sources;
        std::ranges::sort(sources);
        if (sources != guest_.sources) {
            find("its interrupt sources are not those of its devices");
        }
        const auto is_granted = [&](std::uint64_t number) {
            return std::ranges::find(own_.sources, number, &WiredSource::number) != own_.sources.end();
        };
        const auto count = emulated(controller_kind()).parameter;
        std::vector<std::uint64_t> taken;
        for (const auto& device : own_.devices) {
            if (device.kind == DeviceConstant::aplic || device.kind == DeviceConstant::plic ||
                device.kind == pci_host.number) {
                continue;
            }
            if (is_granted(device.source) || device.source == 0 || device.source > count ||
                std::ranges::find(taken, device.source) != taken.end()) {
                find(fmt::format("its emulated {} has source {}", name_of(device), device.source));
            }
            taken.push_back(device.source);
        }
        if (std::ranges::any_of(own_.sources, [&](const WiredSource& s) { return s.number > count; })) {
            find(fmt::format("its controller has {} sources, fewer than its devices use", count));
        }
    }

    /// Returns the kind of the guest's interrupt controller.
    std::uint64_t controller_kind() const { return asked_.has_imsic ? DeviceConstant::aplic : DeviceConstant::plic; }

    DeviceConstant emulated(std::uint64_t kind) const {
        const auto it = std::ranges::find(own_.devices, kind, &DeviceConstant::kind);
        return it != own_.devices.end() ? *it : DeviceConstant{};
    }

    /// Checks that the emulated devices are those that each guest has and those asked for, that the interrupt
    /// controller is where the board's is if the board has one of that kind, that the UART is where it was asked for,
    /// and that no window overlaps any of them.
    void devices() {
        std::vector<std::uint64_t> kinds{controller_kind(), DeviceConstant::uart};
        std::ranges::transform(guest_.emulated, std::back_inserter(kinds), &EmulatedKind::number);
        const auto is_empty = [](const DeviceConstant& device) { return device.registers.size == 0; };
        if (!std::ranges::is_permutation(own_.devices, kinds, {}, &DeviceConstant::kind) ||
            std::ranges::any_of(own_.devices, is_empty)) {
            find("its emulated devices are not those that it has by its board and by asking");
        }
        if (emulated(DeviceConstant::uart).registers != guest_.uart) {
            find("its emulated UART is not where it was asked for");
        }
        const bool is_other = asked_.controller.name == "aplic" && !asked_.has_imsic;
        if (!is_other && emulated(controller_kind()).registers != asked_.controller_registers) {
            find("its emulated interrupt controller is not where the board's is");
        }
        if (!guest_.functions.empty() &&
            emulated(pci_host.number).registers != Range{asked_.pci->range.base, bus_size}) {
            find("its emulated PCI host bridge is not where the board's is");
        }
        std::vector<Range> ranges;
        std::ranges::transform(own_.devices, std::back_inserter(ranges), &DeviceConstant::registers);
        for (const auto& window : own_.windows) {
            ranges.push_back({window.at, window.size});
        }
        std::ranges::sort(ranges, {}, &Range::base);
        const auto meet = [](const Range& a, const Range& b) { return a.size > b.base - a.base; };
        if (std::ranges::adjacent_find(ranges, meet) != ranges.end()) {
            find("windows and emulated devices meet");
        }
    }

    /// Checks that the functions are those that were asked for, with their BARs, which Mullion writes.
    void functions() {
        const auto is_same = [](const Function& a, const Function& b) {
            return a.number == b.number && a.device_id == b.device_id && a.bars == b.bars;
        };
        if (!std::ranges::is_permutation(own_.functions, guest_.functions, is_same)) {
            find("its PCI functions are not those that were asked for, with their BARs");
        }
    }

    void seed(const Image& image) {
        if (const auto what = judge_seed(image, constants_, own_); !what.empty()) {
            find(what);
        }
    }

    void start() {
        if (!within(guest_.memory, own_.entry, 2) || !within(guest_.memory, own_.tree, 8)) {
            find(fmt::format("it begins at {:#x} with a tree at {:#x}, outside its memory", own_.entry, own_.tree));
        }
        for (const auto& load : own_.loads) {
            const bool is_read = load.image < constants_.images.size() &&
                                 load.offset <= constants_.images[load.image] &&
                                 load.size <= constants_.images[load.image] - load.offset;
            if (!is_read || !within(guest_.memory, load.to, load.size)) {
                find(fmt::format("{:#x} bytes of image {} are copied to {:#x}: not an image's, or outside its memory",
                                 load.size, load.image, load.to));
            }
        }
        for (const auto& reset : own_.resets) {
            if (!within(guest_.devices, reset.at, reset.bytes) || reset.bytes == 0 || reset.bytes > 8) {
                find(fmt::format("a device is reset at {:#x}, which is none of its devices", reset.at));
            }
        }
    }

    const Constants& constants_;
    const GuestConstant& own_;
    const Requirements& asked_;
    const Guest& guest_;
    std::vector<Mismatch>& findings_;
};

void find(std::vector<Mismatch>& mismatches, const std::string& what) {
    mismatches.push_back({"the description's constants", what, {}, {}});
}

/// Compares the hypervisor's list of harts with the description. Requires: `rows` are in the order of the board's
/// harts.
void judge_harts(const Constants& constants, const Requirements& asked, const std::vector<HartRegisters>& rows,
                 std::vector<Mismatch>& mismatches) {
    if (!std::ranges::equal(constants.harts, rows, {}, &HartConstant::id, &HartRegisters::id)) {
        find(mismatches, "the harts are not those of boot_harts, in their order");
    }
    for (const auto& hart : constants.harts) {
        const auto it = std::ranges::find(asked.harts, hart.id, &Hart::id);
        if (it == asked.harts.end()) {
            find(mismatches, fmt::format("hart {} is not the board's", hart.id));
        } else if (it->files ? it->files->supervisor != hart.files.supervisor || it->files->guest != hart.files.guest
                             : it->context != hart.context) {
            find(mismatches, fmt::format("messages and interrupts for {} go elsewhere", it->name));
        }
    }
}

void judge_board(const Constants& constants, const Requirements& asked, std::vector<Mismatch>& mismatches) {
    if (constants.uart != asked.uart_registers || constants.uart_source != asked.uart_source) {
        find(mismatches, "the console is not uart0, with its interrupt");
    }
    if (constants.has_imsic != asked.has_imsic) {
        find(mismatches, "there is an IMSIC, or none, unlike on the board");
    }
    const auto& own = asked.controller.name == "plic" ? constants.plic : constants.aplic;
    const auto& other = asked.controller.name == "plic" ? constants.aplic : constants.plic;
    if (own != asked.controller_registers || other.size != 0) {
        find(mismatches, fmt::format("the interrupt controller is not the board's {}", asked.controller.name));
    }
    if (constants.guests.size() != asked.guests.size()) {
        find(mismatches,
             fmt::format("there are {} guests instead of {}", constants.guests.size(), asked.guests.size()));
    }
}

/// Judges the list `owners`, which has for each of the board's harts the address of its VCpu in `vcpus`, or 0.
class OwnerList {
 public:
    OwnerList(const Image& image, const Constants& constants, const std::vector<HartRegisters>& rows,
              std::vector<Mismatch>& mismatches)
        : image_(image),
          constants_(constants),
          rows_(rows),
          findings_(mismatches),
          owners_(image.symbol("_ZN7mullion3run6ownersE").address),
          next_(image.symbol("_ZN7mullion3run5vcpusE").address),
          fields_(read_fields(image)) {}

    void judge(const Requirements& asked) {
        std::vector<std::uint64_t> expected(rows_.size());
        for (std::size_t g = 0; g < std::min(asked.guests.size(), constants_.guests.size()); ++g) {
            const auto first = next_;
            for (std::size_t n = 0; n < asked.guests[g].harts.size(); ++n, next_ += size_of("VCpu")) {
                const auto id = asked.guests[g].harts[n];
                const auto row = std::ranges::find(rows_, id, &HartRegisters::id) - rows_.begin();
                expected.at(static_cast<std::size_t>(row)) = next_;
                const bool is_own = field("VCpu.guest") == constants_.guests[g].address &&
                                    field("VCpu.siblings") == first && field("VCpu.index") == n &&
                                    field("VCpu.hart") == id;
                if (!is_own) {
                    find(findings_, fmt::format("the VCpu of {} hart {} is another's", asked.guests[g].name, n));
                }
            }
        }
        for (std::size_t i = 0; i < expected.size(); ++i) {
            if (image_.constant_word(owners_ + i * sizeof(std::uint64_t), "an owner") != expected[i]) {
                find(findings_, fmt::format("hart {} carries another VCpu than that of its guest", rows_[i].id));
            }
        }
    }

 private:
    std::uint64_t size_of(const std::string& type) const { return fields_.at(type).size; }
    /// Returns a field of the VCpu at `next_`, as it is at boot.
    std::uint64_t field(const std::string& name) const {
        return image_.word(next_ + fields_.at(name).offset).value_or(0);
    }

    const Image& image_;
    const Constants& constants_;
    const std::vector<HartRegisters>& rows_;
    std::vector<Mismatch>& findings_;
    std::uint64_t owners_;
    std::uint64_t next_;
    Fields fields_;
};

}  // namespace

std::vector<Mismatch> judge_constants(const Image& image, const Requirements& asked,
                                      const std::vector<HartReport>& harts) {
    std::vector<Mismatch> mismatches;
    const auto constants = read_constants(image);
    const auto rows = read_registers(image);
    judge_harts(constants, asked, rows, mismatches);
    judge_board(constants, asked, mismatches);
    for (std::size_t i = 0; i < std::min(constants.guests.size(), asked.guests.size()); ++i) {
        const auto first = std::ranges::find(harts, asked.guests[i].name, &HartReport::guest);
        const auto placed = first == harts.end() ? std::vector<Piece>{} : first->g_stage.asked;
        GuestJudge{constants, asked, i, mismatches}.all(image, placed);
    }
    OwnerList{image, constants, rows, mismatches}.judge(asked);
    return mismatches;
}

}  // namespace mullion::audit
