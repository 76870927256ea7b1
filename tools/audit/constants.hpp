// SPDX-License-Identifier: Apache-2.0
// Reads the description as the running hypervisor has it: constants, found by the names of their fields in the section
// .fields of the image. A row there is 32 bytes: a name, filled up to 28 with zeros ("Window.at"; a type alone for its
// size), offset and size, 16 bits each. A list is an address and a count of 64 bits each.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "image.hpp"
#include "requirements.hpp"

namespace mullion::audit {

/// Guest physical addresses [at, at + size) are host addresses [to, to + size).
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
    std::uint64_t parameter = 0;  ///< for an interrupt controller the number of its sources
};

struct ResetConstant {
    std::uint64_t at = 0;
    std::uint64_t bytes = 0;
};

struct HartConstant {
    std::uint64_t id = 0;
    Files files;  ///< only with an IMSIC
    std::uint64_t context = 0;
};

struct GuestConstant {
    std::uint64_t address = 0;         ///< address of the Guest itself
    std::vector<std::uint64_t> harts;  ///< indices of Constants::harts
    std::vector<WindowConstant> windows;
    std::vector<LoadConstant> loads;
    std::vector<WiredSource> sources;
    std::vector<ResetConstant> resets;
    std::uint64_t entry = 0;
    std::uint64_t tree = 0;
    std::uint64_t seed = 0;       ///< where its value goes
    std::uint64_t seed_name = 0;  ///< offset in the tree's strings block
    std::vector<DeviceConstant> devices;
    std::vector<Function> functions;  ///< without names
    bool unprotected_dma = false;
};

struct Constants {
    std::vector<HartConstant> harts;
    Range firmware;
    Range uart;
    WiredSource uart_source;
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

/// Reads the section .fields. Throws Error if the image has none.
Fields read_fields(const Image& image);

/// Reads mullion::description. Throws Error if it is not constant in the image.
Constants read_constants(const Image& image);

}  // namespace mullion::audit
