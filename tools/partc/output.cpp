// SPDX-License-Identifier: Apache-2.0
#include "output.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>

#include "files.hpp"

namespace mullion::partc {
namespace {

namespace fs = std::filesystem;

/// Files with temporary names, which are removed unless they get their final names.
class Temporaries {
 public:
    Temporaries() = default;
    Temporaries(const Temporaries&) = delete;
    Temporaries& operator=(const Temporaries&) = delete;
    ~Temporaries() {
        for (const auto& path : paths_) {
            std::error_code ignored;
            fs::remove(temporary(path), ignored);
        }
    }

    bool add(const fs::path& path, const std::string& contents) {
        paths_.push_back(path);
        return write(temporary(path), contents);
    }

    /// Renames all; returns the path that failed, if any.
    std::string rename() {
        for (const auto& path : paths_) {
            std::error_code error;
            fs::rename(temporary(path), path, error);
            if (error) {
                return path;
            }
        }
        return {};
    }

 private:
    static fs::path temporary(fs::path path) { return path += ".tmp"; }

    std::vector<fs::path> paths_;
};

}  // namespace

std::expected<void, std::string> Output::write() const {
    std::error_code error;
    fs::create_directories(folder_, error);
    Temporaries temporaries;
    for (const auto& [name, contents] : files_) {
        const auto path = fs::path{folder_} / name;
        if (partc::contents(path) != contents && !temporaries.add(path, contents)) {
            return std::unexpected{fmt::format("cannot write {}", path.string())};
        }
    }
    if (const auto failed = temporaries.rename(); !failed.empty()) {
        return std::unexpected{fmt::format("cannot replace {}", failed)};
    }
    return {};
}

}  // namespace mullion::partc
