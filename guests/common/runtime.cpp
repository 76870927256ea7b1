// SPDX-License-Identifier: Apache-2.0
// Defines functions that the compiler and the standard headers call implicitly in a freestanding program.
#include "common/print.hpp"

#include <cstddef>

// Otherwise the compiler turns each loop into a call of the function that it is in.
#pragma GCC optimize("no-tree-loop-distribute-patterns")

extern "C" {

void* memcpy(void* to, const void* from, std::size_t size) {
    auto* out = static_cast<char*>(to);
    const auto* in = static_cast<const char*>(from);
    while (size-- != 0) {
        *out++ = *in++;
    }
    return to;
}

void* memmove(void* to, const void* from, std::size_t size) {
    auto* out = static_cast<char*>(to);
    const auto* in = static_cast<const char*>(from);
    if (out <= in) {
        return memcpy(to, from, size);
    }
    while (size-- != 0) {
        out[size] = in[size];
    }
    return to;
}

void* memset(void* to, int value, std::size_t size) {
    auto* out = static_cast<char*>(to);
    while (size-- != 0) {
        *out++ = static_cast<char>(value);
    }
    return to;
}

int memcmp(const void* left, const void* right, std::size_t size) {
    const auto* a = static_cast<const unsigned char*>(left);
    const auto* b = static_cast<const unsigned char*>(right);
    for (; size != 0; --size, ++a, ++b) {
        if (*a != *b) {
            return *a < *b ? -1 : 1;
        }
    }
    return 0;
}

void* memchr(const void* in, int value, std::size_t size) {
    const auto* at = static_cast<const unsigned char*>(in);
    for (; size != 0; --size, ++at) {
        if (*at == static_cast<unsigned char>(value)) {
            return const_cast<unsigned char*>(at);
        }
    }
    return nullptr;
}

std::size_t strlen(const char* text) {
    std::size_t length = 0;
    while (text[length] != '\0') {
        ++length;
    }
    return length;
}
}

/// Called by _GLIBCXX_ASSERTIONS for an index out of range and the like.
[[noreturn]] void std::__glibcxx_assert_fail(const char* file, int line, const char*, const char* condition) noexcept {
    guest::print("assertion FAILED: ", file, ":", line, ": ", condition);
    while (true) {
        asm volatile("wfi");
    }
}
