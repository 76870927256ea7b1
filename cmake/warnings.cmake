# SPDX-License-Identifier: Apache-2.0
# The warnings of both configurations. -Wconversion is left out: it objects to every `byte |= bit`, and the casts that
# silence it hide the conversions that matter.
add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wundef)
add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:-Wold-style-cast;-Woverloaded-virtual>")
if(MULLION_WERROR)
    add_compile_options(-Werror)
endif()
