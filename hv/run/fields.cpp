// SPDX-License-Identifier: Apache-2.0
// Tells by name where the description's constants, and harts' VCpus, have what decides isolation at run time. It is for
// tools/audit, which shares no header with us and reads the very objects that the hypervisor does. The linker keeps the
// section out of what is loaded.
#include <array>
#include <cstddef>
#include <cstdint>

#include "core/description.hpp"
#include "vm/vcpu.hpp"

namespace mullion::run {
namespace {

/// A field's offset and size in bytes. A row named for a type has its size.
struct Field {
    char name[28];
    std::uint16_t offset;
    std::uint16_t size;
};
static_assert(sizeof(Field) == 32);

/// A list is a std::span: the address of its first item, and their number.
static_assert(sizeof(std::span<const Guest>) == 2 * sizeof(std::uint64_t));

// A class with a reference is none of those for which offsetof must work; with this compiler it does.
#pragma GCC diagnostic ignored "-Winvalid-offsetof"

// C++ has no word for the name of a field.
#define FIELD(type, field) \
    { #type "." #field, offsetof(type, field), sizeof(type::field) }

[[gnu::section(".fields"), gnu::used]] constexpr Field fields[]{
    FIELD(Description, board),
    FIELD(Description, guests),
    FIELD(Description, images),
    FIELD(Board, harts),
    FIELD(Board, firmware),
    FIELD(Board, console),
    FIELD(Board, aplic),
    FIELD(Board, imsic),
    FIELD(Board, plic),
    {"Hart", 0, sizeof(Hart)},
    FIELD(Hart, id),
    FIELD(Hart, imsic_index),
    FIELD(Hart, context),
    FIELD(HostRange, base),
    FIELD(HostRange, size),
    FIELD(Board::Console, base),
    FIELD(Board::Console, size),
    FIELD(Board::Console, source),
    FIELD(Board::Console, mode),
    FIELD(Aplic, base),
    FIELD(Aplic, size),
    FIELD(Imsic, base),
    FIELD(Imsic, size),
    FIELD(Imsic, guest_index_bits),
    FIELD(Imsic, groups),
    FIELD(Imsic, hart_index_bits),
    FIELD(Imsic, group_index_shift),
    FIELD(Plic, base),
    FIELD(Plic, size),
    {"Guest", 0, sizeof(Guest)},
    FIELD(Guest, harts),
    FIELD(Guest, windows),
    FIELD(Guest, loads),
    FIELD(Guest, sources),
    FIELD(Guest, resets),
    FIELD(Guest, entry),
    FIELD(Guest, tree),
    FIELD(Guest, seed),
    FIELD(Guest, devices),
    FIELD(Guest, functions),
    FIELD(Guest, unprotected_dma),
    FIELD(SeedPlace, at),
    FIELD(SeedPlace, name),
    {"Window", 0, sizeof(Window)},
    FIELD(Window, at),
    FIELD(Window, to),
    FIELD(Window, size),
    FIELD(Window, rights),
    FIELD(Window, kind),
    {"Load", 0, sizeof(Load)},
    FIELD(Load, to),
    FIELD(Load, image),
    FIELD(Load, offset),
    FIELD(Load, size),
    {"Source", 0, sizeof(Source)},
    FIELD(Source, number),
    FIELD(Source, mode),
    {"DeviceReset", 0, sizeof(DeviceReset)},
    FIELD(DeviceReset, at),
    FIELD(DeviceReset, bytes),
    {"VirtualDevice", 0, sizeof(VirtualDevice)},
    FIELD(VirtualDevice, kind),
    FIELD(VirtualDevice, base),
    FIELD(VirtualDevice, size),
    FIELD(VirtualDevice, source),
    FIELD(VirtualDevice, parameter),
    {"PciFunction", 0, sizeof(PciFunction)},
    FIELD(PciFunction, number),
    FIELD(PciFunction, device_id),
    FIELD(PciFunction, bars),
    {"PciBar", 0, sizeof(PciBar)},
    FIELD(PciBar, base),
    FIELD(PciBar, size),
    {"Image", 0, sizeof(Image)},
    FIELD(Image, size),
    {"VCpu", 0, sizeof(VCpu)},
    {"VCpu.guest", 0, sizeof(const Guest*)},  // a reference, the first member
    FIELD(VCpu, siblings),
    FIELD(VCpu, index),
    FIELD(VCpu, hart),
};

#undef FIELD

}  // namespace
}  // namespace mullion::run
