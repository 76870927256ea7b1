// SPDX-License-Identifier: Apache-2.0
// Reads and writes whole files.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace mullion::partc {

/// Returns a file's contents, nothing if it cannot be read.
std::optional<std::string> contents(const std::filesystem::path& path);

/// Writes a file; returns whether that succeeded.
bool write(const std::filesystem::path& path, const std::string& contents);

}  // namespace mullion::partc
