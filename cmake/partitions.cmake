# SPDX-License-Identifier: Apache-2.0
# From descriptions to bootable images: build/PLATFORM/DESCRIPTION/{mullion.elf, mullion.bin, report.txt, GUEST.dtb}.
#
# The folder is named for the description; one for another CPU than the platform's default appends `.CPU`
# (build/qemu/two-linux.rva23s64). The target has the folder's name after `partitions-`; `partitions` is all of the
# project's own, which the tests boot.
set(MULLION_PLATFORM qemu CACHE STRING "The board: a file in configs/ and a folder in dts/platform/")
set(MULLION_PARTITIONS "" CACHE FILEPATH "A description to build as MULLION_CPU, _IMAGES and _COLOR say")
set(MULLION_CPU "" CACHE STRING "Its harts: a file in dts/platform/PLATFORM/cpus/; empty is the platform's default")
set(MULLION_IMAGES "" CACHE STRING "Its images in place of those that it names: [GUEST.]kernel=PATH, [GUEST.]ramdisk=PATH")
set(MULLION_COLOR OFF CACHE BOOL "Its console tags in colour")
set(MULLION_PARTC ${MULLION_BUILD}/host/bin/partc CACHE FILEPATH "The partition compiler")
set(MULLION_AUDIT ${MULLION_BUILD}/host/bin/audit CACHE FILEPATH "The auditor")

# platform_value(KEY VARIABLE): a `KEY = value` line of configs/PLATFORM.mk
function(platform_value key variable)
    set(config ${CMAKE_SOURCE_DIR}/configs/${MULLION_PLATFORM}.mk)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${config})
    file(STRINGS ${config} line REGEX "^${key} *=")
    if(NOT line MATCHES "= *(.*[^ ])")
        message(FATAL_ERROR "${config} gives no ${key}")
    endif()
    set(${variable} ${CMAKE_MATCH_1} PARENT_SCOPE)
endfunction()

platform_value(LOAD_ADDRESS load_address)
platform_value(DEFAULT_CPU default_cpu)
add_custom_target(partitions)

# add_partitions(DTS [CPU NAME] [IMAGES WHAT=PATH...] [COLOR])
# Only tables.cpp, instances.cpp, images.S and the link are a description's own. What is declared already stays as it was
# declared.
function(add_partitions dts)
    cmake_parse_arguments(PARSE_ARGV 1 arg COLOR CPU IMAGES)
    cmake_path(GET dts STEM LAST_ONLY name)
    if(arg_CPU AND NOT arg_CPU STREQUAL default_cpu)
        string(APPEND name .${arg_CPU})
    else()
        set(arg_CPU ${default_cpu})
    endif()
    set(target partitions-${name})
    if(TARGET ${target})
        return()
    endif()
    set(folder ${MULLION_BUILD}/${MULLION_PLATFORM}/${name})

    set(options --platform ${MULLION_PLATFORM} --include ${CMAKE_SOURCE_DIR}/dts/platform/${MULLION_PLATFORM}
                --cpu ${arg_CPU} --load-address ${load_address} --images ${MULLION_BUILD}/images)
    foreach(image IN LISTS arg_IMAGES)
        list(APPEND options --image ${image})
    endforeach()
    if(arg_COLOR)
        list(APPEND options --color)
    endif()
    # partc leaves files alone that would not change; the stamp tells that it ran because something changed, be it only
    # the contents of an image.
    set(stamp ${folder}/partc.stamp)
    add_custom_command(
        OUTPUT ${folder}/description.hpp ${stamp} # the first is the one that partc.d is about
        BYPRODUCTS ${folder}/images.S ${folder}/layout.ld
        COMMAND ${MULLION_PARTC} build ${options} --output ${folder} ${dts}
        COMMAND ${CMAKE_COMMAND} -E touch ${stamp}
        DEPENDS ${dts} ${MULLION_PARTC}
        DEPFILE ${folder}/partc.d
        COMMENT "Partitioning ${name}"
        VERBATIM)
    add_custom_target(${target}.partc DEPENDS ${stamp})
    get_property(guests GLOBAL PROPERTY MULLION_GUESTS)
    add_dependencies(${target}.partc ${guests})

    link_partitions(${target} ${folder})
    add_dependencies(${target}.elf ${target}.partc)
    audit_partitions(${target} ${folder} ${dts} ${arg_CPU})
endfunction()

