// SPDX-License-Identifier: Apache-2.0
// Reads reserved memory and a random seed from the firmware's flattened device tree (Devicetree specification 0.4;
// numbers are its sections). Everything else is in the board file. The bytes are not trusted: any content is safe.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/address.hpp"
#include "core/sha256.hpp"

namespace mullion::firmware_tree {

/// 5.4.1, "Lexical structure".
enum class Token : std::uint32_t { begin_node = 1, end_node = 2, property = 3, nop = 4, end = 9 };

inline constexpr std::size_t cell_bytes = 4;
inline constexpr std::size_t header_bytes = 40;
inline constexpr std::size_t max_bytes = std::size_t{1} << 21;  ///< Linux's limit (MAX_FDT_SIZE)
/// The least length of a seed, as many bytes as its digest has.
inline constexpr std::size_t seed_bytes = 32;

constexpr std::uint32_t cell(std::span<const std::uint8_t> tree, std::size_t at) {
    return sha256::big_endian(tree.subspan(at).first<cell_bytes>());
}

constexpr void set_cell(std::span<std::uint8_t> tree, std::size_t at, std::uint32_t value) {
    for (std::size_t i = 0; i < cell_bytes; ++i) {
        tree[at + i] = static_cast<std::uint8_t>(value >> 8 * (cell_bytes - 1 - i));
    }
}

/// Returns the tree's size in bytes according to its header; 0 if that is not of a tree in a known version. Requires:
/// `header` has header_bytes.
constexpr std::size_t size_of(std::span<const std::uint8_t> header) {
    constexpr std::uint32_t magic = 0xd00d'feed;
    constexpr std::uint32_t version = 17;
    const bool is_known = header.size() >= header_bytes && cell(header, 0) == magic && cell(header, 20) >= version &&
                          cell(header, 24) <= version;  // backward compatible with `version`
    const std::size_t size = is_known ? cell(header, 4) : 0;
    return size >= header_bytes && size <= max_bytes ? size : 0;
}

/// The node that a property belongs to, if it is one that is read: /chosen, /reserved-memory, or a child of that.
enum class Place : std::uint8_t { elsewhere, chosen, reserved_memory, reserved };

/// A property: its bytes from its token to the next, and its value.
struct Property {
    Place place{};
    std::size_t name = 0;  ///< in the strings block
    std::span<std::uint8_t> all;
    std::span<std::uint8_t> value;
};

/// Returns `size` bytes at `at`, or none if they are not all in the tree.
constexpr std::span<std::uint8_t> block(std::span<std::uint8_t> tree, std::size_t at, std::size_t size) {
    return at <= tree.size() && size <= tree.size() - at ? tree.subspan(at, size) : std::span<std::uint8_t>{};
}

/// Walks the structure block once, from start to end. Each step moves on by at least a cell, so the walk ends.
class PropertyReader {
 public:
    /// Requires: `tree` has the length that size_of() returns.
    constexpr explicit PropertyReader(std::span<std::uint8_t> tree)
        : structure_(block(tree, cell(tree, 8), cell(tree, 36))),
          strings_(block(tree, cell(tree, 12), cell(tree, 32))) {}

    /// Returns the next property, nothing at the end of the tree or where it is malformed.
    constexpr std::optional<Property> next() {
        while (has(cell_bytes)) {
            const auto start = at_;
            switch (static_cast<Token>(next_cell())) {
                case Token::begin_node:
                    if (!begin()) {
                        return std::nullopt;
                    }
                    break;
                case Token::end_node:
                    end();
                    if (depth_ == 0) {
                        return std::nullopt;
                    }
                    break;
                case Token::property:
                    return property(start);
                case Token::nop:
                    break;
                default:
                    return std::nullopt;
            }
        }
        return std::nullopt;
    }

    constexpr bool is_named(const Property& property, std::string_view name) const {
        const auto found = block(strings_, property.name, name.size() + 1);
        return !found.empty() && found.back() == 0 && std::ranges::equal(found.first(name.size()), name);
    }

 private:
    constexpr bool has(std::size_t bytes) const { return bytes <= structure_.size() - at_; }
    constexpr std::uint32_t next_cell() {
        at_ += cell_bytes;
        return cell(structure_, at_ - cell_bytes);
    }
    /// Skips so many bytes and the padding to a whole cell. Returns whether they are there.
    constexpr bool skip(std::size_t bytes) {
        const auto cells = (bytes + cell_bytes - 1) / cell_bytes * cell_bytes;
        const bool is_there = has(cells);
        at_ += is_there ? cells : 0;
        return is_there;
    }

    /// Enters a node and skips its name, which ends with a zero byte. Returns whether that is there.
    constexpr bool begin() {
        const auto rest = structure_.subspan(at_);
        const auto length = static_cast<std::size_t>(std::ranges::find(rest, 0) - rest.begin());
        const auto is = [&](std::string_view name) { return std::ranges::equal(rest.first(length), name); };
        ++depth_;
        if (depth_ == 2) {
            in_reserved_memory_ = is("reserved-memory");
            place_ = is("chosen") ? Place::chosen : in_reserved_memory_ ? Place::reserved_memory : Place::elsewhere;
        } else {
            place_ = depth_ == 3 && in_reserved_memory_ ? Place::reserved : Place::elsewhere;
        }
        return length < rest.size() && skip(length + 1);
    }

