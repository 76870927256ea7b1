// SPDX-License-Identifier: Apache-2.0
// Describes board and guests by constants, which partc emits, check() judges, and the tables are computed from. Every
// span points at static storage (in the hypervisor) or at the tool's own vectors (in partc and the tests).
#pragma once

#include <algorithm>
#include <array>
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
    std::uint32_t imsic_index = 0;  ///< hart index in MSI addresses, group index above (core/imsic_layout.hpp)
    Features features;              ///< declared by the cpu node (core/isa.hpp)
    std::uint16_t cboz_block = 0;   ///< bytes that cbo.zero clears, 0 without Zicboz
    std::uint16_t cbom_block = 0;   ///< bytes that cbo.flush and cbo.inval are about, 0 without Zicbom
    std::uint16_t mmu_bits = 57;    ///< 39, 48 or 57: the widest mode of the hart (mmu-type)
    std::uint32_t context = 0;      ///< without IMSIC: the PLIC context of its S-mode, or its hart index in the APLIC
};

/// The board's supervisor-level IMSIC (AIA 3.6). Harts' supervisor-level files are `1 << guest_index_bits` pages apart.
/// Each group of harts has a region.
struct Imsic {
    Hpa base;
    std::uint64_t size = 0;  ///< of the largest group's region
    std::uint32_t guest_index_bits = 0;
    std::uint32_t num_ids = 0;            ///< highest identity of supervisor-level files
    std::uint32_t num_guest_ids = 0;      ///< highest identity of guest interrupt files
    std::uint32_t groups = 1;             ///< regions, `1 << group_index_shift` bytes apart
    std::uint32_t hart_index_bits = 0;    ///< of imsic_index, below the group index; unused if groups == 1
    std::uint32_t group_index_shift = 0;  ///< unused if groups == 1

    constexpr bool exists() const { return size != 0; }
};

/// The S-level interrupt domain of the board's APLIC (AIA 4).
struct Aplic {
    Hpa base;
    std::uint64_t size = 0;  ///< bytes; includes IDC structures if there is no IMSIC (direct delivery mode)
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

/// The board's RISC-V IOMMU: its registers.
struct Iommu {
    static constexpr std::uint64_t register_bytes = 4096;

    Hpa base;
    std::uint64_t size = 0;

    constexpr bool exists() const { return size != 0; }
};

/// A base address register of a PCI function (PCI, "Base Addresses"; type 0 header).
struct PciBar {
    Hpa base;                ///< on the bus and on the machine
    std::uint64_t size = 0;  ///< a power of two; 0: there is none, or it is the upper half of the one before
    bool is_64_bit = false;
    bool is_prefetchable = false;

    constexpr bool exists() const { return size != 0; }
};

/// A PCI function on bus 0 of the board's host bridge.
struct PciFunction {
    static constexpr std::size_t max_bars = 6;

    std::uint8_t number = 0;  ///< its device's number times 8, and its own in the device: bits 7:0 of a requester id
    std::uint16_t vendor_id = 0;  ///< configuration space has them at 0 and 2
    std::uint16_t product_id = 0;
    std::uint32_t device_id = 0;  ///< by which the IOMMU knows its DMA: iommu-map
    std::array<PciBar, max_bars> bars{};
};

/// The board's PCI host bridge, where an IOMMU is behind it.
struct PciHost {
    static constexpr std::uint64_t bus_bytes = 1 << 20;  ///< configuration space of a bus: 256 functions, 4 KiB each

    Hpa base;                ///< configuration space (ECAM), of bus 0 first
    std::uint64_t size = 0;  ///< of all buses
    /// Memory addresses that the bridge hands to the bus, unchanged.
    std::span<const HostRange> windows{};

    constexpr bool exists() const { return size != 0; }
};

/// How wired interrupts reach harts.
enum class InterruptController : std::uint8_t {
    imsic,  ///< an APLIC in MSI delivery mode, and interrupt files
    plic,
    aplic,  ///< in direct delivery mode
};

/// A host address range that Mullion or the firmware keeps, whatever the guests are.
struct Kept {
    enum class Kind : std::uint8_t {
        console,
        controller,       ///< an APLIC or a PLIC
        interrupt_files,  ///< of an IMSIC, or of one of its groups
        supervisor_file,  ///< of one hart, within interrupt_files
        iommu,
        pci_host,  ///< configuration space of all buses
        pci_bus,   ///< that of bus 0, within pci_host
        timer,     ///< ACLINT, CLINT and the like; the firmware's
        firmware,  ///< RAM
    };

