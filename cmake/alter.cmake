# SPDX-License-Identifier: Apache-2.0
# Makes defects on purpose, for tests that show what would be noticed.

# alter(SOUND ALTERED FROM TO): makes the file ALTERED, which is SOUND with TO instead of FROM, which must be there once
function(alter sound altered from to)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${sound})
    file(READ ${sound} text)
    string(FIND "${text}" "${from}" first)
    string(FIND "${text}" "${from}" last REVERSE)
    if(first EQUAL -1 OR NOT first EQUAL last)
        message(FATAL_ERROR "${sound} must have this once: ${from}")
    endif()
    string(REPLACE "${from}" "${to}" text "${text}")
    file(CONFIGURE OUTPUT ${altered} CONTENT "${text}" @ONLY)
endfunction()
