// SPDX-License-Identifier: Apache-2.0
#include "output.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

namespace mullion::partc {
namespace {

namespace fs = std::filesystem;

bool has_contents(const fs::path& path, const std::string& contents) {
    std::error_code error;
    if (fs::file_size(path, error) != contents.size() || error) {
        return false;
    }
    std::ifstream stream{path, std::ios::binary};
    return std::string{std::istreambuf_iterator<char>{stream}, {}} == contents;
}

/// Files under a temporary name, removed again unless they reach their own.
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

    bool write(const fs::path& path, const std::string& contents) {
        paths_.push_back(path);
        std::ofstream stream{temporary(path), std::ios::binary};
        stream << contents;
        stream.close();
        return !stream.fail();
    }

    /// The path that failed, if one did.
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
        if (!has_contents(path, contents) && !temporaries.write(path, contents)) {
            return std::unexpected{fmt::format("cannot write {}", path.string())};
        }
    }
    if (const auto failed = temporaries.rename(); !failed.empty()) {
        return std::unexpected{fmt::format("cannot replace {}", failed)};
    }
    return {};
}

}  // namespace mullion::partc
