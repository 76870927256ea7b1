# SPDX-License-Identifier: Apache-2.0
# From descriptions to bootable images:
# build/PLATFORM/DESCRIPTION/{mullion.elf, mullion.bin, report.txt, sizes.txt, GUEST.dtb}.
#
# The folder is named for the description; for another machine than the platform's board file is of it has the machine's
# name, too (build/qemu/two-linux.rva23s64). The target has the folder's name after `partitions-`, or on another
# platform than `qemu` after `partitions+PLATFORM+`; `partitions` is all of the project's own, which the tests boot.
set(MULLION_PARTITIONS "" CACHE FILEPATH "A description to build as MULLION_PLATFORM, _MACHINE, _IMAGES and _COLOR say")
set(MULLION_PLATFORM qemu CACHE STRING "Its board: a file in configs/ and a folder in dts/platform/")
set(MULLION_MACHINE "" CACHE STRING "Its machine where that is not the board file's: see add_partitions")
set(MULLION_IMAGES "" CACHE STRING "Its images in place of those that it names: [GUEST.]kernel=PATH, [GUEST.]ramdisk=PATH")
set(MULLION_COLOR OFF CACHE BOOL "Its console tags in colour")
set(MULLION_PARTC ${MULLION_BUILD}/host/bin/partc CACHE FILEPATH "The partition compiler")
set(MULLION_AUDIT ${MULLION_BUILD}/host/bin/audit CACHE FILEPATH "The auditor")

# platform_value(PLATFORM KEY VARIABLE): a `KEY = value` line of configs/PLATFORM.mk; an error if there is none
function(platform_value platform key variable)
    optional_platform_value(${platform} ${key} value)
    if("${value}" STREQUAL "")
        message(FATAL_ERROR "configs/${platform}.mk gives no ${key}")
    endif()
    set(${variable} ${value} PARENT_SCOPE)
endfunction()

# optional_platform_value(PLATFORM KEY VARIABLE): the same, empty if there is no such line
function(optional_platform_value platform key variable)
    set(config ${CMAKE_SOURCE_DIR}/configs/${platform}.mk)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${config})
    file(STRINGS ${config} line REGEX "^${key} *=")
    set(${variable} "" PARENT_SCOPE)
    if(line MATCHES "= *(.*[^ ])")
        set(${variable} ${CMAKE_MATCH_1} PARENT_SCOPE)
    endif()
endfunction()

find_program(MULLION_QEMU qemu-system-riscv64 DOC "QEMU, which knows the boards of its machines")
add_custom_target(partitions)

