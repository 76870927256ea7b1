// SPDX-License-Identifier: Apache-2.0
// Accesses configuration space of the guest's PCI functions, and QEMU's edu (docs/specs/edu.rst), which does DMA and
// MSIs as it is told.
#pragma once

#include <cstdint>
#include <optional>

#include "common/mmio.hpp"
#include "probe/hart.hpp"

namespace probe::pci {

inline constexpr std::uint64_t functions = 256;
inline constexpr std::uint32_t no_function = 0xffff'ffff;

enum Register : std::uint64_t { ids = 0x00, command = 0x04, class_code = 0x08, bar0 = 0x10, capabilities = 0x34 };

/// Returns the address of a function's configuration space.
std::uint64_t space(std::uint64_t function);

template <class T = std::uint32_t>
T read(std::uint64_t function, std::uint64_t offset) {
    return read_register<T>(space(function) + offset);
}
template <class T>
void write(std::uint64_t function, std::uint64_t offset, T value) {
    write_register<T>(space(function) + offset, value);
}

inline bool is_there(std::uint64_t function) {
    return read(function, ids) != no_function;
}

/// Returns a memory BAR, one of size 0 where there is none. Asks the function for its size.
Region bar(std::uint64_t function, unsigned slot);

/// Returns where a capability of the kind is; 0: nowhere.
std::uint64_t capability(std::uint64_t function, std::uint8_t id);

/// The first edu among the guest's functions.
class Edu {
 public:
    static std::optional<Edu> find();

    /// Lets it answer and do DMA.
    void turn_on() const { write<std::uint16_t>(function_, command, 6); }

    static constexpr std::uint64_t buffer_bytes = 4096;
    /// Moves bytes between memory, or whatever the bus has there, and its buffer. Returns when it says that it is done.
    void load(std::uint64_t from, std::uint64_t bytes) const { transfer(from, buffer, bytes, 0); }
    void store(std::uint64_t to, std::uint64_t bytes) const { transfer(buffer, to, bytes, 2); }

    /// Returns whether it may do DMA.
    bool is_master() const { return (read<std::uint16_t>(function_, command) & 4) != 0; }

    /// Has it interrupt by an MSI.
    void set_message(std::uint64_t address, std::uint32_t data) const;
    void interrupt() const;

 private:
    static constexpr std::uint64_t buffer = 0x4'0000;

    Edu(std::uint64_t function, std::uint64_t registers) : function_(function), registers_(registers) {}
    void transfer(std::uint64_t from, std::uint64_t to, std::uint64_t bytes, std::uint64_t direction) const;

    std::uint64_t function_;
    std::uint64_t registers_;
};

}  // namespace probe::pci
