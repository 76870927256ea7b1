// SPDX-License-Identifier: Apache-2.0
#include "dump.hpp"

#include <fmt/format.h>

#include <span>
#include <string_view>

extern "C" {
#include <libfdt.h>
}

namespace mullion::partc {
namespace {

std::string value_text(std::span<const unsigned char> bytes) {
    std::string text;
    for (const auto byte : bytes) {
        text += byte >= ' ' && byte < 127 ? std::string(1, static_cast<char>(byte)) : fmt::format("\\{:02x}", byte);
    }
    return text;
}

std::string node_text(const void* fdt, int node, const std::string& path) {
    auto text = path + "/\n";
    for (int p = fdt_first_property_offset(fdt, node); p >= 0; p = fdt_next_property_offset(fdt, p)) {
        const char* name = nullptr;
        int size = 0;
        const auto* value = static_cast<const unsigned char*>(fdt_getprop_by_offset(fdt, p, &name, &size));
        text += fmt::format("{}:{} = {}\n", path, name, value_text({value, static_cast<std::size_t>(size)}));
    }
    for (int c = fdt_first_subnode(fdt, node); c >= 0; c = fdt_next_subnode(fdt, c)) {
        text += node_text(fdt, c, path + '/' + fdt_get_name(fdt, c, nullptr));
    }
    return text;
}

}  // namespace

std::string dump(const std::string& blob) {
    if (blob.size() < sizeof(fdt_header) || fdt_check_header(blob.data()) != 0) {
        return "not a device tree";
    }
    return node_text(blob.data(), 0, "");
}

}  // namespace mullion::partc