# board_of(PLATFORM VARIABLE [NAME CPU ARGUMENT...]): the folder of a board's platform.dtsi. Without a machine's name it
# is the platform's own; else the board is what QEMU says of a machine with that CPU and those arguments.
function(board_of platform variable)
    if(ARGC EQUAL 2)
        set(${variable} ${CMAKE_SOURCE_DIR}/dts/platform/${platform} PARENT_SCOPE)
        return()
    endif()
    list(POP_FRONT ARGN name)
    set(folder ${MULLION_BUILD}/boards/${platform}/${name})
    set(${variable} ${folder} PARENT_SCOPE)
    if(TARGET board+${platform}+${name})
        return()
    endif()
    platform_value(${platform} QEMU_MACHINE machine)
    platform_value(${platform} LOAD_ADDRESS load_address)
    set(script ${CMAKE_SOURCE_DIR}/tools/qemu/board.sh)
    file(GLOB programs CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tools/qemu/*)
    set(qemu ${MULLION_QEMU})
    set(program ${MULLION_QEMU}) # another one may have other boards
    if(NOT MULLION_QEMU)
        set(qemu qemu-system-riscv64)
        set(program)
    endif()
    add_custom_command(
        OUTPUT ${folder}/platform.dtsi
        COMMAND ${script} ${MULLION_PARTC} ${CMAKE_CXX_COMPILER} ${qemu} ${folder}/platform.dtsi ${load_address} ${machine} ${ARGN}
        DEPENDS ${programs} ${MULLION_PARTC} ${program}
        COMMENT "Asking QEMU for the board ${name}"
        VERBATIM)
    add_custom_target(board+${platform}+${name} DEPENDS ${folder}/platform.dtsi)
endfunction()

# add_partitions(DTS [PLATFORM NAME] [MACHINE NAME CPU ARGUMENT...] [IMAGES WHAT=PATH...] [COLOR])
# The platform is `qemu` where none is named. Only tables.cpp, storage.cpp, services.cpp, drivers.cpp, images.S and the
# link are a description's own. What is declared already stays as it was declared.
function(add_partitions dts)
    cmake_parse_arguments(PARSE_ARGV 1 arg COLOR PLATFORM "MACHINE;IMAGES")
    set(platform qemu)
    if(arg_PLATFORM)
        set(platform ${arg_PLATFORM})
    endif()
    cmake_path(GET dts STEM LAST_ONLY name)
    if(arg_MACHINE)
        list(GET arg_MACHINE 0 machine)
        string(APPEND name .${machine})
    endif()
    if(platform STREQUAL qemu)
        set(target partitions-${name})
    else()
        set(target partitions+${platform}+${name})
    endif()
    if(TARGET ${target})
        return()
    endif()
    set(folder ${MULLION_BUILD}/${platform}/${name})

    board_of(${platform} board ${arg_MACHINE})
    platform_value(${platform} LOAD_ADDRESS load_address)
    set(options --platform ${platform} --include ${board} --load-address ${load_address}
                --images ${MULLION_BUILD}/images)
    foreach(image IN LISTS arg_IMAGES)
        list(APPEND options --image ${image})
    endforeach()
    if(arg_COLOR)
        list(APPEND options --color)
    endif()
    optional_platform_value(${platform} HINT hint)
    if(hint)
        list(APPEND options --hint ${hint})
    endif()
    # partc leaves files alone that would not change; the stamp tells that it ran because something changed, be it only
    # the contents of an image.
    set(stamp ${folder}/partc.stamp)
    add_custom_command(
        OUTPUT ${folder}/description.hpp ${stamp} # the first is the one that partc.d is about
        BYPRODUCTS ${folder}/images.S ${folder}/layout.ld
        COMMAND ${MULLION_PARTC} build ${options} --output ${folder} ${dts}
        COMMAND ${CMAKE_COMMAND} -E touch ${stamp}
        DEPENDS ${dts} ${MULLION_PARTC} ${board}/platform.dtsi
        DEPFILE ${folder}/partc.d
        COMMENT "Partitioning ${name} on ${platform}"
        VERBATIM)
    add_custom_target(${target}.partc DEPENDS ${stamp})
    get_property(guests GLOBAL PROPERTY MULLION_GUESTS)
    add_dependencies(${target}.partc ${guests})

    link_partitions(${target} ${folder})
    add_dependencies(${target}.elf ${target}.partc)
    audit_partitions(${target} ${folder} ${dts} ${board})
endfunction()

# audit_partitions: has the auditor compare the linked image, and the raw one made of it, with the description, without
# partc. mullion.bin is made only if they agree.
function(audit_partitions target folder dts board)
    add_custom_command(
        OUTPUT ${folder}/description.dtb
        COMMAND cpp -nostdinc -undef -P -x assembler-with-cpp -I ${board} -o ${folder}/description.i ${dts}
        COMMAND dtc -q -q -@ -I dts -O dtb -o ${folder}/description.dtb ${folder}/description.i
        DEPENDS ${folder}/partc.stamp
        VERBATIM)
    add_custom_command(
        OUTPUT ${folder}/mullion.bin ${folder}/audit.txt
        COMMAND ${CMAKE_COMMAND} -E rm -f ${folder}/mullion.bin
        COMMAND ${CMAKE_OBJCOPY} -O binary ${folder}/mullion.elf ${folder}/mullion.raw
        COMMAND ${MULLION_AUDIT} --output ${folder}/audit.txt --raw ${folder}/mullion.raw ${folder}/description.dtb
                $<TARGET_FILE:${target}.elf>
        COMMAND ${CMAKE_COMMAND} -E rename ${folder}/mullion.raw ${folder}/mullion.bin
        DEPENDS ${folder}/description.dtb ${target}.elf ${MULLION_AUDIT}
        COMMENT "Auditing ${folder}/mullion.elf"
        VERBATIM)
endfunction()

# link_at_layout: links TARGET where the layout in FOLDER says.
function(link_at_layout target folder)
    set(script ${CMAKE_SOURCE_DIR}/hv/mullion.ld)
    target_link_options(${target} PRIVATE "SHELL:-T ${folder}/layout.ld" "SHELL:-T ${script}"
                        -Wl,--orphan-handling=error)
    set_target_properties(${target} PROPERTIES LINK_DEPENDS "${script};${folder}/layout.ld")
endfunction()

# link_partitions: compiles and links what partc wrote to FOLDER.
function(link_partitions target folder)
    set_source_files_properties(${folder}/images.S PROPERTIES OBJECT_DEPENDS ${folder}/partc.stamp)
    add_executable(${target}.elf EXCLUDE_FROM_ALL ${CMAKE_SOURCE_DIR}/hv/tables.cpp
                   ${CMAKE_SOURCE_DIR}/hv/storage.cpp ${CMAKE_SOURCE_DIR}/hv/services.cpp
                   ${CMAKE_SOURCE_DIR}/hv/drivers.cpp ${folder}/images.S)
    target_include_directories(${target}.elf PRIVATE ${folder})
    target_link_libraries(${target}.elf PRIVATE hypervisor)
    link_at_layout(${target}.elf ${folder})
    set_target_properties(${target}.elf PROPERTIES OUTPUT_NAME mullion SUFFIX .elf RUNTIME_OUTPUT_DIRECTORY ${folder})

    set(sizes ${CMAKE_SOURCE_DIR}/tools/sizes)
    string(REGEX REPLACE "nm$" "" prefix ${CMAKE_NM})
    add_custom_command(
        OUTPUT ${folder}/sizes.txt
        COMMAND ${sizes}/sizes.sh ${prefix} ${folder} > ${folder}/sizes.txt
        DEPENDS ${target}.elf ${sizes}/sizes.sh ${sizes}/services.txt
        VERBATIM)
    add_custom_target(${target} DEPENDS ${folder}/mullion.bin ${folder}/sizes.txt)
endfunction()

# The selected one goes first: a description of the project's own is then built the way it was asked for.
if(MULLION_PARTITIONS)
    set(selected_color)
    if(MULLION_COLOR)
        set(selected_color COLOR)
    endif()
    add_partitions(${MULLION_PARTITIONS} PLATFORM ${MULLION_PLATFORM} MACHINE ${MULLION_MACHINE} IMAGES ${MULLION_IMAGES} ${selected_color})
endif()

# devices_of(STEM VARIABLE): the words of the lines of QEMU_DEVICES in dts/STEM.mk
function(devices_of stem variable)
    set(file ${CMAKE_SOURCE_DIR}/dts/${stem}.mk)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    file(STRINGS ${file} lines REGEX "^QEMU_DEVICES ")
    list(TRANSFORM lines REPLACE "^QEMU_DEVICES [+]?= *" "")
    list(JOIN lines " " words)
    separate_arguments(words UNIX_COMMAND "${words}")
    set(${variable} ${words} PARENT_SCOPE)
endfunction()

# Its board is of a machine with more devices.
devices_of(two-disks devices)
add_partitions(${CMAKE_SOURCE_DIR}/dts/two-disks.dts PLATFORM qemu-iommu MACHINE disks rv64 -smp 4 -m 2G ${devices})
add_dependencies(partitions partitions+qemu-iommu+two-disks.disks)

file(GLOB descriptions CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/dts/*.dts ${CMAKE_SOURCE_DIR}/tests/*/dts/*.dts)
list(REMOVE_ITEM descriptions ${CMAKE_SOURCE_DIR}/dts/two-disks.dts)
foreach(dts IN LISTS descriptions)
    add_partitions(${dts})
    cmake_path(GET dts STEM LAST_ONLY name)
    add_dependencies(partitions partitions-${name})
endforeach()

# The tests boot these on other platforms,
foreach(platform IN ITEMS qemu-plic qemu-aplic)
    foreach(name IN ITEMS dts/two-linux tests/target/dts/one-probe tests/target/dts/two-probes tests/target/dts/siege
            tests/target/dts/streams tests/bench/dts/bench tests/bench/dts/whisper)
        cmake_path(GET name FILENAME target)
        add_partitions(${CMAKE_SOURCE_DIR}/${name}.dts PLATFORM ${platform})
        add_dependencies(partitions partitions+${platform}+${target})
    endforeach()
endforeach()

foreach(name IN ITEMS one-probe two-probes dma)
    add_partitions(${CMAKE_SOURCE_DIR}/tests/target/dts/${name}.dts PLATFORM qemu-iommu)
    add_dependencies(partitions partitions+qemu-iommu+${name})
endforeach()

# on one with PCI functions,
foreach(name IN ITEMS edu no-reset fault-stops)
    add_partitions(${CMAKE_SOURCE_DIR}/tests/target/functions/${name}.dts PLATFORM qemu-iommu)
    add_dependencies(partitions partitions+qemu-iommu+${name})
endforeach()

# and on other machines, too.
foreach(name IN ITEMS dts/two-linux tests/target/dts/one-probe tests/target/dts/perf)
    cmake_path(GET name FILENAME target)
    add_partitions(${CMAKE_SOURCE_DIR}/${name}.dts MACHINE rva23s64 rva23s64 -smp 4 -m 2G)
    add_dependencies(partitions partitions-${target}.rva23s64)
endforeach()
# max: what a guest asks of the firmware's features shows on harts that have them.
foreach(cpu IN ITEMS max tt-ascalon veyron-v1)
    add_partitions(${CMAKE_SOURCE_DIR}/tests/target/dts/one-probe.dts MACHINE ${cpu} ${cpu} -smp 4 -m 2G)
    add_dependencies(partitions partitions-one-probe.${cpu})
endforeach()
add_partitions(${CMAKE_SOURCE_DIR}/tests/target/boards/far-probe.dts
               MACHINE sockets rv64 -smp 8,sockets=2 -m 2G -object memory-backend-ram,id=m0,size=1G
                       -object memory-backend-ram,id=m1,size=1G -numa node,cpus=0-3,memdev=m0
                       -numa node,cpus=4-7,memdev=m1)
add_dependencies(partitions partitions-far-probe.sockets)
add_partitions(${CMAKE_SOURCE_DIR}/tests/target/boards/absent-plic-source.dts PLATFORM qemu-plic)
add_dependencies(partitions partitions+qemu-plic+absent-plic-source)
# Harts with all there is: Zknh, vectors.
foreach(name IN ITEMS verified two-probes)
    add_partitions(${CMAKE_SOURCE_DIR}/tests/target/dts/${name}.dts MACHINE max max -smp 4 -m 2G)
    add_dependencies(partitions partitions-${name}.max)
endforeach()

# What `make bench` boots, and no test.
add_partitions(${CMAKE_SOURCE_DIR}/tests/bench/boot.dts)
add_partitions(${CMAKE_SOURCE_DIR}/tests/bench/boot.dts MACHINE rv64-svpbmt-on rv64,svpbmt=on -smp 4 -m 2G)
add_partitions(${CMAKE_SOURCE_DIR}/tests/bench/boot.dts MACHINE rv64-zicboz-off rv64,zicboz=off -smp 4 -m 2G)
