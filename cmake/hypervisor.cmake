# SPDX-License-Identifier: Apache-2.0
# The hypervisor without a description: compiled once, linked into every description's mullion.elf.
layer(core)
layer(vm core)
layer(arch core)

file(GLOB hypervisor_sources CONFIGURE_DEPENDS
     ${CMAKE_SOURCE_DIR}/hv/arch/*.cpp ${CMAKE_SOURCE_DIR}/hv/arch/*.S
     ${CMAKE_SOURCE_DIR}/hv/run/*.cpp ${CMAKE_SOURCE_DIR}/hv/main.cpp)
add_library(hypervisor OBJECT ${hypervisor_sources})
target_include_directories(hypervisor PUBLIC ${CMAKE_SOURCE_DIR}/hv)
