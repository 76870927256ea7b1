// SPDX-License-Identifier: Apache-2.0
#include "constants.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mullion::audit {

Fields read_fields(const Image& image) {
    constexpr std::size_t row = 32;
    constexpr std::size_t name = 28;
    const auto& bytes = image.fields;
    if (bytes.empty() || bytes.size() % row != 0) {
        throw Error("the image has no section .fields: it is another release's");
    }
    Fields fields;
    for (std::size_t at = 0; at < bytes.size(); at += row) {
        const auto* first = &bytes[at];
        const auto number = [&](std::size_t i) { return first[i] | std::uint64_t{first[i + 1]} << 8; };
        fields[{first, std::find(first, first + name, 0)}] = {number(name), number(name + 2)};
    }
    return fields;
}

namespace {

/// An object in the image, whose fields have names that begin with its type.
class Object {
 public:
    Object(const Image& image, const Fields& fields, std::uint64_t address)
        : image_(image), fields_(fields), address_(address) {}

    std::uint64_t address() const { return address_; }
    std::uint64_t number(const std::string& name) const {
        const auto field = this->field(name);
        if (field.size == 0 || field.size > sizeof(std::uint64_t)) {
            throw Error(name + " in .fields is no number: the image is another release's");
        }
        return image_.constant(address_ + field.offset, field.size, name);
    }
    Object part(const std::string& name) const { return {image_, fields_, address_ + field(name).offset}; }

    /// Returns a member of a range type, which has fields `TYPE.base` and `TYPE.size`.
    Range range(const std::string& name, const std::string& type) const {
        const auto part = this->part(name);
        return {part.number(type + ".base"), part.number(type + ".size")};
    }

    /// Returns the items of an array that is a member.
    std::vector<Object> items(const std::string& name, const std::string& type) const {
        std::vector<Object> objects;
        const auto array = field(name);
        for (std::uint64_t at = 0; at < array.size; at += field(type).size) {
            objects.emplace_back(image_, fields_, address_ + array.offset + at);
        }
        return objects;
    }

    std::vector<Object> list(const std::string& name, const std::string& type) const {
        return list(name, field(type).size);
    }
    std::vector<Object> list(const std::string& name, std::uint64_t size) const {
        constexpr std::uint64_t most = 1U << 16U;  // no description has more
        const auto span = address_ + field(name).offset;
        const auto first = image_.constant_word(span, name);
        const auto count = image_.constant_word(span + sizeof(std::uint64_t), name);
        if (count > most) {
            throw Error(fmt::format("{} has {} members", name, count));
        }
        std::vector<Object> objects;
        for (std::uint64_t i = 0; i < count; ++i) {
            objects.emplace_back(image_, fields_, first + i * size);
        }
        return objects;
    }
    /// Returns the object itself as a number of `size` bytes.
    std::uint64_t itself(std::size_t size, const std::string& name) const {
        return image_.constant(address_, size, name);
    }

 private:
    Field field(const std::string& name) const {
        const auto it = fields_.find(name);
        if (it == fields_.end()) {
            throw Error(fmt::format("the image's section .fields has no {}: it is another release's", name));
        }
        return it->second;
    }

