// SPDX-License-Identifier: Apache-2.0
#include "probe/paging.hpp"

#include <array>

#include "common/csr.hpp"

namespace probe {
namespace {

struct alignas(page) Table {
    std::array<volatile std::uint64_t, 512> entries;
};

Table root;
Table directory;
Table pages;

constexpr std::uint64_t gib = 1 << 30;
constexpr std::uint64_t identity_gibs = 256;
constexpr std::uint64_t sv39 = std::uint64_t{8} << 60;

std::uint64_t address_of(const Table& table) {
    return reinterpret_cast<std::uint64_t>(&table);
}

}  // namespace

void make_tables() {
    for (std::uint64_t i = 0; i < 512; ++i) {
        root.entries[i] = i < identity_gibs ? pte::make(i * gib, pte::data | pte::x) : 0;
        directory.entries[i] = 0;
        pages.entries[i] = 0;
    }
    root.entries[pages_at / gib] = pte::make(address_of(directory), pte::v);
    directory.entries[0] = pte::make(address_of(pages), pte::v);
}

volatile std::uint64_t& page_entry(std::uint64_t index) {
    return pages.entries[index];
}

volatile std::uint64_t& directory_entry(std::uint64_t index) {
    return directory.entries[index];
}

void map_upper_half(std::uint64_t bits) {
    for (std::uint64_t i = 0; i < identity_gibs; ++i) {
        root.entries[identity_gibs + i] = pte::make(i * gib, bits);
    }
}

void paging_on() {
    guest::write_csr<guest::satp>(sv39 | address_of(root) >> 12);
    sfence_vma();
}

void paging_off() {
    guest::write_csr<guest::satp>(0);
    sfence_vma();
}

void sfence_vma() {
    asm volatile("sfence.vma" ::: "memory");
}

}  // namespace probe
