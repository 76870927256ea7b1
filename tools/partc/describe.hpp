// SPDX-License-Identifier: Apache-2.0
// From a description on disk to the model that every verb works on.
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "diagnostics.hpp"
#include "model.hpp"
#include "read.hpp"

namespace mullion::partc {

/// What the command line says. All but `color`, `hint` and `output` say what to read.
struct Options {
    std::string file;
    std::string platform;
    std::vector<std::string> include_folders;
    std::uint64_t load_address = 0;
    std::string images;
    std::map<std::string, std::string> instead;  ///< see ImageOptions
    bool color = false;
    std::string hint;  ///< as Description::hint
    std::string output;
};

struct Result {
    bool ok = false;
    std::string messages;  ///< for standard error
    std::string text;      ///< for standard output
};

/// The model points at nodes of the tree.
struct Described {
    ParsedSource source;  ///< its files are all that was read, images too
    Model model;
};

/// What a tree that was read means. The images that it names are read, and added to the files of `source`. Mistakes are
/// in `diagnostics`, and then the model lacks what they are about, or is nothing.
std::optional<Model> understand(const Options& options, ParsedSource& source, Diagnostics& diagnostics);

/// Nothing when there is a mistake; it is then in `diagnostics`.
std::optional<Described> describe(const Options& options, Diagnostics& diagnostics);

/// What there is to see of a description, or why there is nothing.
using Sight = std::function<std::expected<std::string, std::string>(const Described&)>;

Result show(const Options& options, const Sight& sight);

}  // namespace mullion::partc
