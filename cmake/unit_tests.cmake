# SPDX-License-Identifier: Apache-2.0
# tests/unit/NAME_test.cpp: one program for each header under test, with AddressSanitizer and UBSan. Not optimised: they
# are compiled more often than run.
file(GLOB unit_tests CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/unit/*_test.cpp)
foreach(source IN LISTS unit_tests)
    cmake_path(GET source STEM name)
    add_executable(${name} ${source})
    target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/hv)
    target_compile_options(${name} PRIVATE -O0 -fsanitize=address,undefined -fno-sanitize-recover=all
                                           -fconstexpr-ops-limit=2000000000 -fconstexpr-loop-limit=10000000)
    target_compile_definitions(${name} PRIVATE _GLIBCXX_ASSERTIONS)
    target_link_options(${name} PRIVATE -fsanitize=address,undefined)
    target_link_libraries(${name} PRIVATE GTest::gmock GTest::gtest_main)
    gtest_discover_tests(${name} TEST_PREFIX unit. NO_PRETTY_VALUES PROPERTIES TIMEOUT 60)
endforeach()
# It walks some hundred thousand states, each from its beginning: too many for the sanitizers and their allocator.
target_compile_options(life_test PRIVATE -O2 -fno-sanitize=address,undefined)
target_link_options(life_test PRIVATE -fno-sanitize=address,undefined)
