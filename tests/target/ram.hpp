// SPDX-License-Identifier: Apache-2.0
// Has a machine's RAM as a file, which shows what nobody else may see.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace mullion::target {

class Ram {
 public:
    static constexpr std::uint64_t base = 0x8000'0000;
    static constexpr std::uint64_t size = 0x8000'0000;

    Ram() : path_(std::filesystem::path(testing::TempDir()) / ("mullion-ram-" + std::to_string(getpid()))) {}
    ~Ram() { std::filesystem::remove(path_); }
    Ram(const Ram&) = delete;
    Ram& operator=(const Ram&) = delete;

    /// Returns arguments of QEMU for a machine whose RAM this is.
    std::vector<std::string> arguments() const {
        return {"-object", "memory-backend-file,id=ram,size=2G,share=on,mem-path=" + path_.string(), "-machine",
                "memory-backend=ram"};
    }
    std::vector<std::uint64_t> read(std::uint64_t address, std::size_t doublewords) const {
        std::vector<std::uint64_t> words(doublewords);
        std::ifstream file(path_, std::ios::binary);
        file.seekg(static_cast<std::streamoff>(address - base));
        file.read(reinterpret_cast<char*>(words.data()), static_cast<std::streamsize>(doublewords * 8));
        return words;
    }

 private:
    std::filesystem::path path_;
};

}  // namespace mullion::target
