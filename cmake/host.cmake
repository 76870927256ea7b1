# SPDX-License-Identifier: Apache-2.0
# partc, the auditor and the tests. `cmake --preset host -DMULLION_TESTS=ON` asks for the tests, as `make test` does.
# Asserts stay on: no build type, which would define NDEBUG.
add_compile_options(-O1 -g)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

set(folders tools/partc tools/audit)
if(MULLION_TESTS)
    find_package(GTest REQUIRED)
    include(GoogleTest)
    enable_testing()
    include(unit_tests)
    list(APPEND folders tests/partc tests/audit tests/proof tests/target tests/docs tests/source tests/schema tests/bench
         tests/fuzz tests/image)
endif()

foreach(folder IN LISTS folders)
    add_subdirectory(${folder})
endforeach()
