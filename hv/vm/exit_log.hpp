// SPDX-License-Identifier: Apache-2.0
// The last exits of a hart, for its guest's crash report. Only those are kept that cost much anyway: exceptions that
// are no access to an emulated device, interrupts, and calls of the SBI's less common extensions. The others (TIME,
// IPI, RFENCE, loads and stores of emulated devices) are counted and no more.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace mullion {

/// All of one hart's exit. What the last two mean depends on the cause:
///
///   an environment call      the SBI extension and function
///   another exception        stval, and for a guest-page fault the guest physical address (0: the hart does not tell)
///   an interrupt             0
struct ExitRecord {
    std::uint64_t cause = 0;  ///< scause
    std::uint64_t pc = 0;     ///< of the guest, where it was left
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
    /// `age` 0 is the latest; less than size().
    constexpr const ExitRecord& latest(std::size_t age) const { return records_[(count_ - 1 - age) % depth]; }

 private:
    std::array<ExitRecord, depth> records_{};
    std::uint64_t count_ = 0;
};

}  // namespace mullion