    const Image& image_;
    const Fields& fields_;
    std::uint64_t address_;
};

/// Returns where the hypervisor expects the files of the hart with this index (AIA, "Arrangement of the memory regions
/// of multiple interrupt files"); addresses of all ones if the board's numbers make no sense.
Files files_of(const Object& imsic, std::uint64_t index) {
    const bool in_groups = imsic.number("Imsic.groups") > 1;
    const auto index_bits = imsic.number("Imsic.hart_index_bits");
    const auto group_shift = imsic.number("Imsic.group_index_shift");
    const auto guest_bits = imsic.number("Imsic.guest_index_bits");
    if (guest_bits > 6 || (in_groups && (index_bits > 31 || group_shift > 55))) {
        return {~std::uint64_t{0}, ~std::uint64_t{0}};
    }
    const auto group = in_groups ? index >> index_bits : 0;
    const auto member = in_groups ? index - (group << index_bits) : index;
    const auto base = imsic.number("Imsic.base") + (group << group_shift) + member * (page_size << guest_bits);
    return {base, base + page_size};
}

Function function_of(const Object& function) {
    Function constant{{}, function.number("PciFunction.device_id"), function.number("PciFunction.number")};
    std::uint64_t number = 0;
    for (const auto& bar : function.items("PciFunction.bars", "PciBar")) {
        const Range range{bar.number("PciBar.base"), bar.number("PciBar.size")};
        if (range.size != 0) {
            constant.bars.push_back({number, range});
        }
        ++number;
    }
    return constant;
}

GuestConstant guest_of(const Object& guest) {
    GuestConstant constant;
    constant.address = guest.address();
    for (const auto& hart : guest.list("Guest.harts", 4)) {
        constant.harts.push_back(hart.itself(4, "Guest.harts"));
    }
    for (const auto& w : guest.list("Guest.windows", "Window")) {
        constant.windows.push_back({w.number("Window.at"), w.number("Window.to"), w.number("Window.size"),
                                    w.number("Window.rights"), w.number("Window.kind")});
    }
    for (const auto& load : guest.list("Guest.loads", "Load")) {
        constant.loads.push_back(
            {load.number("Load.to"), load.number("Load.image"), load.number("Load.offset"), load.number("Load.size")});
    }
    for (const auto& source : guest.list("Guest.sources", "Source")) {
        constant.sources.push_back({source.number("Source.number"), source.number("Source.mode")});
    }
    for (const auto& reset : guest.list("Guest.resets", "DeviceReset")) {
        constant.resets.push_back({reset.number("DeviceReset.at"), reset.number("DeviceReset.bytes")});
    }
    constant.entry = guest.number("Guest.entry");
    constant.tree = guest.number("Guest.tree");
    constant.seed = guest.part("Guest.seed").number("SeedPlace.at");
    constant.seed_name = guest.part("Guest.seed").number("SeedPlace.name");
    for (const auto& device : guest.list("Guest.devices", "VirtualDevice")) {
        constant.devices.push_back({device.number("VirtualDevice.kind"),
                                    {device.number("VirtualDevice.base"), device.number("VirtualDevice.size")},
                                    device.number("VirtualDevice.source"),
                                    device.number("VirtualDevice.parameter")});
    }
    for (const auto& function : guest.list("Guest.functions", "PciFunction")) {
        constant.functions.push_back(function_of(function));
    }
    constant.unprotected_dma = guest.number("Guest.unprotected_dma") != 0;
    return constant;
}

}  // namespace

Constants read_constants(const Image& image) {
    const auto fields = read_fields(image);
    const Object description{image, fields, image.symbol("_ZN7mullion11descriptionE").address};
    const auto board = description.part("Description.board");
    const auto imsic = board.part("Board.imsic");
    Constants constants;
    for (const auto& hart : board.list("Board.harts", "Hart")) {
        constants.harts.push_back(
            {hart.number("Hart.id"), files_of(imsic, hart.number("Hart.imsic_index")), hart.number("Hart.context")});
    }
    constants.firmware = board.range("Board.firmware", "HostRange");
    constants.uart = board.range("Board.console", "Board::Console");
    const auto uart = board.part("Board.console");
    constants.uart_source = {uart.number("Board::Console.source"), uart.number("Board::Console.mode")};
    constants.aplic = board.range("Board.aplic", "Aplic");
    constants.plic = board.range("Board.plic", "Plic");
    constants.has_imsic = imsic.number("Imsic.size") != 0;
    for (const auto& guest : description.list("Description.guests", "Guest")) {
        constants.guests.push_back(guest_of(guest));
    }
    for (const auto& file : description.list("Description.images", "Image")) {
        constants.images.push_back(file.number("Image.size"));
    }
    return constants;
}

}  // namespace mullion::audit
