// SPDX-License-Identifier: Apache-2.0
// The S-level domain of an APLIC in direct delivery mode (AIA 4.8), as the interface of arch/wired.hpp has it, beside
// what arch/aplic.hpp has for both modes. Every source has priority 1 and every threshold is 0 (none).
#pragma once

#include <cstdint>

#include "core/description.hpp"

namespace mullion::arch::aplic::direct {

bool initialise();
void initialise_hart(const Hart& self);
void prepare(const Source& source);
void route(std::uint32_t source, const Hart& to);

/// Takes the most urgent source, which is masked then.
std::uint32_t claim(const Hart& self);

/// A claimed source that is routed there may come again.
void release(std::uint32_t source, const Hart& routed);

/// Of a claimed source that is to stay masked.
void put_back(std::uint32_t source);

}  // namespace mullion::arch::aplic::direct
