// SPDX-License-Identifier: Apache-2.0
#include "run/machine_console.hpp"

#include "vm/console.hpp"
#include "vm/no_terminal.hpp"

template class mullion::Console<mullion::run::console::MachineConsolePort, mullion::NoTerminal>;