    Kind kind{};
    HostRange range;
    bool reached = false;  ///< mapped, readable and writable, for all of Mullion's harts
};

struct Board {
    /// The UART that carries all consoles; Mullion owns it.
    struct Console {
        /// Selects the driver, a file of arch/uart/.
        enum class Kind : std::uint8_t { ns16550, xscale, dw_apb };

        Hpa base;
        std::uint64_t size = 0;
        std::uint32_t reg_shift = 0;           ///< registers are `1 << reg_shift` bytes apart
        std::uint32_t source = 0;              ///< of its interrupt, at the board's APLIC or PLIC
        SourceMode mode = SourceMode::level1;  ///< of that source
        std::uint8_t io_width = 1;             ///< bytes of a register: 1 or 4
        Kind kind = Kind::ns16550;

        /// Returns how many registers the driver uses.
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
    Iommu iommu{};
    PciHost pci{};
    /// Whole pages that no guest may have: memory that the board's tree reserves or hides, and aliases of its RAM.
    std::span<const HostRange> reserved{};
    /// Kept ranges besides those that follow from the members above (core/kept.hpp): timers, and interrupt controllers
    /// that Mullion does not drive.
    std::span<const Kept> kept{};

    /// Returns the registers of the controller that devices' wires lead to.
    constexpr HostRange controller_registers() const {
        return controller() == InterruptController::plic ? HostRange{plic.base, plic.size}
                                                         : HostRange{aplic.base, aplic.size};
    }
    /// Returns the number of that controller's sources, 1..num_sources.
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
enum class WindowKind : std::uint8_t { memory, device, interrupt_file, channel };

/// Maps guest physical addresses [at, at + size) to host addresses [to, to + size).
struct Window {
    Gpa at;
    Hpa to;
    std::uint64_t size = 0;  ///< whole pages
    Rights rights = Rights::r;
    WindowKind kind = WindowKind::memory;

    constexpr GuestRange guest() const { return {at, size}; }
    constexpr HostRange host() const { return {to, size}; }
};

/// Bytes [offset, offset + size) of an image, which are copied to guest physical address `to` at every start.
struct Load {
    Gpa to;
    std::uint32_t image = 0;  ///< index into Description::images
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
};

/// Kinds of emulated devices; each has a class in vm/. Every guest has a controller and a 16550; a partition asks for
/// the kinds behind that by properties with their names.
enum class DeviceKind : std::uint8_t {
    aplic,  ///< a domain with MSI delivery only, where the board has an IMSIC
    plic,   ///< if the board has no IMSIC; context 2h + 1 is the S-mode of the guest's hart h
    uart16550,
    watchdog,
    pci_host,  ///< configuration space of bus 0, where the guest's functions have the numbers that the board gives them
};

/// What accesses to each kind count as (vm/vcpu.hpp).
inline constexpr auto access_names =
    std::to_array<std::string_view>({"mmio aplic", "mmio plic", "mmio uart", "mmio watchdog", "mmio pci"});

/// Returns the kind's name: what follows "mmio ".
constexpr std::string_view name_of(DeviceKind kind) {
    return access_names[static_cast<std::size_t>(kind)].substr(std::string_view{"mmio "}.size());
}

/// Returns whether a property of a partition asks for devices of the kind. The others a guest has by what else it has.
constexpr bool is_asked_for(DeviceKind kind) {
    return kind > DeviceKind::uart16550 && kind != DeviceKind::pci_host;
}

constexpr bool is_controller(DeviceKind kind) {
    return kind == DeviceKind::aplic || kind == DeviceKind::plic;
}

/// Returns whether devices of the kind interrupt by a source of the guest's controller. PCI functions send MSIs.
constexpr bool has_wire(DeviceKind kind) {
    return !is_controller(kind) && kind != DeviceKind::pci_host;
}

/// An emulated device of a guest.
struct VirtualDevice {
    DeviceKind kind{};
    Gpa base{};
    std::uint64_t size = 0;
    std::uint32_t source = 0;  ///< interrupt source at the guest's controller; 0: none, see has_wire()
    /// For a controller the number of its sources. For a 16550 log2 of the distance of its registers in bytes.
    std::uint32_t parameter = 0;

    constexpr bool exists() const { return size != 0; }
    constexpr GuestRange range() const { return {base, size}; }

