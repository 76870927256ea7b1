# SPDX-License-Identifier: Apache-2.0
# partc and the auditor with sanitizers and libFuzzer's instrumentation, and the fuzzers over them.
#
# Which edges were taken, and how often: comparisons are not traced, which costs more than it tells about trees.
add_compile_options(-O1 -fsanitize=address,undefined -fno-sanitize-recover=all
                    -fsanitize-address-use-after-return=never -fsanitize-coverage=inline-8bit-counters,pc-table)
add_link_options(-fsanitize=address,undefined)
add_compile_definitions(_GLIBCXX_ASSERTIONS)
# libstdc++ has std::expected for compilers that say so; clang before 19 does not, and is good enough for it.
if(CMAKE_CXX_COMPILER_VERSION VERSION_LESS 19)
    add_compile_options(-D__cpp_concepts=202002L -Wno-macro-redefined)
endif()
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
add_subdirectory(tools/partc EXCLUDE_FROM_ALL)
# Most of the time went into the same headers.
target_precompile_headers(partc_parts PRIVATE <algorithm> <expected> <filesystem> <fmt/format.h> <map> <memory> <optional>
                          <ranges> <string> <variant> <vector>)

set(fuzz ${CMAKE_SOURCE_DIR}/tests/fuzz)
set(images ${CMAKE_BINARY_DIR}/images)
set(seeds ${CMAKE_BINARY_DIR}/seeds)

add_executable(fuzz_images ${fuzz}/images.cpp ${CMAKE_SOURCE_DIR}/tests/partc/fixture.cpp)
target_include_directories(fuzz_images PRIVATE ${CMAKE_SOURCE_DIR}/tests/partc ${CMAKE_SOURCE_DIR}/tools)
target_link_libraries(fuzz_images PRIVATE partc_parts)
add_custom_command(OUTPUT ${images}/linux COMMAND fuzz_images ${images} VERBATIM)

file(GLOB_RECURSE trees CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/dts/*.dts* ${CMAKE_SOURCE_DIR}/tests/*.dts*)
add_custom_command(
    OUTPUT ${seeds}.stamp
    COMMAND ${fuzz}/seeds.sh ${CMAKE_SOURCE_DIR} ${seeds}
    COMMAND ${CMAKE_COMMAND} -E touch ${seeds}.stamp
    DEPENDS ${trees} ${fuzz}/seeds.sh
    COMMENT "Making the seeds of the fuzzers"
    VERBATIM)
add_custom_target(fuzz_corpus ALL DEPENDS ${seeds}.stamp ${images}/linux)

# add_fuzzer(NAME SOURCE...): fuzz_NAME
function(add_fuzzer name)
    add_library(fuzz_${name}_parts OBJECT ${ARGN})
    target_compile_definitions(fuzz_${name}_parts PRIVATE FUZZ_IMAGES="${images}")
    target_include_directories(fuzz_${name}_parts PRIVATE ${CMAKE_SOURCE_DIR}/tools)
    target_link_libraries(fuzz_${name}_parts PRIVATE partc_parts)
    add_executable(fuzz_${name} $<TARGET_OBJECTS:fuzz_${name}_parts>)
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
    target_link_libraries(fuzz_${name} PRIVATE partc_parts)
endfunction()

# add_planted(NAME FUZZER FILE FROM TO): planted_NAME, which is fuzz_FUZZER with a defect: in that file of partc one text
# is another. The altered object comes before the library, so that the linker does not take the sound one.
function(add_planted name fuzzer file from to)
    set(sound ${CMAKE_SOURCE_DIR}/tools/partc/${file})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${sound})
    file(READ ${sound} text)
    string(FIND "${text}" "${from}" first)
    string(FIND "${text}" "${from}" last REVERSE)
    if(first EQUAL -1 OR NOT first EQUAL last)
        message(FATAL_ERROR "cmake/fuzz.cmake: ${file} must have this once: ${from}")
    endif()
    string(REPLACE "${from}" "${to}" text "${text}")
    set(altered ${CMAKE_BINARY_DIR}/planted/${name}.cpp)
    file(CONFIGURE OUTPUT ${altered} CONTENT "${text}" @ONLY)
    add_executable(planted_${name} ${altered} $<TARGET_OBJECTS:fuzz_${fuzzer}_parts>)
    target_link_options(planted_${name} PRIVATE -fsanitize=fuzzer)
    target_link_libraries(planted_${name} PRIVATE partc_parts)
endfunction()

set(audit ${CMAKE_SOURCE_DIR}/tools/audit)
add_fuzzer(blob ${fuzz}/blob.cpp ${audit}/asked.cpp ${audit}/finding.cpp ${audit}/tree.cpp)
add_fuzzer(description ${fuzz}/description.cpp ${fuzz}/editor.cpp)

# What each is found by: a crash, a block that is too large, a null pointer, the law.
add_planted(unchecked-tree blob blob.cpp "fdt_check_full(fdt, size)" "0")
add_planted(greedy-tree blob blob.cpp "return {name, {value, value + size}, std::move(at)};" "
        std::vector<std::uint8_t> bytes{value, value + size};
        bytes.reserve(size == 4 && value[3] != 0 ? std::size_t{value[0]} << 24 : 0);
        return {name, std::move(bytes), std::move(at)};")
add_planted(no-kernel description partitions.cpp "if (node_.child(\"kernel\") == nullptr)" "if (false)")
add_planted(untold-law description verdict.cpp "if (!follows(model, finding))" "if (!follows(model, finding) && false)")
