# SPDX-License-Identifier: Apache-2.0
# Compiles, once, what is the same for every description, and is linked into each one's mullion.elf.
layer(core)
layer(vm core)
layer(rooms vm core)
layer(arch core)
layer(run rooms arch vm core)
layer(boot core)

file(GLOB hypervisor_sources CONFIGURE_DEPENDS
     ${CMAKE_SOURCE_DIR}/hv/arch/*.cpp ${CMAKE_SOURCE_DIR}/hv/arch/*.S ${CMAKE_SOURCE_DIR}/hv/arch/irq/*.cpp
     ${CMAKE_SOURCE_DIR}/hv/arch/iommu/*.cpp
     ${CMAKE_SOURCE_DIR}/hv/arch/timer/*.S ${CMAKE_SOURCE_DIR}/hv/boot/*.cpp ${CMAKE_SOURCE_DIR}/hv/rooms/*.cpp
     ${CMAKE_SOURCE_DIR}/hv/run/*.cpp ${CMAKE_SOURCE_DIR}/hv/main.cpp)
add_library(hypervisor OBJECT ${hypervisor_sources})
# What runs once, or when something ends, need not be fast. None of these files shares an inline function with one that
# must be fast: the linker keeps one copy of such a function, which might be the slow one.
set_source_files_properties(
    hv/main.cpp hv/arch/boot.cpp hv/arch/panic.cpp hv/arch/iommu/driver.cpp hv/rooms/crash_report.cpp hv/rooms/pci.cpp
    hv/boot/checks.cpp hv/boot/configuration.cpp hv/boot/memory_checks.cpp hv/run/report.cpp
    PROPERTIES COMPILE_OPTIONS -Os)
target_include_directories(hypervisor PUBLIC ${CMAKE_SOURCE_DIR}/hv)
