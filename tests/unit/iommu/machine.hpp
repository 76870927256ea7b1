// SPDX-License-Identifier: Apache-2.0
// Models the registers and queues of an IOMMU as its specification has them, for the driver that ships. What it does is
// in `log`.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/address.hpp"
#include "core/iommu_registers.hpp"

namespace mullion::modelled {

class Iommu {
 public:
    static constexpr Hpa base{0x301'0000};

    std::uint64_t load(std::uint64_t at) {
        ++time;
        return registers[offset(at)];
    }
    void store(std::uint64_t at, std::uint64_t value) {
        const auto reg = offset(at);
        if (reg == stuck) {
            return;
        }
        switch (reg) {
            case iommu::ddtp:
                tell(value % 16 == 0 ? "off" : "directory");
                registers[reg] = value;
                break;
            case iommu::cqcsr:
            case iommu::fqcsr:
            case iommu::pqcsr:
                enable(reg, static_cast<std::uint32_t>(value));
                break;
            case iommu::ipsr:
                registers[reg] &= ~value;  // cleared by writing 1
                break;
            case iommu::cqt:
                registers[reg] = value;
                run_commands();
                break;
            default:
                registers[reg] = value;
        }
    }

    /// Records a fault of a device.
    void refuse(std::uint32_t device) {
        auto& csr = registers[iommu::fqcsr];
        const auto size = std::uint64_t{2} << (registers[iommu::fqb] & 31);
        const auto tail = registers[iommu::fqt];
        if ((csr & iommu::fqof) != 0 || (tail + 1) % size == registers[iommu::fqh]) {
            csr |= iommu::fqof;
            return;
        }
        queue<iommu::FaultRecord>(iommu::fqb)[tail].first = std::uint64_t{device} << 40 | 258;
        registers[iommu::fqt] = (tail + 1) % size;
    }

    std::map<std::uint32_t, std::uint64_t> registers;
    std::uint32_t stuck = ~0u;  ///< the register that takes nothing
    std::uint64_t time = 0;
    std::vector<std::string> log;

 private:
    static std::uint32_t offset(std::uint64_t at) { return static_cast<std::uint32_t>(at - base.value); }

    void tell(const std::string& what) { log.push_back(what); }

    /// The queue's memory is the host's.
    template <class Entry>
    Entry* queue(std::uint32_t reg) {
        return reinterpret_cast<Entry*>(registers[reg] >> 10 << 12);
    }

    void enable(std::uint32_t reg, std::uint32_t value) {
        const bool was_on = (registers[reg] & iommu::queue_on) != 0;
        const bool is_on = (value & iommu::queue_enable) != 0;
        if (is_on != was_on) {
            tell((is_on ? "on " : "off ") + std::to_string(reg));
            registers[iommu::cqh] = reg == iommu::cqcsr ? 0 : registers[iommu::cqh];
            registers[iommu::fqt] = reg == iommu::fqcsr ? 0 : registers[iommu::fqt];
        }
        const auto overflow = registers[reg] & ~std::uint64_t{value} & iommu::fqof;  // cleared by writing 1
        registers[reg] = (value & 3) | (is_on ? iommu::queue_on : 0) | overflow;
    }

    void run_commands() {
        const auto size = std::uint64_t{2} << (registers[iommu::cqb] & 31);
        auto& head = registers[iommu::cqh];
        while (stuck != iommu::cqh && head != registers[iommu::cqt]) {
            const auto word = queue<const iommu::Command>(iommu::cqb)[head].words[0];
            tell("command " + std::to_string(word & 0x7f) + '.' + std::to_string(word >> 7 & 7));
            head = (head + 1) % size;
        }
    }
};

inline Iommu machine;

}  // namespace mullion::modelled
