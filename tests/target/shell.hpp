// SPDX-License-Identifier: Apache-2.0
// Uses a Linux guest's shell on the console.
#pragma once

#include <string>
#include <utility>

#include "machine.hpp"

namespace mullion::target {

/// The shell of a guest; the key `digit` gives it the input.
class Shell {
 public:
    Shell(Machine& machine, std::string name, char digit) : machine_(machine), name_(std::move(name)), digit_(digit) {}

    const std::string& name() const { return name_; }

    void expect_prompt() { machine_.expect_prompt(name_, name_ + ":[^ ]*[#$] $"); }

    void take_input() {
        machine_.type_key(digit_);
        machine_.expect_line("mullion", "input to " + name_);
    }

    void type(const std::string& command) { machine_.type(command + "\r"); }

    /// Runs a command, and expects one line of output that matches.
    void expect_answer(const std::string& command, const std::string& pattern) {
        type(command);
        machine_.expect_line(name_, pattern);
        expect_prompt();
    }

 private:
    Machine& machine_;
    std::string name_;
    char digit_;
};

}  // namespace mullion::target