# Holds the linked image against the description, which partc has no part in reading here. Without that, no mullion.bin.
function(audit_partitions target folder dts cpu)
    add_custom_command(
        OUTPUT ${folder}/description.dtb
        COMMAND cpp -nostdinc -undef -P -x assembler-with-cpp "-DCPU_DTSI=<cpus/${cpu}.dtsi>"
                -I ${CMAKE_SOURCE_DIR}/dts/platform/${MULLION_PLATFORM} -o ${folder}/description.i ${dts}
        COMMAND dtc -q -q -@ -I dts -O dtb -o ${folder}/description.dtb ${folder}/description.i
        DEPENDS ${folder}/partc.stamp
        VERBATIM)
    add_custom_command(
        OUTPUT ${folder}/audit.txt
        COMMAND ${MULLION_AUDIT} --output ${folder}/audit.txt ${folder}/description.dtb $<TARGET_FILE:${target}.elf>
        DEPENDS ${folder}/description.dtb ${target}.elf ${MULLION_AUDIT}
        COMMENT "Auditing ${folder}/mullion.elf"
        VERBATIM)
    add_custom_target(${target}.audit DEPENDS ${folder}/audit.txt)
    add_dependencies(${target} ${target}.audit)
endfunction()

# Links TARGET where the layout in FOLDER says.
function(link_at_layout target folder)
    set(script ${CMAKE_SOURCE_DIR}/hv/mullion.ld)
    target_link_options(${target} PRIVATE "SHELL:-T ${folder}/layout.ld" "SHELL:-T ${script}"
                        -Wl,--orphan-handling=error)
    set_target_properties(${target} PROPERTIES LINK_DEPENDS "${script};${folder}/layout.ld")
endfunction()

# Compiles and links what partc wrote to FOLDER.
function(link_partitions target folder)
    set_source_files_properties(${folder}/images.S PROPERTIES OBJECT_DEPENDS ${folder}/partc.stamp)
    add_executable(${target}.elf EXCLUDE_FROM_ALL ${CMAKE_SOURCE_DIR}/hv/tables.cpp
                   ${CMAKE_SOURCE_DIR}/hv/instances.cpp ${folder}/images.S)
    target_include_directories(${target}.elf PRIVATE ${folder})
    target_link_libraries(${target}.elf PRIVATE hypervisor)
    link_at_layout(${target}.elf ${folder})
    set_target_properties(${target}.elf PROPERTIES OUTPUT_NAME mullion SUFFIX .elf RUNTIME_OUTPUT_DIRECTORY ${folder})

    add_custom_command(
        OUTPUT ${folder}/mullion.bin
        COMMAND ${CMAKE_OBJCOPY} -O binary ${folder}/mullion.elf ${folder}/mullion.bin
        DEPENDS ${target}.elf
        VERBATIM)
    add_custom_target(${target} DEPENDS ${folder}/mullion.bin)
endfunction()

# The selected one goes first: a description of the project's own is then built the way it was asked for.
if(MULLION_PARTITIONS)
    set(selected_color)
    if(MULLION_COLOR)
        set(selected_color COLOR)
    endif()
    add_partitions(${MULLION_PARTITIONS} CPU ${MULLION_CPU} IMAGES ${MULLION_IMAGES} ${selected_color})
endif()

file(GLOB descriptions CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/dts/*.dts ${CMAKE_SOURCE_DIR}/tests/*/dts/*.dts)
foreach(dts IN LISTS descriptions)
    add_partitions(${dts})
    cmake_path(GET dts STEM LAST_ONLY name)
    add_dependencies(partitions partitions-${name})
endforeach()

# The tests boot these on harts with other extensions, too.
foreach(name IN ITEMS dts/two-linux tests/target/dts/one-probe tests/target/dts/high-window
             tests/target/dts/perf)
    cmake_path(GET name FILENAME target)
    add_partitions(${CMAKE_SOURCE_DIR}/${name}.dts CPU rva23s64)
    add_dependencies(partitions partitions-${target}.rva23s64)
endforeach()

# What a guest asks of the firmware's features shows on harts that have them.
add_partitions(${CMAKE_SOURCE_DIR}/tests/target/dts/one-probe.dts CPU max)
add_dependencies(partitions partitions-one-probe.max)

# Harts with Zknh.
add_partitions(${CMAKE_SOURCE_DIR}/tests/target/dts/verified.dts CPU max)
add_dependencies(partitions partitions-verified.max)
