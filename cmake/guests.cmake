# SPDX-License-Identifier: Apache-2.0
# Our own bare-metal guests: guests/NAME/CMakeLists.txt calls add_guest() and finds its ELF in build/images/NAME.

# add_guest(NAME SOURCE... LINKER SCRIPT)
function(add_guest name)
    cmake_parse_arguments(PARSE_ARGV 1 guest "" "LINKER" "")
    set(script ${CMAKE_CURRENT_SOURCE_DIR}/${guest_LINKER})
    add_executable(${name} ${guest_UNPARSED_ARGUMENTS})
    target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/guests ${CMAKE_SOURCE_DIR}/hv)
    target_link_options(${name} PRIVATE -T ${script})
    set_target_properties(${name} PROPERTIES LINK_DEPENDS ${script} SUFFIX ""
                                             RUNTIME_OUTPUT_DIRECTORY ${MULLION_BUILD}/images)
    set_property(GLOBAL APPEND PROPERTY MULLION_GUESTS ${name})
endfunction()

file(GLOB guest_lists CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/guests/*/CMakeLists.txt)
foreach(list IN LISTS guest_lists)
    cmake_path(GET list PARENT_PATH folder)
    add_subdirectory(${folder})
endforeach()