    /// Leaves a node. A node's properties come before its children (5.4.1), so none of its own follows.
    constexpr void end() {
        depth_ -= depth_ == 0 ? 0 : 1;
        place_ = Place::elsewhere;
    }

    /// Returns the property whose token is at `start`, nothing if it passes the end of the block.
    constexpr std::optional<Property> property(std::size_t start) {
        if (!has(2 * cell_bytes)) {
            return std::nullopt;
        }
        const std::size_t length = next_cell();
        const std::size_t name = next_cell();
        const auto value = at_;
        if (!skip(length)) {
            return std::nullopt;
        }
        return Property{place_, name, structure_.subspan(start, at_ - start), structure_.subspan(value, length)};
    }

    std::span<std::uint8_t> structure_;
    std::span<std::uint8_t> strings_;
    std::size_t at_ = 0;
    std::size_t depth_ = 0;
    bool in_reserved_memory_ = false;  ///< the node at depth 2 is that
    Place place_ = Place::elsewhere;
};

/// Returns the digest of /chosen/rng-seed, nothing if there is no seed or it is too short, and overwrites the property,
/// so that nobody can read the seed later.
constexpr std::optional<Digest> take_seed(std::span<std::uint8_t> tree) {
    const auto size = size_of(tree);
    if (size == 0 || size > tree.size()) {
        return std::nullopt;
    }
    PropertyReader reader{tree.first(size)};
    auto found = reader.next();
    while (found && !(found->place == Place::chosen && reader.is_named(*found, "rng-seed"))) {
        found = reader.next();
    }
    if (!found) {
        return std::nullopt;
    }
    const auto digest = sha256_of(found->value);
    const bool is_enough = found->value.size() >= seed_bytes;
    for (std::size_t at = 0; at < found->all.size(); at += cell_bytes) {
        set_cell(found->all, at, static_cast<std::uint32_t>(Token::nop));
    }
    return is_enough ? std::optional{digest} : std::nullopt;
}

/// Returns the number in one or two big-endian cells.
constexpr std::uint64_t number(std::span<std::uint8_t> bytes) {
    std::uint64_t value = 0;
    for (std::size_t at = 0; at < bytes.size(); at += cell_bytes) {
        value = value << 32 | cell(bytes, at);
    }
    return value;
}

/// Returns the range with that base and size, cut off at the end of the address space.
constexpr HostRange range_of(std::span<std::uint8_t> base, std::span<std::uint8_t> size) {
    const auto first = number(base);
    return {{first}, std::min(number(size), ~first)};
}

/// Returns whether a reservation covers only the tree at `tree`, as boot loaders make it: from there, or from the start
/// of its page. It may be ignored, as nobody reads the tree later.
constexpr bool is_trees_own(HostRange reserved, Hpa tree) {
    return align_down(tree.value, page_size) <= reserved.base.value && reserved.contains(tree) &&
           reserved.size <= max_bytes;
}

/// Calls `found(HostRange)` for memory that the tree reserves: in its memory reservation block (5.3), and as the `reg`
/// of a node below /reserved-memory (3.5), whatever its properties say.
template <class Found>
constexpr void find_reserved(std::span<std::uint8_t> tree, Found found) {
    constexpr std::size_t number_bytes = 8;
    const auto size = size_of(tree);
    if (size == 0 || size > tree.size()) {
        return;
    }
    tree = tree.first(size);
    for (std::size_t at = cell(tree, 16);; at += 2 * number_bytes) {
        const auto entry = block(tree, at, 2 * number_bytes);
        if (std::ranges::all_of(entry, [](auto byte) { return byte == 0; })) {
            break;
        }
        found(range_of(entry.first<number_bytes>(), entry.last<number_bytes>()));
    }
    std::size_t address_cells = 2;  // the default (2.3.5)
    std::size_t size_cells = 1;
    PropertyReader reader{tree};
    for (auto property = reader.next(); property; property = reader.next()) {
        const auto value = property->value;
        if (property->place == Place::reserved_memory && value.size() == cell_bytes) {
            if (reader.is_named(*property, "#address-cells")) {
                address_cells = cell(value, 0);
            } else if (reader.is_named(*property, "#size-cells")) {
                size_cells = cell(value, 0);
            }
        } else if (property->place == Place::reserved && reader.is_named(*property, "reg") && address_cells <= 2 &&
                   size_cells <= 2) {
            const auto base_bytes = address_cells * cell_bytes;
            const auto step = base_bytes + size_cells * cell_bytes;
            for (std::size_t at = 0; step != 0 && at + step <= value.size(); at += step) {
                found(range_of(value.subspan(at, base_bytes), value.subspan(at + base_bytes, step - base_bytes)));
            }
        }
    }
}

}  // namespace mullion::firmware_tree
