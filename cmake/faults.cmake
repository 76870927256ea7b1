# SPDX-License-Identifier: Apache-2.0
# Links hypervisors that do what their own page tables must not allow (tests/target/faults): the objects of one
# description with another boot order, as build/qemu/two-probes/faults/NAME.bin.
set(faults_folder ${CMAKE_SOURCE_DIR}/tests/target/faults)
set(faults_of ${MULLION_BUILD}/qemu/two-probes)
file(GLOB faults CONFIGURE_DEPENDS ${faults_folder}/*.cpp)
list(REMOVE_ITEM faults ${faults_folder}/boot.cpp)

add_library(fault_boot OBJECT ${faults_folder}/boot.cpp)
target_include_directories(fault_boot PRIVATE ${CMAKE_SOURCE_DIR}/hv)
foreach(source IN LISTS faults)
    cmake_path(GET source STEM name)
    set(target fault-${name})
    add_executable(${target} EXCLUDE_FROM_ALL ${source} $<TARGET_OBJECTS:fault_boot>
                   $<TARGET_OBJECTS:partitions-two-probes.elf>
                   $<FILTER:$<TARGET_OBJECTS:hypervisor>,EXCLUDE,hv/main\\.cpp>)
    target_include_directories(${target} PRIVATE ${CMAKE_SOURCE_DIR}/hv ${faults_folder})
    link_at_layout(${target} ${faults_of})
    set_target_properties(${target} PROPERTIES
        OUTPUT_NAME ${name} SUFFIX .elf RUNTIME_OUTPUT_DIRECTORY ${faults_of}/faults)
    add_custom_command(
        OUTPUT ${faults_of}/faults/${name}.bin
        COMMAND ${CMAKE_OBJCOPY} -O binary ${faults_of}/faults/${name}.elf ${faults_of}/faults/${name}.bin
        DEPENDS ${target}
        VERBATIM)
    add_custom_target(${target}.bin DEPENDS ${faults_of}/faults/${name}.bin)
    add_dependencies(partitions ${target}.bin)
endforeach()
