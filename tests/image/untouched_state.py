#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""untouched_state.py ALLOWED < DISASSEMBLY: every instruction of a hypervisor that uses floating-point or vector
registers, or writes the status that opens them (sstatus, vsstatus), is in a function that ALLOWED lists.

The disassembly is objdump's, with the instructions' encodings (RISC-V unprivileged manual, "RV32/64G Instruction Set
Listings", and the chapters of C and V), which mean the same whatever extensions objdump takes the image to have."""
import fnmatch
import re
import sys

FLOAT = {0x07: "a load", 0x27: "a store", 0x43: "fmadd", 0x47: "fmsub", 0x4B: "fnmsub", 0x4F: "fnmadd", 0x53: "OP-FP"}
FLOAT_CSRS = {0x001, 0x002, 0x003}
VECTOR_CSRS = {0x008, 0x009, 0x00A, 0x00F, 0xC20, 0xC21, 0xC22}
STATUS = {0x100: "sstatus", 0x200: "vsstatus"}


def use_of(word, size):
    """What the instruction is of, or None."""
    if size == 2:
        # c.fld, c.fsd, c.fldsp, c.fsdsp
        return "registers" if word & 3 in (0, 2) and word >> 13 in (1, 5) else None
    opcode = word & 0x7F
    if opcode in FLOAT or opcode == 0x57:
        return "registers"
    funct3 = word >> 12 & 7
    if opcode != 0x73 or funct3 == 0:
        return None
    csr = word >> 20
    if csr in FLOAT_CSRS | VECTOR_CSRS:
        return "registers"
    reads = funct3 & 3 != 1 and word >> 15 & 31 == 0
    return STATUS.get(csr) if not reads else None


def uses(disassembly):
    """(what, function) of each such instruction, with the address of the first."""
    found = {}
    function = None
    for line in disassembly:
        if label := re.match(r"[0-9a-f]{16} <(.+)>:$", line):
            function = re.sub(r"\(.*", "", label[1])
        elif code := re.match(r"\s*([0-9a-f]+):\s+([0-9a-f]{4}|[0-9a-f]{8})\s", line):
            if use := use_of(int(code[2], 16), len(code[2]) // 2):
                found.setdefault((use, function), code[1])
    return found


def main():
    lines = [line.split() for line in open(sys.argv[1]) if line.strip() and not line.startswith("#")]
    allowed = [(line[0], line[1]) for line in lines]
    complaints = []
    unused = set(allowed)
    for (use, function), at in sorted(uses(sys.stdin).items()):
        matching = {rule for rule in allowed if rule[0] == use and fnmatch.fnmatchcase(function, rule[1])}
        unused -= matching
        if not matching:
            complaints.append(f"{use}: {function} at 0x{at} is not listed")
    complaints += [f"{use}: {pattern} is listed, and does nothing of the kind" for use, pattern in sorted(unused)]
    print("\n".join(complaints), end="\n" if complaints else "")
    sys.exit(1 if complaints else 0)


main()
