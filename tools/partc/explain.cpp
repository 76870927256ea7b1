// SPDX-License-Identifier: Apache-2.0
#include "explain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "files.hpp"
#include "owners.hpp"
#include "text.hpp"

namespace mullion::partc {
namespace {

/// Returns a position with its line, as "two-linux.dts:12: devices = <&rtc>;".
std::string quoted(const Position& at) {
    std::istringstream stream{contents(at.file).value_or("")};
    std::string line;
    for (unsigned i = 0; i < at.line && std::getline(stream, line); ++i) {
    }
    line.erase(0, line.find_first_not_of(" \t"));
    return fmt::format("{}: {}", to_string(at), line);
}

class Explanation {
 public:
    Explanation(const Described& described, std::uint64_t address) : described_(described), address_(address) {}

    std::string text() {
        host();
        std::vector<std::string> without;
        for (const auto& guest : described_.model.guests) {
            if (!this->guest(guest)) {
                without.push_back(guest.name);
            }
        }
        if (!without.empty()) {
            line("guest address {} of {}: nothing, an access faults", hex(address_), list(without));
        }
        return std::move(text_);
    }

 private:
    template <class... Args>
    void line(fmt::format_string<Args...> format, Args&&... args) {
        text_ += fmt::format(format, std::forward<Args>(args)...) + '\n';
    }

    void says(const Position& at) { line("    {}", quoted(at)); }

    void host() {
        const auto pieces = pieces_of(described_);
        const Piece* found = nullptr;
        for (const auto& piece : pieces) {
            // An interrupt file is within its controller: the smallest piece is meant.
            if (piece.range.contains({address_}) && (found == nullptr || piece.range.size < found->range.size)) {
                found = &piece;
            }
        }
        if (found == nullptr) {
            line("host address {}: nothing that the board's tree names", hex(address_));
            return;
        }
        const auto into = address_ - found->range.base.value;
        switch (found->owner) {
            case PieceOwner::nobody:
                line("host address {}: nobody's {}, {}", hex(address_), found->name, inside(found->range.base.value));
                break;
            case PieceOwner::firmware:
                line("host address {}: the firmware's{}, {}", hex(address_),
                     found->device == nullptr ? "" : ' ' + found->name, inside(found->range.base.value));
                break;
            case PieceOwner::mullion:
                line("host address {}: Mullion's {}, {}", hex(address_), found->name, inside(found->range.base.value));
                break;
            case PieceOwner::guest:
                for (const auto& piece : pieces) {
                    const bool is_shared = piece.window != nullptr && piece.window->channel != nullptr &&
                                           piece.window->channel == found->window->channel;
                    if (&piece == found || is_shared) {
                        owned(piece, into);
                    }
                }
                break;
        }
        if (found->at.line != 0) {
            says(found->at);
        } else {
            line("    placed from the load address {} on", hex(described_.model.board.board.load_address.value));
        }
    }

    void owned(const Piece& piece, std::uint64_t into) {
        line("host address {}: {}'s {}, {}, {}, its guest address {}", hex(address_), piece.guest->name, piece.name,
             to_string(piece.window->window.rights), inside(piece.range.base.value),
             hex(piece.window->window.at.value + into));
    }

    std::string inside(std::uint64_t base) const { return fmt::format("{} bytes into it", hex(address_ - base)); }

    bool guest(const GuestModel& guest) {
        const auto begin = fmt::format("guest address {} of {}:", hex(address_), guest.name);
        for (const auto& w : guest.windows) {
            if (w.window.guest().contains({address_})) {
                line("{} {}, {}, {}, host address {}{}", begin, w.name, to_string(w.window.rights),
                     inside(w.window.at.value), hex(w.window.to.value + (address_ - w.window.at.value)), load(guest));
                says(w.at);
                return true;
            }
        }
        for (const auto& device : guest.emulated) {
            if (emulated(begin, row_of(device.kind).name, device.range())) {
                reason(guest, device);
                return true;
            }
        }
        return false;
    }

    /// Explains why the guest has the emulated device at this address.
    void reason(const GuestModel& guest, const VirtualDevice& device) {
        const auto& row = row_of(device.kind);
        if (row.is_asked_for()) {
            return says(guest.node->where(row.property()));
        }
        if (device.kind == DeviceKind::uart16550) {
            const auto& nodes = guest.node->children;
            const auto serial =
                std::ranges::find_if(nodes, [](const auto& node) { return node->base_name() == "serial"; });
            return serial == nodes.end() ? line("    every guest has it") : says((*serial)->at);
        }
        if (device.kind == DeviceKind::pci_host) {
            return says(guest.node->where("devices"));
        }
        const bool is_moved = device.base.value != described_.model.board.board.controller_registers().base.value;
        line("    every guest has it, {}",
             is_moved ? "behind what it has where the board has its own" : "where the board has its own");
    }

    /// Prints the device if the address belongs to it, and returns whether it does.
    bool emulated(const std::string& begin, std::string_view name, const GuestRange& device) {
        if (!device.contains({address_})) {
            return false;
        }
        line("{} the emulated {}, {}", begin, name, inside(device.base.value));
        return true;
    }

    std::string load(const GuestModel& guest) const {
        for (const auto& load : guest.loads) {
            if (GuestRange{load.load.to, load.load.size}.contains({address_})) {
                return fmt::format(", in the {} that is loaded at {}", load.name, hex(load.load.to.value));
            }
        }
        return {};
    }

    const Described& described_;
    const std::uint64_t address_;
    std::string text_;
};

}  // namespace

std::string explain(const Described& described, std::uint64_t address) {
    return Explanation{described, address}.text();
}

}  // namespace mullion::partc
