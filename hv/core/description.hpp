// SPDX-License-Identifier: Apache-2.0
// The partition description as constants: what partc emits, what check() judges, what the tables are computed from.
// Every span points at static storage (in the hypervisor) or at the tool's own vectors (in partc and the tests).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "core/address.hpp"
#include "core/aplic_registers.hpp"
#include "core/isa.hpp"
#include "core/policy.hpp"
#include "core/services.hpp"
#include "core/sha256.hpp"

namespace mullion {

// --- the board, as its device tree declares it ---------------------------------------------------------------------

struct Hart {
    HartId id{};                    ///< the `reg` of the board's cpu node
    std::uint32_t imsic_index = 0;  ///< its hart index in MSI addresses, group index above (core/imsic_layout.hpp)
    Features features;              ///< what the cpu node declares (core/isa.hpp)
    std::uint16_t cboz_block = 0;   ///< bytes that cbo.zero clears, 0 without Zicboz
    std::uint16_t mmu_bits = 57;    ///< 39, 48 or 57: the widest mode of the hart (mmu-type)
    std::uint32_t context = 0;      ///< without IMSIC: the PLIC context of its S-mode, or its hart index in the APLIC
};

/// The S-level IMSIC of the board (AIA 3.6): harts' files lie `1 << guest_index_bits` pages apart, in one region or in
/// several, of a group of harts each.
struct Imsic {
    Hpa base;
    std::uint64_t size = 0;  ///< of the largest group's region
    std::uint32_t guest_index_bits = 0;
    std::uint32_t num_ids = 0;            ///< highest implemented identity
    std::uint32_t groups = 1;             ///< regions, `1 << group_index_shift` bytes apart
    std::uint32_t hart_index_bits = 0;    ///< of imsic_index, below the group index; without meaning in one group
    std::uint32_t group_index_shift = 0;  ///< without meaning in one group

    constexpr bool exists() const { return size != 0; }
};

/// The S-level interrupt domain of the board's APLIC (AIA 4).
struct Aplic {
    Hpa base;
    std::uint64_t size = 0;  ///< with the IDC structures of direct delivery mode, where there is no IMSIC
    std::uint32_t num_sources = 0;

    constexpr bool exists() const { return size != 0; }
};

/// The board's PLIC (riscv-plic-spec).
struct Plic {
    Hpa base;
    std::uint64_t size = 0;
    std::uint32_t num_sources = 0;  ///< highest source: riscv,ndev

    constexpr bool exists() const { return size != 0; }
};

/// What carries a wired interrupt to a hart.
enum class InterruptController : std::uint8_t {
    imsic,  ///< an APLIC in MSI delivery mode, and interrupt files
    plic,
    aplic,  ///< in direct delivery mode
};

/// A part of the board that no guest may have, whoever the guests are.
struct Kept {
    enum class Kind : std::uint8_t {
        console,
        controller,       ///< an APLIC or a PLIC
        interrupt_files,  ///< of an IMSIC, or of one of its groups
        supervisor_file,  ///< one hart's among these
        timer,            ///< and what else interrupts harts at the machine level: the firmware's
        firmware,         ///< RAM
    };

    Kind kind{};
    HostRange range;
    bool reached = false;  ///< all harts of the hypervisor read and write it
};

struct Board {
    /// The UART that carries all consoles; Mullion owns it.
    struct Console {
        /// What drives it: a file of arch/uart/.
        enum class Kind : std::uint8_t { ns16550, xscale, dw_apb };

        Hpa base;
        std::uint64_t size = 0;
        std::uint32_t reg_shift = 0;           ///< registers are `1 << reg_shift` bytes apart
        std::uint32_t source = 0;              ///< of its interrupt, at the board's APLIC or PLIC
        SourceMode mode = SourceMode::level1;  ///< of that source
        std::uint8_t io_width = 1;             ///< bytes of a register: 1 or 4
        Kind kind = Kind::ns16550;

        /// How many registers the driver uses.
        constexpr std::uint64_t num_registers() const { return kind == Kind::dw_apb ? 32 : 8; }
    };

    std::string_view name;
    std::uint64_t timebase_frequency = 0;  ///< Hz
    std::span<const Hart> harts;
    std::span<const HostRange> ram;  ///< in ascending order
    HostRange firmware;              ///< RAM that the SBI firmware keeps
    Hpa load_address;                ///< where the boot loader puts the image, 2 MiB aligned
    Console console;
    Aplic aplic;
    Imsic imsic;
    Plic plic{};  ///< only where there is no IMSIC
    /// What is nobody's to give, in whole pages: memory that the board reserves or keeps off, second ways to its RAM.
    std::span<const HostRange> reserved{};
    /// What is kept besides what the members above say (core/kept.hpp): timers, controllers that Mullion does not
    /// drive.
    std::span<const Kept> kept{};

