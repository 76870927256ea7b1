// SPDX-License-Identifier: Apache-2.0
// A Linux guest's shell on the console.
#pragma once

#include <string>
#include <utility>

#include "machine.hpp"

namespace mullion::target {

/// `digit` gives it the input.
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

    /// The command's output is one line that matches.
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
