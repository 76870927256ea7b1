// SPDX-License-Identifier: Apache-2.0
// Writes a flattened tree by libfdt's sequential writer, with C++ types and a growing buffer.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tree.hpp"

namespace mullion::partc {

class TreeWriter {
 public:
    TreeWriter();

    void begin(const std::string& name);
    void end();
    void empty(const std::string& name);
    void bytes(const std::string& name, const Bytes& value);
    void string(const std::string& name, std::string_view value);
    void strings(const std::string& name, const std::vector<std::string>& values);
    void cells(const std::string& name, const std::vector<std::uint32_t>& values);
    /// Writes pairs of 64-bit address and size, for `#address-cells = <2>` and `#size-cells = <2>`.
    void ranges(const std::string& name, const std::vector<GuestRange>& values);
    void number(const std::string& name, std::uint64_t value);  ///< two cells

    /// Returns the blob. Nothing can be written afterwards.
    std::string finish();

 private:
    template <class Step>
    void with_room(Step step);

    std::vector<char> buffer_;
};

}  // namespace mullion::partc
