// SPDX-License-Identifier: Apache-2.0
// Keeps the last exits of a hart, for its guest's crash report. It keeps only those that are expensive anyway:
// exceptions other than accesses to emulated devices, interrupts, and calls of less common SBI extensions. The rest
// (TIME, IPI, RFENCE, loads and stores of emulated devices) are only counted.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace mullion {

/// One exit. The meaning of the last two members depends on the cause:
///
///   an environment call      the SBI extension and function
///   another exception        stval, and for a guest-page fault the guest physical address (0: the hart does not tell)
///   an interrupt             0
struct ExitRecord {
    std::uint64_t cause = 0;  ///< scause
    std::uint64_t pc = 0;     ///< the guest's, at the exit
    std::uint64_t first = 0;
    std::uint64_t second = 0;

    constexpr bool operator==(const ExitRecord&) const = default;
};

class ExitLog {
 public:
    static constexpr std::size_t depth = 8;

    constexpr void add(const ExitRecord& record) {
        records_[count_ % depth] = record;
        ++count_;
    }
    constexpr void clear() { count_ = 0; }

    constexpr std::size_t size() const { return count_ < depth ? count_ : depth; }
    /// Returns a record; `age` 0 is the latest. Requires: `age` < size().
    constexpr const ExitRecord& latest(std::size_t age) const { return records_[(count_ - 1 - age) % depth]; }

 private:
    std::array<ExitRecord, depth> records_{};
    std::uint64_t count_ = 0;
};

}  // namespace mullion
