// SPDX-License-Identifier: Apache-2.0
// Reads a description from disk into the model that every verb works on.
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

/// Options of the command line. All except `color`, `hint` and `output` say what to read.
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

/// A description that was read. Its model points to nodes of its tree.
struct Described {
    ParsedSource source;  ///< its files are all that were read, with images
    Model model;
};

/// Returns the model of a tree. Reads the images that it names, and adds them to the files of `source`. After mistakes,
/// which are in `diagnostics`, the model lacks what they concern, or is nothing.
std::optional<Model> understand(const Options& options, ParsedSource& source, Diagnostics& diagnostics);

/// Reads a description; returns nothing if there is a mistake, which is then in `diagnostics`.
std::optional<Described> describe(const Options& options, Diagnostics& diagnostics);

/// Returns text about a description, or an error.
using Sight = std::function<std::expected<std::string, std::string>(const Described&)>;

Result show(const Options& options, const Sight& sight);

}  // namespace mullion::partc
