#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""order.py RULES KIND < DISASSEMBLY: the fences of hv/arch/order.hpp are where RULES has them, in a hypervisor of that
KIND of machine; and each of them is needed there: without it, or with a weaker one, this check complains.

RULES has a line for each operation that needs a fence:

    KINDS  SIDE  FENCE  OPERATION  FUNCTION [within FUNCTION]

KINDS: of which machines, or `all`. SIDE: the fence is `before` or `after` the operation, on every way through the code,
with no other access of memory, a device or a CSR between them. FENCE: predecessors and successors that it has at least.
OPERATION: `store` (or amo, sc), `load`, `amo` (or lr, sc), `ecall`, `csr NAME`, `call NAME`, `return`. FUNCTION: only
what was compiled of that function counts, and its other accesses may stand between. A line `KINDS only OPERATION
FUNCTION` says that no other function has the operation.

The disassembly is that of objdump -dl --inlines. Accesses of the stack are of no interest to others."""
import re
import sys
from collections import namedtuple

Instruction = namedtuple("Instruction", "at name operands stack")
Rule = namedtuple("Rule", "side fence operation functions text")

ACCESS = re.compile(r"(l[bhwd]u?|s[bhwd]|amo\S+|[ls][rc]\.\S+|csr\S+|ecall)$")
LEAVES = {"ret", "jr", "sret", "mret", "ebreak"}


def mangled(name):
    return "".join(f"{len(part)}{part}" for part in name.split("::"))


def parse(disassembly):
    """The functions of the image, each a list of instructions with the functions that were inlined to them."""
    functions, innermost, outer, fresh = [], "", [], False
    for line in disassembly:
        if re.match(r"[0-9a-f]{16} <.+>:$", line):
            functions.append([])
        elif code := re.match(r"\s*([0-9a-f]+):\s+(\S+)\s*(.*)", line):
            functions[-1].append(Instruction(int(code[1], 16), code[2], code[3], (innermost, *outer)))
            fresh = True
        else:
            if fresh:
                outer, fresh = [], False
            if inlined := re.match(r"inlined by .*\((\S+)\)", line):
                outer.append(inlined[1])
            elif name := re.match(r"(\S+)\(\):$", line):
                innermost = name[1]
    return functions


def rules_of(path, kind):
    rules = []
    for line in open(path):
        words = line.split("#")[0].split()
        if not words or words[0] != "all" and kind not in words[0].split(","):
            continue
        side, *rest = words[1:]
        fence = rest.pop(0) if side != "only" else None
        size = 2 if rest[0] in ("csr", "call") else 1
        functions = [mangled(word) for word in rest[size:] if word != "within"]
        rules.append(Rule(side, fence, rest[:size], functions, " ".join(words[1:])))
    return rules


def is_of(instruction, functions):
    return all(any(name in frame for frame in instruction.stack) for name in functions)


def is_operation(instruction, rule):
    return is_like(instruction, rule) and is_of(instruction, rule.functions)


def is_like(instruction, rule):
    kind, name = rule.operation[0], instruction.name
    if kind == "csr":
        return name.startswith("csr") and rule.operation[1] in instruction.operands.split(",")
    if kind == "call":
        return name in ("jal", "call", "jalr", "j") and mangled(rule.operation[1]) in instruction.operands
    patterns = {"store": r"s[bhwd]$|amo|sc\.", "load": r"l[bhwd]u?$", "amo": r"amo|lr\.|sc\.", "ecall": "ecall$", "return": "ret$"}
    return bool(re.match(patterns[kind], name)) and "(sp)" not in instruction.operands


def is_fence(instruction, fence):
    """Whether it is a fence of hv/arch/order.hpp with at least these letters. One that a compiler emits for an atomic
    access is not: another compiler, or the next release, may do without."""
    if instruction.name != "fence" or not is_of(instruction, [mangled("arch::order")]):
        return False
    has = instruction.operands.split(",") if instruction.operands else ["iorw", "iorw"]
    return all(set(want) <= set(got) for want, got in zip(fence.split(","), has))


def ways(function):
    """For each instruction, the indices of those that may follow; None for leaving the function."""
    index = {instruction.at: i for i, instruction in enumerate(function)}
    following = []
    for i, instruction in enumerate(function):
        target = re.search(r"\b([0-9a-f]+) <", instruction.operands)
        jump = index.get(int(target[1], 16)) if target else None
        after = i + 1 if i + 1 < len(function) else None
        if instruction.name == "j":
            following.append([jump])
        elif instruction.name in LEAVES:
            following.append([None])
        elif re.match(r"b(eq|ne|lt|ge|gt|le)", instruction.name):
            following.append([after, jump])
        else:
            following.append([after])
    return following


def preceding(following):
    before = [[] for _ in following]
    for i, nexts in enumerate(following):
        for n in nexts:
            if n is not None:
                before[n].append(i)
    return [b if i and b else [*b, None] for i, b in enumerate(before)]


def is_between(instruction, rule):
    """Whether nothing like this may come between the fence and the operation."""
    if is_operation(instruction, rule):
        return False
    if instruction.name in ("jal", "jalr", "call"):
        return True
    access = ACCESS.match(instruction.name) and "(sp)" not in instruction.operands
    return bool(access) and not is_of(instruction, rule.functions)


def fences_of(function, steps, start, rule):
    """The fences that every way from the operation meets first; None if one meets none."""
    found, seen, todo = set(), set(), list(steps[start])
    while todo:
        i = todo.pop()
        if i is None:
            return None
        if i in seen:
            continue
        seen.add(i)
        if is_fence(function[i], rule.fence):
            found.add(i)
        elif is_between(function[i], rule):
            return None
        else:
            todo += steps[i]
    return found


def operations(function, rule):
    return [i for i, instruction in enumerate(function) if is_operation(instruction, rule)]


def strangers(functions, rule):
    """The operations of functions other than that which alone may have them."""
    return [f"{rule.text}: {instruction.at:#x} has it, too ({instruction.stack[0]})"
            for function in functions for instruction in function
            if is_like(instruction, rule) and not is_of(instruction, rule.functions)]


def check(functions, rules):
    complaints, needed = [], []
    for rule in rules:
        if rule.side == "only":
            complaints += strangers(functions, rule)
            continue
        count = 0
        for function in functions:
            places = operations(function, rule)
            if not places:
                continue
            following = ways(function)
            steps = following if rule.side == "after" else preceding(following)
            for place in places:
                count += 1
                fences = fences_of(function, steps, place, rule)
                if fences is None:
                    complaints.append(f"no fence {rule.text} at {function[place].at:#x} ({function[place].stack[0]})")
                else:
                    needed.append((function, place, steps, rule, fences))
        if count == 0:
            complaints.append(f"nothing is found of {rule.text}")
    return complaints, needed


def weaker(fence):
    """Each fence that lacks one of the letters, and none at all."""
    sides = fence.split(",")
    for side in range(2):
        for letter in sides[side]:
            less = list(sides)
            less[side] = less[side].replace(letter, "")
            yield Instruction(0, "fence", ",".join(less), ()) if less[side] else Instruction(0, "nop", "", ())


def unnoticed(needed):
    """Fences that could be left out, or be weaker, without a complaint, as others do what they do."""
    found = []
    for function, place, steps, rule, fences in needed:
        for fence in fences:
            kept = function[fence]
            for planted in weaker(rule.fence):
                function[fence] = planted._replace(at=kept.at, stack=kept.stack)
                if fences_of(function, steps, place, rule) is not None:
                    found.append(f"{rule.text} at {kept.at:#x}: {planted.name} {planted.operands} is not noticed")
            function[fence] = kept
    return found


def main():
    rules = rules_of(sys.argv[1], sys.argv[2])
    complaints, needed = check(parse(sys.stdin.read().splitlines()), rules)
    complaints += unnoticed(needed)
    print("\n".join(complaints), end="\n" if complaints else "")
    sys.exit(1 if complaints else 0)


main()
