// SPDX-License-Identifier: Apache-2.0
#include "tree_writer.hpp"

#include <fmt/format.h>

#include <stdexcept>

extern "C" {
#include <libfdt.h>
}

namespace mullion::partc {

/// Calls `step(fdt)`, and repeats it with twice the room while that is too little.
template <class Step>
void TreeWriter::with_room(Step step) {
    for (;;) {
        const int result = step(buffer_.data());
        if (result >= 0) {
            return;
        }
        if (result != -FDT_ERR_NOSPACE) {
            throw std::logic_error{fmt::format("libfdt: {}", fdt_strerror(result))};
        }
        std::vector<char> larger(2 * buffer_.size());
        fdt_resize(buffer_.data(), larger.data(), static_cast<int>(larger.size()));
        buffer_ = std::move(larger);
    }
}

TreeWriter::TreeWriter() : buffer_(4096) {
    with_room([&](void* fdt) { return fdt_create(fdt, static_cast<int>(buffer_.size())); });
    with_room([](void* fdt) { return fdt_finish_reservemap(fdt); });
}

void TreeWriter::begin(const std::string& name) {
    with_room([&](void* fdt) { return fdt_begin_node(fdt, name.c_str()); });
}

void TreeWriter::end() {
    with_room([](void* fdt) { return fdt_end_node(fdt); });
}

void TreeWriter::empty(const std::string& name) {
    bytes(name, {});
}

void TreeWriter::bytes(const std::string& name, const Bytes& value) {
    with_room([&](void* fdt) { return fdt_property(fdt, name.c_str(), value.data(), static_cast<int>(value.size())); });
}

void TreeWriter::string(const std::string& name, std::string_view value) {
    strings(name, {std::string{value}});
}

void TreeWriter::strings(const std::string& name, const std::vector<std::string>& values) {
    Bytes joined;
    for (const auto& value : values) {
        joined.insert(joined.end(), value.begin(), value.end());
        joined.push_back(0);
    }
    bytes(name, joined);
}

void TreeWriter::cells(const std::string& name, const std::vector<std::uint32_t>& values) {
    Bytes joined;
    for (const auto value : values) {
        for (const int shift : {24, 16, 8, 0}) {
            joined.push_back(static_cast<std::uint8_t>(value >> shift));
        }
    }
    bytes(name, joined);
}

void TreeWriter::ranges(const std::string& name, const std::vector<GuestRange>& values) {
    std::vector<std::uint32_t> all;
    for (const auto& range : values) {
        for (const auto number : {range.base.value, range.size}) {
            all.push_back(static_cast<std::uint32_t>(number >> 32));
            all.push_back(static_cast<std::uint32_t>(number));
        }
    }
    cells(name, all);
}

void TreeWriter::number(const std::string& name, std::uint64_t value) {
    cells(name, {static_cast<std::uint32_t>(value >> 32), static_cast<std::uint32_t>(value)});
}

std::string TreeWriter::finish() {
    with_room([](void* fdt) { return fdt_finish(fdt); });
    return {buffer_.data(), fdt_totalsize(buffer_.data())};
}

}  // namespace mullion::partc
