#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""shared_data.py PREFIX ELF LIST: the writable objects that an exit of a guest can reach in a linked hypervisor.

Reached is what the code of a path refers to, from its first function on, calls and jumps followed, and whatever the
constants and the initial values of data reached that way point to. Every object in .data and .bss that is found must
be in LIST with its reason, and what is in LIST must be found. Lines of LIST, `#` begins a comment:

    path NAME FUNCTION...       what follows is about the code from these functions on
    without FUNCTION            ... as far as these do not lead: whatever they reach is another path's
    OBJECT: REASON              found, and why that is all right; as nm -C prints it without arguments

Reads with the nm and objdump of the cross compiler PREFIX. An address whose use is not understood is an error. The
image must be compiled with -fdata-sections: then no object is reached as another's address and a distance.
"""
import bisect
import re
import subprocess
import sys


def output_of(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def plain(name):
    """Without result, arguments, those of templates, and anonymous namespaces."""
    name = name.replace("(anonymous namespace)::", "").replace("operator()", "operator").replace("operator<<", "operator")
    while (without := re.sub("<[^<>]*>", "", name)) != name:
        name = without
    return name.split("(")[0].split()[-1]


class Image:
    """Objects and functions by address, and what each refers to."""

    def __init__(self, prefix, elf):
        self.sections = {}
        for line in output_of(prefix + "objdump", "-h", elf).splitlines():
            words = line.split()
            if len(words) > 5 and words[0].isdigit():
                self.sections[words[1]] = range(int(words[3], 16), int(words[3], 16) + int(words[2], 16))
        self.symbols = {}
        ends = {}
        for line in output_of(prefix + "nm", "-C", "-S", "-n", elf).splitlines():
            found = re.fullmatch("([0-9a-f]+) (?:([0-9a-f]+) )?([a-zA-Z]) (.*)", line)
            if not found:
                continue
            address, size, kind, name = found.groups()
            at = int(address, 16)
            if self.section_of(at) and kind.lower() in "tdbrwvu" and not name.startswith(("$", ".L", "__")):
                self.symbols.setdefault(at, plain(name))
                if size and self.section_of(at) == ".rodata":
                    ends[at + int(size, 16)] = plain(name)
        # Constants without a name, jump tables for the most part, are not those that lie before them.
        for end, name in ends.items():
            self.symbols.setdefault(end, "constants behind " + name)
        self.starts = sorted(self.symbols)
        self.refers = {start: set() for start in self.starts}
        self.read_code(output_of(prefix + "objdump", "-d", "--no-show-raw-insn", "-M", "no-aliases", elf))
        for section in (".rodata", ".data"):
            self.read_pointers(output_of(prefix + "objdump", "-s", "-j", section, elf))

    def section_of(self, address):
        return next((name for name in (".text", ".rodata", ".data", ".bss")
                     if address in self.sections.get(name, ())), None)

    def owner_of(self, address):
        at = bisect.bisect_right(self.starts, address) - 1
        return self.starts[at] if at >= 0 and self.section_of(address) else None

    def refer(self, at, to):
        source, target = self.owner_of(at), self.owner_of(to)
        if source is not None and target is not None and source != target:
            self.refers[source].add(target)

    def read_code(self, text):
        """Jumps and calls name their target. An address is made by auipc and what uses its register next, of which
        objdump tells the sum; an auipc whose sum is never told stays open."""
        open_registers = {}
        for line in text.splitlines():
            found = re.match(r"\s*([0-9a-f]+):\s+(\S+)\s*([^#]*)(?:#\s*([0-9a-f]+))?", line)
            if not found:
                continue
            at, operation, operands, told = int(found[1], 16), found[2], found[3].strip(), found[4]
            jump = re.search(r"(?:^|,)([0-9a-f]{6,})(?: <|$)", operands)
            if jump and operation != "auipc":
                self.refer(at, int(jump[1], 16))
            if told:
                self.refer(at, int(told, 16))
                for register in re.findall(r"\b[astgrz][0-9ap]+\b", operands):
                    open_registers.pop(register, None)
            if operation == "auipc":
                open_registers.setdefault(operands.split(",")[0], at)
        for at in open_registers.values():
            sys.exit(f"{at:#x}: what becomes of this address is not understood")

    def read_pointers(self, text):
        for line in text.splitlines():
            found = re.match(" ([0-9a-f]+) ((?:[0-9a-f]{2,8} ){1,4}) ", line)
            if found:
                data = bytes.fromhex(found[2])
                for at in range(0, len(data) - 7, 8):
                    self.refer(int(found[1], 16) + at, int.from_bytes(data[at:at + 8], "little"))

    def named(self, name):
        found = {at for at in self.starts if self.symbols[at] == name}
        if not found:
            sys.exit(f"no {name} in the image")
        return found

    def writable_from(self, functions, without):
        """Names of objects, with the names on the shortest way to each."""
        ways = {at: (self.symbols[at],) for at in functions}
        left = list(functions)
        for at in left:
            for to in sorted(self.refers[at] - without - ways.keys()):
                ways[to] = ways[at] + (self.symbols[to],)
                left.append(to)
        return {way[-1]: way for at, way in ways.items() if self.section_of(at) in (".data", ".bss")}


class Path:
    def __init__(self, name, functions):
        self.name, self.functions, self.without, self.expected = name, functions, [], set()


def paths_of(file):
    paths = []
    with open(file, encoding="utf-8") as lines:
        for line in lines:
            words = line.split()
            if not words or words[0].startswith("#"):
                continue
            if words[0] == "path":
                paths.append(Path(words[1], words[2:]))
            elif words[0] == "without":
                paths[-1].without += words[1:]
            else:
                name, _, reason = line.partition(": ")
                if not reason.strip():
                    sys.exit(f"{file}: {name.strip()} has no reason")
                paths[-1].expected.add(name.strip())
    return paths


def main():
    prefix, elf, file = sys.argv[1:]
    image = Image(prefix, elf)
    wrong = 0
    for path in paths_of(file):
        functions = set().union(*map(image.named, path.functions))
        without = set().union(*map(image.named, path.without))
        found = image.writable_from(functions, without)
        for name in sorted(found.keys() ^ path.expected):
            wrong += 1
            way = " > ".join(found.get(name, ()))
            print(f"{path.name}: {name}: " + (f"reached, and not listed: {way}" if way else "listed, and not reached"))
    sys.exit(wrong != 0)


main()
