// SPDX-License-Identifier: Apache-2.0
// Whole files at once.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace mullion::partc {

/// Nothing when `path` cannot be read.
std::optional<std::string> contents(const std::filesystem::path& path);

/// False when `path` cannot be written.
bool write(const std::filesystem::path& path, const std::string& contents);

}  // namespace mullion::partc
