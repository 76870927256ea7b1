// SPDX-License-Identifier: Apache-2.0
#include "run/orders.hpp"

#include "vm/life/orders.hpp"

namespace mullion::run {
namespace {

constinit HartOrderPort order_port;

}  // namespace

void order(Vm& vm, Order what) {
    mullion::order(vm, what, order_port);
}

void offer_end(Vm& vm) {
    mullion::offer_end(vm, order_port);
}

void order_what_is_due(DueAlarms due) {
    if (due.has(Alarm::life)) {
        take_life_alarm(this_vm(), order_port);
    }
    if (due.has(Alarm::stop)) {
        offer_end(this_vm());
    }
}

}  // namespace mullion::run
