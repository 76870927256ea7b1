# SPDX-License-Identifier: Apache-2.0
# Dependencies run one way: core <- vm, core <- arch, run and main join them. Sources are compiled with -Ihv, so that
# messages and debug information name the true paths. What enforces the layers is that each header of core, vm and arch
# is compiled once more on its own, seeing only the layers that it may use; that also shows that it includes what it
# needs.

# layer(NAME BELOW...): checks every header of hv/NAME against the headers of hv/NAME and hv/BELOW.
function(layer name)
    set(view ${CMAKE_BINARY_DIR}/layers/${name})
    foreach(visible IN ITEMS ${name} ${ARGN})
        file(MAKE_DIRECTORY ${view}/include)
        file(CREATE_LINK ${CMAKE_SOURCE_DIR}/hv/${visible} ${view}/include/${visible} SYMBOLIC)
    endforeach()
    file(GLOB_RECURSE headers RELATIVE ${CMAKE_SOURCE_DIR}/hv CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/hv/${name}/*.hpp)
    set(units)
    foreach(header IN LISTS headers)
        set(unit ${view}/${header}.cpp)
        file(CONFIGURE OUTPUT ${unit} CONTENT "#include \"${header}\"\n")
        list(APPEND units ${unit})
    endforeach()
    if(units)
        add_library(layer-${name} OBJECT ${units})
        target_include_directories(layer-${name} PRIVATE ${view}/include)
    endif()
endfunction()
