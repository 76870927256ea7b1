# SPDX-License-Identifier: Apache-2.0
# Builds partc, the auditor and the tests that need no sanitizers. `cmake --preset host -DMULLION_TESTS=ON` asks for the
# tests, as `make test` does.
# Asserts stay on: no build type, which would define NDEBUG.
add_compile_options(-O1 -g)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

set(folders tools/partc tools/audit)
if(MULLION_TESTS)
    find_package(GTest REQUIRED)
    include(GoogleTest)
    enable_testing()
    list(APPEND folders tests/proof tests/mutants tests/target tests/docs tests/source tests/schema tests/bench tests/image)
    # This has ctest run the other configuration's tests, too.
    file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/checked.cmake CONTENT "subdirs(${MULLION_BUILD}/checked)\n")
    set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES ${CMAKE_BINARY_DIR}/checked.cmake)
endif()

foreach(folder IN LISTS folders)
    add_subdirectory(${folder})
endforeach()
