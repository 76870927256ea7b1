// SPDX-License-Identifier: Apache-2.0
// Provides a machine of two harts, of which alpha has hart 0 and beta hart 1, with one of the interrupt controllers.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "machine.hpp"
#include "run/vm.hpp"

namespace mullion::modelled {

enum class Controller { plic, aplic, aia };

/// Makes a new machine, of which nothing is initialised, with guests that run.
void power_on(Controller controller);

/// Lets all harts take their interrupts until there are none; returns false if there is no end to them.
bool take_interrupts();

/// Does something on another hart than the calling one.
template <class Do>
void on_hart(std::size_t hart, Do what) {
    const auto self = std::exchange(machine.hart, hart);
    what();
    machine.hart = self;
}

/// Takes all that was typed for a guest; a break is a '!'.
std::string typed_for(std::size_t guest);

/// What Mullion has answered since the machine was made.
extern std::vector<std::string> answers;

const auto all_controllers = testing::Values(Controller::plic, Controller::aplic, Controller::aia);
inline std::string name_of_controller(const testing::TestParamInfo<Controller>& info) {
    constexpr std::array names{"Plic", "Aplic", "Aia"};
    return names[static_cast<std::size_t>(info.param)];
}

}  // namespace mullion::modelled
