// SPDX-License-Identifier: Apache-2.0
#include "files.hpp"

#include <fstream>
#include <system_error>

namespace mullion::partc {

std::optional<std::string> contents(const std::filesystem::path& path) {
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    if (error) {
        return std::nullopt;
    }
    std::string bytes(size, '\0');
    std::ifstream stream{path, std::ios::binary};
    if (!stream.read(bytes.data(), static_cast<std::streamsize>(bytes.size()))) {
        return std::nullopt;
    }
    return bytes;
}

bool write(const std::filesystem::path& path, const std::string& contents) {
    std::ofstream stream{path, std::ios::binary};
    stream << contents;
    stream.close();
    return !stream.fail();
}

}  // namespace mullion::partc
