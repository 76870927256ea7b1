// SPDX-License-Identifier: Apache-2.0
// Finds the owners of all pieces of the host address space, and the lines that make them so.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/layout_of.hpp"
#include "describe.hpp"

namespace mullion::partc {

/// Formats rights as "rw-".
std::string_view to_string(Rights rights);

struct HypervisorPart {
    std::string_view name;
    HostRange range;
    std::string_view rights;  ///< the hypervisor's rights
};

/// Returns the parts in ascending order.
std::vector<HypervisorPart> hypervisor_parts(const Layout& layout);

enum class PieceOwner { nobody, firmware, mullion, guest };

struct Piece {
    HostRange range;
    PieceOwner owner = PieceOwner::nobody;
    std::string name;                     ///< "memory@80000000", "rtc", "text", or "memory" of nobody
    Position at;                          ///< position of what gives it to its owner
    const Node* device = nullptr;         ///< of the board
    const GuestModel* guest = nullptr;    ///< with PieceOwner::guest
    const WindowModel* window = nullptr;  ///< with PieceOwner::guest

    bool is_interrupt_file() const { return window != nullptr && window->window.kind == WindowKind::interrupt_file; }
};

/// Returns everything that the board's tree names, in ascending order, of those at one address the larger first. If
/// pieces overlap, the smaller is a part of the larger: an interrupt file of its controller, a part of the hypervisor
/// between padding.
std::vector<Piece> pieces_of(const Described& described);

}  // namespace mullion::partc
