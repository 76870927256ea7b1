// SPDX-License-Identifier: Apache-2.0
// Attacks, step by step.
#pragma once

#include "siege/hart.hpp"

namespace siege {

void try_csr(Hart& hart);
void try_system_instruction(Hart& hart);
void try_any_word(Hart& hart);
void try_trap_vectors(Hart& hart);
void try_far_jump(Hart& hart);

void try_call(Hart& hart);
void try_siblings(Hart& hart);

void try_access(Hart& hart);
void try_tables(Hart& hart);

/// Attacks from the guest's first hart. Does not return: the guest reboots, or ends.
[[noreturn]] void attack(std::uint64_t id);

}  // namespace siege
