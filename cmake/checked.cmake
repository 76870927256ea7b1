# SPDX-License-Identifier: Apache-2.0
# Builds what is pure with AddressSanitizer and UBSan: partc, the auditor and the headers of hv/core and hv/vm, under
# their tests and the fuzzers.
#
# Left out are checks for what AddressSanitizer sees as well (null), for what this machine does not mind (alignment),
# and checks of each access (object-size, vptr): with these everything takes half as long again to compile.
add_compile_options(-g1 -fsanitize=address,undefined -fno-sanitize=null,alignment,object-size,vptr
                    -fno-sanitize-recover=all -fsanitize-address-use-after-return=never -fconstexpr-steps=2000000000)
add_link_options(-fsanitize=address,undefined)
add_compile_definitions(_GLIBCXX_ASSERTIONS)
# libstdc++ has std::expected for compilers that say so; clang before 19 does not, and is good enough for it.
if(CMAKE_CXX_COMPILER_VERSION VERSION_LESS 19)
    add_compile_options(-D__cpp_concepts=202002L -Wno-macro-redefined)
endif()
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

# watch_edges(TARGET): as the fuzzers want it, optimised and telling which edges were taken how often. Comparisons are
# not traced, which costs more than it tells about trees.
function(watch_edges target)
    target_compile_options(${target} PRIVATE -O1 -fsanitize-coverage=inline-8bit-counters,pc-table)
endfunction()

# The same headers would take most of the time to compile these, so they are precompiled.
foreach(tool IN ITEMS partc audit)
    add_subdirectory(tools/${tool} EXCLUDE_FROM_ALL)
    watch_edges(${tool}_parts)
    target_precompile_headers(${tool}_parts PRIVATE <algorithm> <expected> <filesystem> <fmt/format.h> <map> <memory>
                              <optional> <ranges> <string> <variant> <vector>)
endforeach()

if(MULLION_TESTS)
    enable_testing()
    find_package(GTest REQUIRED)
    include(GoogleTest)
    include(suites)
    # add_checked_tests(FOLDER SOURCE...): one program, FOLDER_test, which pays once for what GoogleTest's headers
    # cost. Not optimised: the tests are compiled more often than run.
    function(add_checked_tests folder)
        add_executable(${folder}_test ${ARGN})
        target_precompile_headers(${folder}_test PRIVATE <gmock/gmock.h> <gtest/gtest.h> <expected> <functional> <map>)
        target_link_libraries(${folder}_test PRIVATE GTest::gmock GTest::gtest_main)
        discover_suites(${folder}_test ${folder})
    endfunction()
    foreach(folder IN ITEMS unit partc audit)
        add_subdirectory(tests/${folder})
    endforeach()
endif()
find_package(fmt REQUIRED)
find_library(MULLION_VTERM vterm REQUIRED)
add_subdirectory(tests/console)
add_subdirectory(tests/fuzz)
