#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""order.py RULES KINDS < DISASSEMBLY: the fences of hv/arch/order.hpp and of assembly are where RULES has them, in a
hypervisor of such a machine; and each of them is needed there: without it, or with a weaker one, this check complains.

RULES has a line for each operation that needs a fence:

    KINDS  SIDE  FENCE  OPERATION  FUNCTION [within FUNCTION]

KINDS: of which machines, or `all`. SIDE: the fence is `before` or `after` the operation, on every way through the code,
with no other access of memory, a device or a CSR between them. FENCE: predecessors and successors that it has at least.
OPERATION: `store` (or amo, sc), `load`, `amo` (or lr, sc), `ecall`, `csr NAME`, `call NAME`, `jalr`, `return`. FUNCTION: only
what was compiled of that function counts, and its other accesses may stand between; one of assembly is every one whose
name begins so. A line `KINDS unfenced OPERATION FUNCTION` says that there the operation needs none, and
`KINDS every OPERATION` that the image has no others than those of the other lines.

The disassembly is that of objdump -dl --inlines. Accesses of the stack are of no interest to others."""
import re
import sys
from collections import namedtuple

Instruction = namedtuple("Instruction", "at name operands stack assembly")
Rule = namedtuple("Rule", "side fence operation functions text")

ACCESS = re.compile(r"(l[bhwd]u?|s[bhwd]|amo\S+|[ls][rc]\.\S+|csr\S+|ecall)$")
LEAVES = {"ret", "jr", "sret", "mret", "ebreak"}


def mangled(name):
    return "".join(f"{len(part)}{part}" for part in name.split("::"))


def parse(disassembly):
    """The instructions of the image, with the functions that were inlined to them, and where symbols are."""
    code, symbols, innermost, outer, fresh, assembly = [], set(), "", [], False, False
    for line in disassembly:
        if symbol := re.match(r"([0-9a-f]{16}) <.+>:$", line):
            symbols.add(int(symbol[1], 16))
        elif word := re.match(r"\s*([0-9a-f]+):\s+(\S+)\s*(.*)", line):
            code.append(Instruction(int(word[1], 16), word[2], word[3], (innermost, *outer), assembly))
            fresh = True
        elif source := re.match(r"/.*\.([A-Za-z]+):\d+", line):
            assembly = source[1] == "S"
        else:
            if fresh:
                outer, fresh = [], False
            if inlined := re.match(r"inlined by .*\((\S+)\)", line):
                outer.append(inlined[1])
            elif name := re.match(r"(\S+)\(\):$", line):
                innermost = name[1]
    return code, symbols


def rules_of(path, kinds):
    rules = []
    for line in open(path):
        words = line.split("#")[0].split()
        if not words or words[0] != "all" and not set(kinds) & set(words[0].split(",")):
            continue
        side, *rest = words[1:]
        fence = rest.pop(0) if side in ("before", "after") else None
        size = 2 if rest[0] in ("csr", "call") else 1
        functions = [word for word in rest[size:] if word != "within"]
        rules.append(Rule(side, fence, rest[:size], functions, " ".join(words[1:])))
    return rules


def is_of(instruction, functions):
    return all(any(mangled(name) in frame or frame.startswith(name) for frame in instruction.stack) for name in functions)


def is_operation(instruction, rule):
    return is_like(instruction, rule) and is_of(instruction, rule.functions)


def is_like(instruction, rule):
    kind, name = rule.operation[0], instruction.name
    if kind == "csr":
        return name.startswith("csr") and rule.operation[1] in instruction.operands.split(",")
    if kind == "call":
        callee = rule.operation[1]
        return name in ("jal", "call", "jalr", "j") and (
            mangled(callee) in instruction.operands or f"<{callee}>" in instruction.operands)
    patterns = {"store": r"s[bhwd]$|amo|sc\.", "load": r"l[bhwd]u?$", "amo": r"amo|lr\.|sc\.", "ecall": "ecall$", "jalr": "jalr$", "return": "ret$"}
    return bool(re.match(patterns[kind], name)) and "(sp)" not in instruction.operands


def is_named(instruction):
    """Whether it is a fence of hv/arch/order.hpp or written in assembly. One that a compiler emits for an atomic access is
    not: another compiler, or the next release, may do without."""
    return instruction.name == "fence" and (instruction.assembly or is_of(instruction, ["arch::order"]))


def is_fence(instruction, fence):
    """Whether it is a fence of ours with at least these letters."""
    if not is_named(instruction):
        return False
    has = instruction.operands.split(",") if instruction.operands else ["iorw", "iorw"]
    return all(set(want) <= set(got) for want, got in zip(fence.split(","), has))


def ways(code):
    """For each instruction, the indices of those that may follow; None for leaving the function."""
    index = {instruction.at: i for i, instruction in enumerate(code)}
    following = []
    for i, instruction in enumerate(code):
        target = re.search(r"\b([0-9a-f]+) <", instruction.operands)
        jump = index.get(int(target[1], 16)) if target else None
        after = i + 1 if i + 1 < len(code) else None
        if instruction.name == "j":
            following.append([jump])
        elif instruction.name in LEAVES:
            following.append([None])
        elif re.match(r"b(eq|ne|lt|ge|gt|le)", instruction.name):
            following.append([after, jump])
        else:
            following.append([after])
    return following


def preceding(code, symbols, following):
    """For each instruction, the indices of those that may be before it; None for whoever calls a symbol."""
    before = [[None] if instruction.at in symbols else [] for instruction in code]
    for i, nexts in enumerate(following):
        for n in nexts:
            if n is not None:
                before[n].append(i)
    return [b or [None] for b in before]


def is_between(instruction, rule):
    """Whether nothing like this may come between the fence and the operation."""
    if is_operation(instruction, rule):
        return False
    if instruction.name in ("jal", "jalr", "call"):
        return True
    access = ACCESS.match(instruction.name) and "(sp)" not in instruction.operands
    return bool(access) and not is_of(instruction, rule.functions)


def fences_of(code, steps, start, rule):
    """The fences that every way from the operation meets first; None if one meets none."""
    found, seen, todo = set(), set(), list(steps[start])
    while todo:
        i = todo.pop()
        if i is None:
            return None
        if i in seen:
            continue
        seen.add(i)
        if is_fence(code[i], rule.fence):
            found.add(i)
        elif is_between(code[i], rule):
            return None
        else:
            todo += steps[i]
    return found


def strangers(code, rule, rules):
    """The operations that no other rule is about."""
    others = [other for other in rules if other.operation == rule.operation and other is not rule]
    return [f"{rule.text}: {instruction.at:#x} has it, too ({instruction.stack[0]})" for instruction in code
            if is_like(instruction, rule) and not any(is_of(instruction, other.functions) for other in others)]


def check(code, symbols, rules):
    complaints, needed = [], []
    following = ways(code)
    steps_of = {"after": following, "before": preceding(code, symbols, following)}
    for rule in rules:
        if rule.side == "every":
            complaints += strangers(code, rule, rules)
            continue
        places = [i for i, instruction in enumerate(code) if is_operation(instruction, rule)]
        if not places:
            complaints.append(f"nothing is found of {rule.text}")
        for place in places if rule.fence else []:
            fences = fences_of(code, steps_of[rule.side], place, rule)
            if fences is None:
                complaints.append(f"no fence {rule.text} at {code[place].at:#x} ({code[place].stack[0]})")
            else:
                needed.append((place, steps_of[rule.side], rule, fences))
    return complaints, needed


def idle(code, needed):
    """Fences of ours that no rule is about."""
    of_rules = set().union(*(fences for *_, fences in needed))
    return [f"no rule is about the fence at {instruction.at:#x} ({instruction.stack[0]})"
            for i, instruction in enumerate(code) if is_named(instruction) and i not in of_rules]


def weaker(fence):
    """Each fence that lacks one of the letters, and none at all."""
    sides = fence.split(",")
    for side in range(2):
        for letter in sides[side]:
            less = list(sides)
            less[side] = less[side].replace(letter, "")
            yield ("fence", ",".join(less)) if less[side] else ("nop", "")


def unnoticed(code, needed):
    """Fences that could be left out, or be weaker, without a complaint, as others do what they do."""
    found = []
    for place, steps, rule, fences in needed:
        for fence in fences:
            kept = code[fence]
            for name, operands in weaker(rule.fence):
                code[fence] = kept._replace(name=name, operands=operands)
                if fences_of(code, steps, place, rule) is not None:
                    found.append(f"{rule.text} at {kept.at:#x}: {name} {operands} is not noticed")
            code[fence] = kept
    return found


def main():
    rules = rules_of(sys.argv[1], sys.argv[2].split(","))
    code, symbols = parse(sys.stdin.read().splitlines())
    complaints, needed = check(code, symbols, rules)
    complaints += unnoticed(code, needed) + idle(code, needed)
    print("\n".join(complaints), end="\n" if complaints else "")
    sys.exit(1 if complaints else 0)


main()
