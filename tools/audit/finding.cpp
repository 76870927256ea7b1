// SPDX-License-Identifier: Apache-2.0
#include "finding.hpp"

#include <fmt/format.h>

namespace mullion::audit {

std::string text_of(const Range& range) {
    return fmt::format("{:#x}..{:#x}", range.base, range.end() - 1);
}

std::string text_of(const Finding& finding) {
    auto text = finding.where;
    if (finding.at) {
        text += fmt::format(", address {:#x}", *finding.at);
    }
    if (finding.entry) {
        text += fmt::format(", entry at {:#x} = {:#018x}", finding.entry->address, finding.entry->value);
    }
    return text + ": " + finding.what;
}

}  // namespace mullion::audit
