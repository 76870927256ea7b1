# SPDX-License-Identifier: Apache-2.0
# Declares what `make test-matrix` boots: a probe and two Debian guests for each platform and each kind of harts in
# tests/matrix/cpus, as build/PLATFORM/DESCRIPTION.CPU. `make test` boots a probe on what tests/matrix/diagonal names.
option(MULLION_MATRIX "Declare the whole matrix of platforms and CPUs" OFF)

# add_cell(TARGET PLATFORM CPU DTS): adds an image to the target
function(add_cell target platform cpu dts)
    cmake_path(GET dts STEM name)
    set(machine)
    platform_value(${platform} DEFAULT_CPU default)
    if(NOT cpu STREQUAL default)
        string(REGEX REPLACE "[,=]" "-" suffix ${cpu})
        set(machine MACHINE ${suffix} ${cpu} -smp 4 -m 2G)
        string(APPEND name .${suffix})
    endif()
    add_partitions(${CMAKE_SOURCE_DIR}/${dts} PLATFORM ${platform} ${machine})
    if(platform STREQUAL qemu)
        add_dependencies(${target} partitions-${name})
    else()
        add_dependencies(${target} partitions+${platform}+${name})
    endif()
endfunction()

set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/matrix/diagonal
             ${CMAKE_SOURCE_DIR}/tests/matrix/cpus)
file(STRINGS ${CMAKE_SOURCE_DIR}/tests/matrix/diagonal cells REGEX "^[^#]")
foreach(cell IN LISTS cells)
    separate_arguments(cell)
    add_cell(partitions ${cell} tests/target/dts/one-probe.dts)
endforeach()

if(MULLION_MATRIX)
    add_custom_target(matrix)
    file(STRINGS ${CMAKE_SOURCE_DIR}/tests/matrix/cpus cpus REGEX "^[^#:]+$")
    foreach(platform IN ITEMS qemu qemu-plic qemu-aplic)
        foreach(cpu IN LISTS cpus)
            add_cell(matrix ${platform} ${cpu} tests/target/dts/one-probe.dts)
            add_cell(matrix ${platform} ${cpu} dts/two-linux.dts)
        endforeach()
    endforeach()
endif()
