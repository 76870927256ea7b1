// SPDX-License-Identifier: Apache-2.0
#include "mismatch.hpp"

#include <fmt/format.h>

namespace mullion::audit {

std::string text_of(const Range& range) {
    return fmt::format("{:#x}..{:#x}", range.base, range.end() - 1);
}

std::string text_of(const Mismatch& mismatch) {
    auto text = mismatch.where;
    if (mismatch.at) {
        text += fmt::format(", address {:#x}", *mismatch.at);
    }
    if (mismatch.entry) {
        text += fmt::format(", entry at {:#x} = {:#018x}", mismatch.entry->address, mismatch.entry->value);
    }
    return text + ": " + mismatch.what;
}

}  // namespace mullion::audit
