// SPDX-License-Identifier: Apache-2.0
// The description as the hypervisor has it: the constants that it reads at run time, found by the names of their fields
// in the section .fields of the image. A row there is 32 bytes: a name, filled up to 28 with zeros ("Window.at"; a type
// alone for its size), offset and size, 16 bits each. A list is an address and a count of 64 bits each.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "asked.hpp"
#include "image.hpp"

namespace mullion::audit {

/// Addresses [at, at + size) of a guest are [to, to + size) of the machine.
struct WindowConstant {
    std::uint64_t at = 0;
    std::uint64_t to = 0;
    std::uint64_t size = 0;
    std::uint64_t rights = 0;  ///< R = 1, W = 2, X = 4
    std::uint64_t kind = 0;    ///< 0 memory, 1 a device, 2 an interrupt file

    bool operator==(const WindowConstant&) const = default;
};

struct LoadConstant {
    std::uint64_t to = 0;
    std::uint64_t image = 0;
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
};

/// An emulated device.
struct DeviceConstant {
    static constexpr std::uint64_t aplic = 0, plic = 1, uart = 2;  // others: emulated_kinds

    std::uint64_t kind = 0;
    Range registers;
    std::uint64_t source = 0;
    std::uint64_t parameter = 0;  ///< of an interrupt controller: how many sources it has
};

struct ResetConstant {
    std::uint64_t at = 0;
    std::uint64_t bytes = 0;
};

struct HartConstant {
    std::uint64_t id = 0;
    Files files;  ///< without meaning where there is no IMSIC
    std::uint64_t context = 0;
};

struct GuestConstant {
    std::uint64_t address = 0;         ///< its own
    std::vector<std::uint64_t> harts;  ///< indices of Constants::harts
    std::vector<WindowConstant> windows;
    std::vector<LoadConstant> loads;
    std::vector<Source> sources;
    std::vector<ResetConstant> resets;
    std::uint64_t entry = 0;
    std::uint64_t tree = 0;
    std::uint64_t seed = 0;       ///< where it goes
    std::uint64_t seed_name = 0;  ///< in the strings of the tree
    std::vector<DeviceConstant> devices;
    bool unprotected_dma = false;
};

struct Constants {
    std::vector<HartConstant> harts;
    Range firmware;
    Range uart;
    Source uart_source;
    Range aplic;
    Range plic;
    bool has_imsic = false;
    std::vector<GuestConstant> guests;
    std::vector<std::uint64_t> images;  ///< their sizes
};

struct Field {
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
};
using Fields = std::map<std::string, Field>;

/// Throws Error if the image has no such section.
Fields read_fields(const Image& image);

/// mullion::description. Throws Error if the image does not carry it as constants.
Constants read_constants(const Image& image);

}  // namespace mullion::audit