    constexpr bool operator==(const VirtualDevice&) const = default;
};

/// Returns the device of a kind, one of size 0 if there is none.
constexpr VirtualDevice find_device(std::span<const VirtualDevice> devices, DeviceKind kind) {
    const auto it = std::ranges::find(devices, kind, &VirtualDevice::kind);
    return it != devices.end() ? *it : VirtualDevice{kind};
}

/// Returns the interrupt controller among them, one of size 0 if there is none.
constexpr VirtualDevice find_controller(std::span<const VirtualDevice> devices) {
    const auto plic = find_device(devices, DeviceKind::plic);
    return plic.exists() ? plic : find_device(devices, DeviceKind::aplic);
}

/// A physical source that is granted to a guest, which sees it under the same number.
struct Source {
    std::uint32_t number = 0;
    SourceMode mode = SourceMode::level1;  ///< from the device's node; always level1 with a PLIC

    constexpr bool operator==(const Source&) const = default;
};

/// A store to a granted device, within what the guest itself could do, that helps to quiesce it. Stores are made before
/// and after every life of the guest.
struct DeviceReset {
    Gpa at;
    std::uint32_t value = 0;
    std::uint32_t bytes = 4;  ///< 1, 2 or 4
    bool awaited = false;     ///< wait until the register reads `value`; only with 4 bytes
};

/// Where a start writes a random seed into a guest's tree: as a property of /chosen, for which partc leaves room. The
/// room holds FDT_NOPs, so that without a seed the property does not exist.
struct SeedPlace {
    static constexpr std::string_view property = "rng-seed";
    static constexpr std::uint64_t size = 3 * 4 + sizeof(Digest);  ///< bytes: token, length, name, value

    Gpa at;
    std::uint32_t name = 0;  ///< offset of its name in the tree's strings block

    constexpr bool exists() const { return at.value != 0; }
};

struct Guest {
    std::string_view name;                  ///< [a-z][a-z0-9-]{0,11}
    std::span<const std::uint32_t> harts;   ///< indices into Board::harts; position = the guest's own hart id
    std::span<const Window> windows;        ///< everything that the guest reaches; ascending by `at`
    std::span<const Load> loads;            ///< kernel, ramdisk, tree
    std::span<const Source> sources;        ///< granted
    std::span<const DeviceReset> resets{};  ///< in their order
    /// PCI functions; each BAR's pages are a device window at the same address.
    std::span<const PciFunction> functions{};
    /// Emulated devices, at most one of a kind: the interrupt controller, a 16550, ...
    std::span<const VirtualDevice> devices;
    Gpa entry;  ///< first instruction of the guest's hart 0
    Gpa tree;   ///< its device tree, in a1
    SeedPlace seed{};
    bool unprotected_dma = false;  ///< a granted device does DMA without an IOMMU; report and banner say so
    bool noncoherent_dma = false;  ///< a granted device does DMA around the harts' caches
    bool verified = false;         ///< its images are compared with their digests before every start
    Policy policy{};

    /// Returns the device of a kind, one of size 0 if there is none.
    constexpr VirtualDevice device(DeviceKind kind) const { return find_device(devices, kind); }
    constexpr VirtualDevice controller() const { return find_controller(devices); }
};

/// Returns whether the guest may read its memory around the harts' caches: by Svpbmt's memory types, or by a device.
constexpr bool reads_around_caches(const Board& board, const Guest& guest) {
    return guest.noncoherent_dma || std::ranges::any_of(guest.harts, [&](std::uint32_t hart) {
               return hart < board.harts.size() && board.harts[hart].features.has(Extension::svpbmt);
           });
}

/// A file that is linked into the hypervisor; guests cannot read it there.
struct Image {
    std::string_view name;
    std::uint64_t size = 0;  ///< bytes
    Digest sha256{};         ///< of all of it
};

/// Memory that two or more guests share; each has a window of kind channel that leads to all of it. Nothing else that
/// guests have is shared.
struct Channel {
    std::string_view name;  ///< like a guest's
    HostRange memory;       ///< RAM; a power of two in bytes, at least a page
};

struct Description {
    std::string_view name;  ///< the description's file name without directory and suffix
    Board board;
    std::span<const Guest> guests;
    std::span<const Image> images;
    bool color = false;  ///< console tags in colour
    Services services = Services::all();
    std::string_view hint{};  ///< added to the console's first line: how to leave the platform's terminal
    std::span<const Channel> channels{};
};

}  // namespace mullion
