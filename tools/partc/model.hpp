// SPDX-License-Identifier: Apache-2.0
// What a description says, in vectors that grow while it is read, and the constant form of the same
// (core/description.hpp) over them.
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

/// Memory, or what leads to it, that is nobody's.
struct ReservedModel {
    HostRange range;   ///< whole pages
    std::string name;  ///< of the node, or what else keeps it
    Position at;
};

struct BoardModel {
    Board board;  ///< its spans are empty; `harts`, `ram`, `reserved` and `kept` below are meant
    std::vector<Hart> harts;
    std::vector<const Node*> hart_nodes;  ///< of each hart
    std::vector<HostRange> ram;
    std::vector<ReservedModel> reserved;  ///< ascending; none meets another
    std::vector<Kept> kept;
    const Node* console = nullptr;
    const Node* controller = nullptr;  ///< the APLIC or PLIC that devices' wires go to
    const Node* imsic = nullptr;       ///< none: the controller interrupts harts itself, and guests have PLICs

    /// The constant form, but for what is reserved.
    Board constant() const;
};

struct WindowModel {
    Window window;
    std::string name;  ///< of the node that asked for it
    Position at;
    Position host_at;     ///< of what decides the host address
    bool placed = false;  ///< `window.to` is known
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

struct GuestModel {
    const Node* node = nullptr;
    std::string name;
    std::vector<std::uint32_t> harts;
    std::vector<const Node*> devices;
    std::vector<const Node*> providers;  ///< nodes without hardware that the devices refer to; each with all below it
    std::vector<WindowModel> windows;
    std::vector<SourceModel> sources;
    std::vector<LoadModel> loads;
    std::vector<DeviceReset> resets;
    std::vector<const Node*> without_reset;  ///< of `devices`
    GuestRange first_memory;                 ///< of the description, where partc puts what has no address of its own
    std::optional<GuestRange> ramdisk;
    std::string bootargs;
    Gpa entry;
    Gpa tree;
    SeedPlace seed;
    /// Its serial port, where guests' kernels know one best unless it asks for another place.
    VirtualDevice serial{DeviceKind::uart16550, {0x1000'0000}, 0x100};
    std::uint32_t serial_io_width = 1;    ///< bytes that the guest is told to access it by
    std::vector<VirtualDevice> emulated;  ///< as Guest::devices
    bool verified = false;
    std::vector<std::string> bus_masters;  ///< devices without an IOMMU before them
    Policy policy;                         ///< but for start.after:
    const Node* start_after = nullptr;     ///< the partition's node

    VirtualDevice device(DeviceKind kind) const { return find_device(emulated, kind); }
    VirtualDevice controller() const { return find_controller(emulated); }
    std::string_view controller_name() const { return row_of(controller().kind).name; }

    /// Ascending by guest address, as core/description.hpp wants them.
    void sort_windows();
};

struct ImageModel {
    std::string name;
    std::string path;  ///< for the assembler
    std::string bytes;
    Digest sha256{};
};

/// Files by content: an equal one is linked once.
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
};

/// The constant form of a model, with the storage that its spans point at.
class View {
 public:
    explicit View(const Model& model);

    const Description& description() const { return description_; }

 private:
    struct Lists {
        std::vector<Window> windows;
        std::vector<Load> loads;
        std::vector<Source> sources;
    };

    std::vector<HostRange> reserved_;
    std::vector<Lists> lists_;
    std::vector<Guest> guests_;
    std::vector<Image> images_;
    Description description_;
};

}  // namespace mullion::partc
