# SPDX-License-Identifier: Apache-2.0
# Machines of many guests and harts, each guest a `muster` that starts all of its harts. `make test` boots the largest;
# `make scale` boots a row of them (tests/scale/machines.sh), which are only declared with MULLION_SCALE.
option(MULLION_SCALE "Declare the machines of `make scale`" OFF)

# add_crowd(TARGET GUESTS HARTS MACHINE NAME CPU ARGUMENT...): adds crowd-GUESTS-HARTS.NAME to the target. Its harts are
# dealt to the guests in turn.
function(add_crowd target guests harts)
    set(name crowd-${guests}-${harts})
    set(partitions)
    math(EXPR last_guest "${guests} - 1")
    math(EXPR last_hart "${harts} - 1")
    foreach(guest RANGE ${last_guest})
        set(cpus)
        foreach(hart RANGE ${guest} ${last_hart} ${guests})
            string(APPEND cpus " &cpu${hart}")
        endforeach()
        string(APPEND partitions "
        g${guest} {
            compatible = \"mullion,partition\";
            #address-cells = <2>;
            #size-cells = <2>;
            cpus = <${cpus} >;
            memory@80000000 {
                device_type = \"memory\";
                reg = <0x0 0x80000000  0x0 0x00400000>;
            };
            kernel { image = \"muster\"; };
        };")
    endforeach()
    set(dts ${MULLION_BUILD}/scale/${name}.dts)
    file(CONFIGURE OUTPUT ${dts} CONTENT "// Written by cmake/scale.cmake.
/dts-v1/;
#include <platform.dtsi>
/ {
    partitions {
        compatible = \"mullion,partitions\";${partitions}
    };
};
" @ONLY)
    add_partitions(${dts} ${ARGN})
    add_dependencies(${target} partitions-${name}.${ARGV4})
endfunction()

add_crowd(partitions 32 32 MACHINE 32x2G rv64 -smp 32 -m 2G)
# Two sockets, each with memory and interrupt controllers of its own. OpenSBI 1.5 runs out of memory on 64 harts, unless
# they have no triggers; and it does not start on four sockets.
set(largest rv64,debug=off)
add_crowd(partitions 1 64 MACHINE 2-sockets ${largest} -smp 64,sockets=2 -m 2G
          -object memory-backend-ram,id=m0,size=1G -object memory-backend-ram,id=m1,size=1G
          -numa node,cpus=0-31,memdev=m0 -numa node,cpus=32-63,memdev=m1)

if(MULLION_SCALE)
    add_custom_target(scale)
    foreach(size IN ITEMS 1-1 2-2 4-4 8-8 16-16 32-32 1-2 1-4 1-8 1-16 1-32 1-64 32-64)
        string(REPLACE - ";" size ${size})
        list(GET size 1 harts)
        add_crowd(scale ${size} MACHINE ${harts}x2G ${largest} -smp ${harts} -m 2G)
    endforeach()
endif()
