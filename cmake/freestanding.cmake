# SPDX-License-Identifier: Apache-2.0
# Flags of everything that runs without an operating system: the hypervisor and our own guests.

# With this ABI the standard headers ask for gnu/stubs-lp64.h, which the Linux toolchain does not carry; empty will do.
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/stubs/gnu/stubs-lp64.h CONTENT "")
include_directories(SYSTEM ${CMAKE_BINARY_DIR}/stubs)

# No F, D or V: the compiler cannot touch a guest's floating-point or vector state, so that none of it is saved.
# Assembly that needs the hypervisor extension says `.option arch, +h`: GCC 12 does not take it in -march.
add_compile_options(-march=rv64imac_zicsr_zifencei -mabi=lp64 -mcmodel=medany -O2 -g
                    -ffreestanding -ffunction-sections -fdata-sections -fno-pie -fno-stack-protector
                    -fno-asynchronous-unwind-tables -fno-common)
# The compile-time limits are for the tables and their proof: 64 guests on 128 harts fit.
add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:-fno-exceptions;-fno-rtti;-fno-threadsafe-statics;-fno-use-cxa-atexit>"
                    "$<$<COMPILE_LANGUAGE:CXX>:-fconstexpr-ops-limit=2000000000;-fconstexpr-loop-limit=10000000>")
# A failed assertion is told by file, line and condition; the names of the functions, which nobody prints, took 9 KiB.
add_compile_definitions("$<$<COMPILE_LANGUAGE:CXX>:_GLIBCXX_ASSERTIONS;__PRETTY_FUNCTION__=nullptr>")
add_link_options(-nostdlib -static -no-pie -Wl,--build-id=none -Wl,--gc-sections -Wl,--fatal-warnings
                 -Wl,--no-warn-rwx-segments)
