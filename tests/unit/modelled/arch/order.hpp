// SPDX-License-Identifier: Apache-2.0
// Replaces hv/arch/order.hpp: one hart acts at a time, in order.
#pragma once

namespace mullion::arch::order {

inline void before_message() {}
inline void after_claim() {}
inline void after_lock() {}
inline void before_unlock() {}
inline void before_firmware() {}
inline void between_steps() {}

}  // namespace mullion::arch::order
