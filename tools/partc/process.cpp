// SPDX-License-Identifier: Apache-2.0
#include "process.hpp"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <memory>

namespace mullion::partc {
namespace {

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

/// Returns a temporary file. Unlike pipes, files never block, in whatever order the child reads and writes.
File temporary() {
    return {std::tmpfile(), &std::fclose};
}

std::string contents(std::FILE* file) {
    std::string text;
    std::rewind(file);
    char buffer[64 * 1024];
    while (const auto count = std::fread(buffer, 1, sizeof buffer, file)) {
        text.append(buffer, count);
    }
    return text;
}

}  // namespace

Outcome run(const std::vector<std::string>& command, std::string_view input) {
    const auto in = temporary();
    const auto out = temporary();
    const auto err = temporary();
    if (!in || !out || !err) {
        return {127, {}, "no temporary file: " + std::string{std::strerror(errno)}};
    }
    if (!input.empty()) {
        std::fwrite(input.data(), 1, input.size(), in.get());
    }
    std::fflush(in.get());
    std::rewind(in.get());

    std::vector<char*> arguments;
    for (const auto& argument : command) {
        arguments.push_back(const_cast<char*>(argument.c_str()));
    }
    arguments.push_back(nullptr);

    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, fileno(in.get()), STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, fileno(out.get()), STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, fileno(err.get()), STDERR_FILENO);
    pid_t child = 0;
    const int failure = posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failure != 0) {
        return {127, {}, command[0] + ": " + std::strerror(failure) + "\n"};
    }
    int status = 0;
    waitpid(child, &status, 0);
    const int result = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return {result, contents(out.get()), contents(err.get())};
}

}  // namespace mullion::partc
