// SPDX-License-Identifier: Apache-2.0
// Holds what a description says in vectors that grow while it is read, and makes its constant form
// (core/description.hpp), which points at them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/description.hpp"
#include "emulated.hpp"
#include "tree.hpp"

namespace mullion::partc {

/// Memory, or an alias of memory, that no guest may have.
struct ReservedModel {
    HostRange range;   ///< whole pages
    std::string name;  ///< of the node, or of what else keeps it
    Position at;
};

struct BoardModel {
    Board board;  ///< with empty spans; `harts`, `ram` and the others below replace them
    std::vector<Hart> harts;
    std::vector<const Node*> hart_nodes;  ///< of each hart
    std::vector<HostRange> ram;
    std::vector<ReservedModel> reserved;  ///< ascending, without overlaps
    std::vector<Kept> kept;
    std::vector<HostRange> pci_windows;  ///< of `pci`
    const Node* console = nullptr;
    const Node* controller = nullptr;  ///< the APLIC or PLIC of devices
    const Node* imsic = nullptr;       ///< null: the controller interrupts harts directly, and guests have PLICs
    const Node* iommu = nullptr;       ///< null: the board has none
    const Node* pci = nullptr;         ///< the host bridge whose functions do DMA through it; null: there is none

    /// Returns the constant form without `reserved`.
    Board constant() const;
};

struct WindowModel {
    Window window;
    std::string name;  ///< of the node that asked for it
    Position at;
    Position host_at;               ///< position of what decides the host address
    bool placed = false;            ///< `window.to` is known
    const Node* channel = nullptr;  ///< of a window of kind channel
};

struct LoadModel {
    Load load;
    std::string name;  ///< "kernel", "ramdisk" or "tree"
    Position at;
};

struct SourceModel {
    Source source;
    std::string device;
};

struct FunctionModel {
    PciFunction function;
    const Node* node = nullptr;
};

struct GuestModel {
    const Node* node = nullptr;
    std::string name;
    std::vector<std::uint32_t> harts;
    std::vector<const Node*> devices;      ///< with nodes in its tree
    std::vector<FunctionModel> functions;  ///< granted, too; the guest finds them on its PCI bus
    std::vector<const Node*> providers;    ///< nodes without hardware that the devices refer to; each with all below it
    std::vector<WindowModel> windows;
    std::vector<SourceModel> sources;
    std::vector<LoadModel> loads;
    std::vector<DeviceReset> resets;
    std::vector<const Node*> without_reset;  ///< of `devices`
    GuestRange first_memory;  ///< first memory of the description, where partc puts what has no given address
    std::optional<GuestRange> ramdisk;
    std::string bootargs;
    Gpa entry;
    Gpa tree;
    SeedPlace seed;
    /// Its serial port, by default where kernels expect one.
    VirtualDevice serial{DeviceKind::uart16550, {0x1000'0000}, 0x100};
    std::uint32_t serial_io_width = 1;    ///< width of accesses in bytes, which the guest's tree demands
    std::vector<VirtualDevice> emulated;  ///< as Guest::devices
    bool verified = false;
    std::vector<std::string> bus_masters;  ///< devices that do DMA without an IOMMU
    std::vector<std::string> noncoherent;  ///< of these, those whose DMA goes around the harts' caches
    Policy policy;                         ///< without start.after, which is:
    const Node* start_after = nullptr;     ///< the partition's node

    /// Returns the nodes of devices and functions.
    std::vector<const Node*> granted() const;

    VirtualDevice device(DeviceKind kind) const { return find_device(emulated, kind); }
    VirtualDevice controller() const { return find_controller(emulated); }
    std::string_view controller_name() const { return row_of(controller().kind).name; }

    /// Sorts windows by guest address, as core/description.hpp requires.
    void sort_windows();
};

/// Memory that guests share; each has a window with its node's name.
struct ChannelModel {
    const Node* node = nullptr;
    Gpa at;            ///< the same for all of its guests
    HostRange memory;  ///< placed with the windows
};

struct ImageModel {
    std::string name;
    std::string path;  ///< for the assembler
    std::string bytes;
    Digest sha256{};
};

/// Collects files by content: equal ones are linked once.
class Images {
 public:
    std::uint32_t add(std::string name, std::string path, std::string bytes);
    const std::vector<ImageModel>& all() const { return images_; }

 private:
    std::vector<ImageModel> images_;
};

struct Model {
    std::string name;
    BoardModel board;
    std::vector<GuestModel> guests;
    Images images;
    bool color = false;
    std::string hint;
    Services services = Services::all();
    std::vector<ChannelModel> channels{};
};

/// Makes the constant form of a model, and owns the storage that its spans point at.
class DescriptionView {
 public:
    explicit DescriptionView(const Model& model);

    const Description& description() const { return description_; }

 private:
    struct Lists {
        std::vector<Window> windows;
        std::vector<Load> loads;
        std::vector<Source> sources;
        std::vector<PciFunction> functions;
    };

    std::vector<HostRange> reserved_;
    std::vector<Lists> lists_;
    std::vector<Guest> guests_;
    std::vector<Image> images_;
    std::vector<Channel> channels_;
    Description description_;
};

}  // namespace mullion::partc
