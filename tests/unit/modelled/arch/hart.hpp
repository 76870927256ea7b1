// SPDX-License-Identifier: Apache-2.0
// Replaces hv/arch/hart.hpp: the calling hart is the model's.
#pragma once

#include <cstdint>

#include "arch/csr.hpp"
#include "core/description.hpp"
#include "core/message.hpp"

namespace mullion {
struct VCpu;
namespace run {
struct Vm;
}
}  // namespace mullion

namespace mullion::arch {

struct HartContext {
    VCpu* vcpu = nullptr;
    run::Vm* vm = nullptr;
    MessageWord messages;
};

HartContext& this_hart();
HartContext& context_of(const Hart& hart);

[[noreturn]] inline void park() {
    throw Asleep{};
}

}  // namespace mullion::arch
