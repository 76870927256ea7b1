// SPDX-License-Identifier: Apache-2.0
// The one thing that is read of the firmware's flattened device tree (Devicetree specification 0.4, chapter 5): a
// random seed. All else is in the board file. The bytes may be anything.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/sha256.hpp"

namespace mullion::firmware_tree {

/// 5.4.1, "Lexical structure".
enum class Token : std::uint32_t { begin_node = 1, end_node = 2, property = 3, nop = 4, end = 9 };

inline constexpr std::size_t cell_bytes = 4;
inline constexpr std::size_t header_bytes = 40;
inline constexpr std::size_t max_bytes = std::size_t{1} << 21;  ///< as large as Linux takes one
/// What a seed has at least: as many bits as its digest.
inline constexpr std::size_t seed_bytes = 32;

constexpr std::uint32_t cell(std::span<const std::uint8_t> tree, std::size_t at) {
    return sha256::big_endian(tree.subspan(at).first<cell_bytes>());
}

constexpr void set_cell(std::span<std::uint8_t> tree, std::size_t at, std::uint32_t value) {
    for (std::size_t i = 0; i < cell_bytes; ++i) {
        tree[at + i] = static_cast<std::uint8_t>(value >> 8 * (cell_bytes - 1 - i));
    }
}

/// How large the tree says it is, of its first `header_bytes`; 0 where they begin no tree of a version that is known.
constexpr std::size_t size_of(std::span<const std::uint8_t> header) {
    constexpr std::uint32_t magic = 0xd00d'feed;
    constexpr std::uint32_t version = 17;
    const bool is_known = header.size() >= header_bytes && cell(header, 0) == magic && cell(header, 20) >= version &&
                          cell(header, 24) <= version;  // of which it is a superset
    const std::size_t size = is_known ? cell(header, 4) : 0;
    return size >= header_bytes && size <= max_bytes ? size : 0;
}

/// A property: from its token to the next, and of that the value.
struct Property {
    std::span<std::uint8_t> all;
    std::span<std::uint8_t> value;
};

/// Walks the structure block once, from its start to its end: each step goes on by a cell at least.
class Reader {
 public:
    /// `tree` is as long as size_of() says.
    constexpr explicit Reader(std::span<std::uint8_t> tree)
        : structure_(block(tree, cell(tree, 8), cell(tree, 36))),
          strings_(block(tree, cell(tree, 12), cell(tree, 32))) {}

    /// /chosen's property of that name; the first, should there be several.
    constexpr std::optional<Property> chosen(std::string_view name) {
        while (has(cell_bytes)) {
            const auto start = at_;
            switch (static_cast<Token>(next())) {
                case Token::begin_node:
                    if (!begin()) {
                        return std::nullopt;
                    }
                    break;
                case Token::end_node:
                    in_chosen_ = false;
                    if (depth_-- <= 1) {
                        return std::nullopt;
                    }
                    break;
                case Token::property: {
                    const auto value = property(name);
                    if (!value) {
                        return std::nullopt;
                    }
                    if (!value->empty()) {
                        return Property{structure_.subspan(start, at_ - start), *value};
                    }
                    break;
                }
                case Token::nop:
                    break;
                default:
                    return std::nullopt;
            }
        }
        return std::nullopt;
    }

 private:
    /// Empty where it is not in the tree.
    static constexpr std::span<std::uint8_t> block(std::span<std::uint8_t> tree, std::size_t at, std::size_t size) {
        return at <= tree.size() && size <= tree.size() - at ? tree.subspan(at, size) : std::span<std::uint8_t>{};
    }

    constexpr bool has(std::size_t bytes) const { return bytes <= structure_.size() - at_; }
    constexpr std::uint32_t next() {
        at_ += cell_bytes;
        return cell(structure_, at_ - cell_bytes);
    }
    /// To behind so many bytes and what fills the last cell; false: they are not there.
    constexpr bool skip(std::size_t bytes) {
        const auto cells = (bytes + cell_bytes - 1) / cell_bytes * cell_bytes;
        const bool is_there = has(cells);
        at_ += is_there ? cells : 0;
        return is_there;
    }

    /// A node's name ends with a zero byte.
    constexpr bool begin() {
        const auto rest = structure_.subspan(at_);
        const auto length = static_cast<std::size_t>(std::ranges::find(rest, 0) - rest.begin());
        ++depth_;
        in_chosen_ = depth_ == 2 && std::ranges::equal(rest.first(length), std::string_view{"chosen"});
        return length < rest.size() && skip(length + 1);
    }

    /// The value, if this is what is looked for; empty, if not; nothing where the property does not end.
    constexpr std::optional<std::span<std::uint8_t>> property(std::string_view name) {
        if (!has(2 * cell_bytes)) {
            return std::nullopt;
        }
        const std::size_t length = next();
        const std::size_t name_at = next();
        const auto start = at_;
        if (!skip(length)) {
            return std::nullopt;
        }
        return in_chosen_ && is_named(name_at, name) ? structure_.subspan(start, length) : std::span<std::uint8_t>{};
    }

    constexpr bool is_named(std::size_t at, std::string_view name) const {
        const auto found = block(strings_, at, name.size() + 1);
        return !found.empty() && found.back() == 0 && std::ranges::equal(found.first(name.size()), name);
    }

    std::span<std::uint8_t> structure_;
    std::span<std::uint8_t> strings_;
    std::size_t at_ = 0;
    std::size_t depth_ = 0;
    bool in_chosen_ = false;
};

/// The digest of /chosen/rng-seed, which is gone afterwards: whoever reads the tree later finds none, not even an old
/// one. Nothing where there is none, or one that is too short.
constexpr std::optional<Digest> take_seed(std::span<std::uint8_t> tree) {
    const auto size = size_of(tree);
    if (size == 0 || size > tree.size()) {
        return std::nullopt;
    }
    const auto found = Reader{tree.first(size)}.chosen("rng-seed");
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

}  // namespace mullion::firmware_tree
