#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Checks that no units of the hypervisor depend on each other in a circle. A unit is a header and its source; it depends
# on what either of them includes.
import pathlib
import re
import sys

root = pathlib.Path(__file__).resolve().parents[2] / "hv"


def units(sources):
    """For each unit those that it includes, by (path, text) of the sources."""
    names = {re.sub(r"\.\w+$", "", path) for path, _ in sources}
    includes = {name: set() for name in names}
    for path, text in sources:
        name = re.sub(r"\.\w+$", "", path)
        for included in re.findall(r'^\s*#\s*include\s+"([^"]+)\.\w+"', text, re.M):
            if included in names and included != name:
                includes[name].add(included)
    return includes


def circle(includes):
    """The shortest way from a unit back to itself; an empty list if there is none."""
    best = []
    for start in sorted(includes):
        came_from, at = {}, [start]
        while at and start not in came_from:
            unit = at.pop(0)
            for included in sorted(includes[unit]):
                if included not in came_from:
                    came_from[included] = unit
                    at.append(included)
        if start in came_from:
            way = [start]
            while came_from[way[-1]] != start:
                way.append(came_from[way[-1]])
            if not best or len(way) < len(best):
                best = way
    return [best[0], *best[:0:-1]] if best else []


def check_itself():
    sound = [("a.cpp", '#include "a.hpp"\n#include "b.hpp"'), ("a.hpp", '#include "c.hpp"'), ("b.hpp", '#include "c.hpp"'),
             ("c.hpp", '#include <vector>')]
    # By their headers alone these are in order.
    planted = [*sound, ("c.cpp", '#include "c.hpp"\n  #include "b.hpp"')]
    if circle(units(sound)) or circle(units(planted)) != ["b", "c"]:
        sys.exit("this check finds no circle")


check_itself()
found = circle(units([(str(path.relative_to(root)), path.read_text()) for path in sorted(root.rglob("*"))
                      if path.suffix in (".hpp", ".cpp", ".h", ".S")]))
if found:
    sys.exit("hv: these include each other: " + " -> ".join([*found, found[0]]))
