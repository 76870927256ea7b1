# SPDX-License-Identifier: Apache-2.0
# Enforces that dependencies run one way: core <- vm, core <- arch; run and main join them. Sources are compiled with
# -Ihv, so that messages and debug information name the true paths. The headers of core, vm and arch are compiled once
# more, with only the layers that they may use on the include path.

# layer(NAME BELOW...): checks the headers of hv/NAME against those of hv/NAME and hv/BELOW.
function(layer name)
    set(view ${CMAKE_BINARY_DIR}/layers/${name})
    file(MAKE_DIRECTORY ${view}/include)
    foreach(visible IN ITEMS ${name} ${ARGN})
        file(CREATE_LINK ${CMAKE_SOURCE_DIR}/hv/${visible} ${view}/include/${visible} SYMBOLIC)
    endforeach()
    file(GLOB_RECURSE headers RELATIVE ${CMAKE_SOURCE_DIR}/hv CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/hv/${name}/*.hpp)
    list(TRANSFORM headers REPLACE "(.+)" "#include \"\\1\"\n")
    list(JOIN headers "" unit)
    file(CONFIGURE OUTPUT ${view}/headers.cpp CONTENT "${unit}")
    add_library(layer-${name} OBJECT ${view}/headers.cpp)
    target_include_directories(layer-${name} PRIVATE ${view}/include)
endfunction()
