# SPDX-License-Identifier: Apache-2.0
# Toolchain file for programs with sanitizers: clang compiles them sooner than GCC does, and libFuzzer is clang's.
# tools/setup/setup.sh installs one of these.
find_program(MULLION_CLANG NAMES clang++-21 clang++-20 clang++-19 clang++-18 clang++-17 clang++-16 REQUIRED)
set(CMAKE_CXX_COMPILER ${MULLION_CLANG})
