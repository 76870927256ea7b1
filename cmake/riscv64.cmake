# SPDX-License-Identifier: Apache-2.0
# Toolchain file. Debian's Linux cross compiler serves: its C++ headers work freestanding, while the bare-metal
# riscv64-unknown-elf-g++ has none. CROSS_COMPILE names another prefix.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR riscv64)

if(NOT DEFINED CROSS_COMPILE)
    set(CROSS_COMPILE riscv64-linux-gnu-)
endif()
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES CROSS_COMPILE)

set(CMAKE_ASM_COMPILER ${CROSS_COMPILE}gcc)
set(CMAKE_CXX_COMPILER ${CROSS_COMPILE}g++)
set(CMAKE_OBJCOPY ${CROSS_COMPILE}objcopy)
# There is nothing to link a test program against.
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