    /// The registers of the controller that devices' wires go to.
    constexpr HostRange wired() const {
        return controller() == InterruptController::plic ? HostRange{plic.base, plic.size}
                                                         : HostRange{aplic.base, aplic.size};
    }
    /// Of that controller; sources are 1..num_sources.
    constexpr std::uint32_t num_sources() const {
        return controller() == InterruptController::plic ? plic.num_sources : aplic.num_sources;
    }
    constexpr InterruptController controller() const {
        if (imsic.exists()) {
            return InterruptController::imsic;
        }
        return plic.exists() ? InterruptController::plic : InterruptController::aplic;
    }
};

// --- the guests ----------------------------------------------------------------------------------------------------

enum class Rights : std::uint8_t { r = 1, rw = 3, rx = 5, rwx = 7 };
enum class WindowKind : std::uint8_t { memory, device, interrupt_file };

/// One thing that was asked for: guest addresses [at, at + size) are host addresses [to, to + size).
struct Window {
    Gpa at;
    Hpa to;
    std::uint64_t size = 0;  ///< whole pages
    Rights rights = Rights::r;
    WindowKind kind = WindowKind::memory;

    constexpr GuestRange guest() const { return {at, size}; }
    constexpr HostRange host() const { return {to, size}; }
};

/// Bytes [offset, offset + size) of an image, copied to guest address `to` at every start.
struct Load {
    Gpa to;
    std::uint32_t image = 0;  ///< index into Description::images
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
};

/// What an emulated device is; each has its class in vm/.
enum class DeviceKind : std::uint8_t {
    aplic,  ///< a domain with MSI delivery only, where the board has an IMSIC
    plic,   ///< where it has none. Context 2h + 1 is the S-mode of the guest's hart h
    uart16550,
    watchdog,
};

constexpr bool is_controller(DeviceKind kind) {
    return kind == DeviceKind::aplic || kind == DeviceKind::plic;
}

/// An emulated device of a guest.
struct VirtualDevice {
    DeviceKind kind{};
    Gpa base{};
    std::uint64_t size = 0;
    std::uint32_t source = 0;  ///< of its interrupt, at the guest's controller; 0: it has none, as controllers
    /// Of a controller: its sources are 1..parameter. Of a 16550: its registers lie `1 << parameter` bytes apart.
    std::uint32_t parameter = 0;

    constexpr bool exists() const { return size != 0; }
    constexpr GuestRange range() const { return {base, size}; }

    constexpr bool operator==(const VirtualDevice&) const = default;
};

/// The one of a kind; one of size 0 where there is none.
constexpr VirtualDevice find_device(std::span<const VirtualDevice> devices, DeviceKind kind) {
    const auto it = std::ranges::find(devices, kind, &VirtualDevice::kind);
    return it != devices.end() ? *it : VirtualDevice{kind};
}

/// The interrupt controller among them.
constexpr VirtualDevice find_controller(std::span<const VirtualDevice> devices) {
    const auto plic = find_device(devices, DeviceKind::plic);
    return plic.exists() ? plic : find_device(devices, DeviceKind::aplic);
}

/// A physical source that is granted to a guest, which sees it under the same number.
struct Source {
    std::uint32_t number = 0;
    SourceMode mode = SourceMode::level1;  ///< as the device's node says; a PLIC has level1 alone

    constexpr bool operator==(const Source&) const = default;
};

/// A store that helps to bring a granted device to rest: as the guest itself could do it, before and after every life.
struct DeviceReset {
    Gpa at;
    std::uint32_t value = 0;
    std::uint32_t bytes = 4;  ///< 1, 2 or 4
    bool awaited = false;     ///< of 4 bytes: it has happened when the register reads `value`
};

/// Where a guest's tree takes a random seed at a start: a property of /chosen that partc leaves room for. The room
/// holds no-ops, so that without a seed there is no such property.
struct SeedPlace {
    static constexpr std::string_view property = "rng-seed";
    static constexpr std::uint64_t size = 3 * 4 + sizeof(Digest);  ///< its token, its length, its name, its value

    Gpa at;
    std::uint32_t name = 0;  ///< where in the tree's strings its name is

    constexpr bool exists() const { return at.value != 0; }
};

struct Guest {
    std::string_view name;                  ///< [a-z][a-z0-9-]{0,11}
    std::span<const std::uint32_t> harts;   ///< indices into Board::harts; position = the guest's own hart id
    std::span<const Window> windows;        ///< everything reachable; ascending by `at`
    std::span<const Load> loads;            ///< kernel, ramdisk, tree
    std::span<const Source> sources;        ///< granted
    std::span<const DeviceReset> resets{};  ///< in their order
    /// Emulated, one of a kind: the controller that goes with the board's, a 16550, ...
    std::span<const VirtualDevice> devices;
    Gpa entry;  ///< first instruction of the guest's hart 0
    Gpa tree;   ///< its device tree, in a1
    SeedPlace seed{};
    bool unprotected_dma = false;  ///< a granted device may master the bus; report and banner say so
    bool verified = false;         ///< its images are held against their digests before every start
    Policy policy{};

    /// As find_device().
    constexpr VirtualDevice device(DeviceKind kind) const { return find_device(devices, kind); }
    constexpr VirtualDevice controller() const { return find_controller(devices); }
};

/// A file linked into the hypervisor, where only the hypervisor can read it.
struct Image {
    std::string_view name;
    std::uint64_t size = 0;  ///< bytes
    Digest sha256{};         ///< of all of it
};

struct Description {
    std::string_view name;  ///< the description's file name without directory and suffix
    Board board;
    std::span<const Guest> guests;
    std::span<const Image> images;
    bool color = false;  ///< console tags in colour
    Services services = Services::all();
    std::string_view hint{};  ///< what the console's first line says besides: how to leave the platform's terminal
};

}  // namespace mullion
