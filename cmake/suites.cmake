# SPDX-License-Identifier: Apache-2.0
# discover_suites(TARGET PREFIX): makes each test suite of a GoogleTest program one test of ctest, PREFIX.SUITE. With
# sanitizers a program of a thousand tests takes a quarter of a second to start, most tests a thousandth of that; a test
# of ctest for each would spend four minutes of two processors on starting. The largest suites begin first.
function(discover_suites target prefix)
    set(tests ${CMAKE_CURRENT_BINARY_DIR}/${target}_suites.cmake)
    add_custom_command(
        TARGET ${target} POST_BUILD VERBATIM BYPRODUCTS ${tests}
        COMMAND ${CMAKE_COMMAND} -DPROGRAM=$<TARGET_FILE:${target}> -DPREFIX=${prefix} -DTESTS=${tests}
                -P ${CMAKE_CURRENT_FUNCTION_LIST_FILE})
    set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES ${tests})
endfunction()

# As a script: writes the tests of PROGRAM to the file TESTS.
if(CMAKE_SCRIPT_MODE_FILE STREQUAL CMAKE_CURRENT_LIST_FILE)
    execute_process(COMMAND ${PROGRAM} --gtest_list_tests OUTPUT_VARIABLE lines COMMAND_ERROR_IS_FATAL ANY)
    string(REPLACE ";" " " lines "${lines}")
    string(REPLACE "\n" ";" lines "${lines}")
    set(text "")
    foreach(line IN LISTS lines)
        if(line MATCHES "^([^ ]+)\\.( |$)")
            set(suite ${CMAKE_MATCH_1})
            list(APPEND suites ${suite})
            set(count_${suite} 0)
        elseif(line MATCHES "^  ")
            math(EXPR count_${suite} "${count_${suite}} + 1")
        endif()
    endforeach()
    foreach(suite IN LISTS suites)
        string(APPEND text "add_test([=[${PREFIX}.${suite}]=] [=[${PROGRAM}]=] [=[--gtest_filter=${suite}.*]=])\n"
               "set_tests_properties([=[${PREFIX}.${suite}]=] PROPERTIES TIMEOUT 900 COST ${count_${suite}})\n")
    endforeach()
    file(WRITE ${TESTS} "${text}")
endif()
