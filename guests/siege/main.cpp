// SPDX-License-Identifier: Apache-2.0
// Attacks whatever it can reach, or watches over its own state: the command line says which.
#include "common/print.hpp"
#include "siege/attacker.hpp"
#include "siege/hart.hpp"
#include "siege/victim.hpp"

namespace siege {
namespace {

Machine the_machine;
std::array<Hart, max_harts> harts;

}  // namespace

const Machine& machine() {
    return the_machine;
}

Hart& hart_of(std::uint64_t id) {
    return harts[id % harts.size()];
}

extern "C" void siege_main(std::uint64_t hart, std::uint64_t tree) {
    the_machine = read_tree(tree);
    set_console(the_machine.uart.base);
    if (the_machine.bootargs == "watch") {
        watch(hart);
    }
    attack(hart);
}

}  // namespace siege
