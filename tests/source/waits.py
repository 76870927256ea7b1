#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Checks that every loop of the hypervisor's that waits is a function of hv/core/wait.hpp, and that docs/architecture.md
# ("Waits") has each of them, with the files that call it.
import pathlib
import re
import sys

root = pathlib.Path(__file__).resolve().parents[2]
helper = "hv/core/wait.hpp"

# Lists loops that read what others change and do not wait for it, with what makes each of them end.
ends_by_itself = {
    ("hv/arch/irq/aia.hpp", "while (const auto identity = swap<Csr::stopei>(0) >> 16)"): "takes what is pending",
    ("hv/vm/uart16550.hpp", "while (can_receive())"): "takes what was typed",
    ("hv/vm/uart16550.hpp", "while (!s_.waiting.empty() && port_.transmit(s_.waiting.front()))"): "stops without room",
    ("hv/vm/console_channel.hpp", None): "walks over bytes of its own",
}

# Counts loops in assembly that wait: for nothing, at the end of a boot that failed before there was a stack.
parks = {"hv/arch/boot.S": 1}

# Matches reads of what other harts, devices or time change, and what an idle loop does.
observes = re.compile(r"\.load\(|exchange|try_lock|state_of|\bnow\(|\b(read|swap|load)<|is_idle|room\(|transmit\(|"
                      r"receive\(|pending\(|claim\w*\(|take_\w+\(|has_\w+\(|status\(|fence\(")
idles = re.compile(r"\b(pause|relax|wait_for_interrupt|sleep|yield)\b|\bwfi\b")


def without_comments(text):
    return re.sub(r"//[^\n]*|/\*.*?\*/", lambda m: re.sub(r"[^\n]", " ", m[0]), text, flags=re.S)


def closing(text, at, pair):
    depth = 0
    for i in range(at, len(text)):
        depth += (text[i] == pair[0]) - (text[i] == pair[1])
        if depth == 0:
            return i + 1
    return len(text)


def body_of(text, at):
    """The statement that begins at or after `at`."""
    rest = re.match(r"\s*", text[at:]).end() + at
    return text[rest:closing(text, rest, "{}")] if text[rest:rest + 1] == "{" else text[rest:text.find(";", rest) + 1]


def waiting_loops(text):
    """(line, header) of each loop that seems to wait."""
    text = without_comments(text)
    found = []
    for match in re.finditer(r"\b(while|for)\s*\(|\bdo\s*\{|\bgoto\b", text):
        line = text.count("\n", 0, match.start()) + 1
        word = match[0].split("(")[0].strip()
        if word == "goto":
            found.append((line, "goto"))
            continue
        if word.startswith("do"):
            end = closing(text, match.end() - 1, "{}")
            body = text[match.start():end]
            header = "do"
            looked_at = body + text[end:text.find(";", end)]
        else:
            end = closing(text, match.end() - 1, "()")
            header = " ".join(text[match.start():end].split())
            body = body_of(text, end)
            endless = re.fullmatch(r"for \( ?; ?; ?\)|while \((true|1)\)", header) is not None
            looked_at = "" if word == "for" and ";" not in header else header + (body if endless else "")
        of_a_list = word == "for" and ";" not in header
        if observes.search(looked_at) or idles.search(looked_at) or (not of_a_list and idles.search(body)):
            found.append((line, header))
    return found


def waits_in_assembly(text):
    return len(re.findall(r"^\s*(?:\w+:\s*)*(?:wfi|pause)\b(?!:)", re.sub(r"//.*", "", text), re.M))


def check_itself():
    waits = ["while (ready.load() == 0) {}", "for (;;) { if (flag.exchange(0) != 0) { break; } }",
             "do { look(); pause(); } while (!done);", "do { x = state_of(hart); } while (x != stopped);",
             "while (!lock.try_lock());", "for (int i = 0; uart::room() == 0; ++i) {}",
             "while (true) { if (arch::now() > limit) { return; } }", "while (!done) { port.relax(); }",
             "again: if (!ready) goto again;", "while (console_write(byte) == 0) { arch::wait_for_interrupt(); }",
             "for (auto& x : list) { while (x.state.load() != 0) {} }"]
    works = ["while (moved < size) { moved += step; }", "for (const auto& hart : harts) { if (hart.state.load()) { ++n; } }",
             "for (std::size_t i = 0; i < n; ++i) { words[i].load(); }", "while (x != 0) { x >>= 1; }  // pause()"]
    wrong = [text for text in waits if not waiting_loops(text)] + [text for text in works if waiting_loops(text)]
    wrong += [text for text in ("    wfi\n", "3:  wfi\n    j 3b\n", "wait: 1: pause\n") if not waits_in_assembly(text)]
    wrong += [text for text in ("    mv a0, a1  // wfi\n", "wfi_name:\n") if waits_in_assembly(text)]
    for text in wrong:
        print(f"this check mistakes: {text}")
    return not wrong


def sources():
    for path in sorted((root / "hv").rglob("*")):
        if path.suffix in (".hpp", ".cpp", ".S"):
            yield str(path.relative_to(root)), path.read_text()


def table():
    """Rows of the table: name -> (files, provider, bound, meanwhile)."""
    text = (root / "docs/architecture.md").read_text()
    section = re.search(r"^## Waits\n(.*?)^## ", text, flags=re.S | re.M)
    rows = {}
    for line in section[1].splitlines() if section else []:
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 6 and re.fullmatch(r"`\w+`", cells[0]):
            rows[cells[0].strip("`")] = (set(re.findall(r"`(hv/[^`]+)`", cells[1])), cells[2:])
    return rows


def main():
    good = check_itself()

    def complain(text):
        nonlocal good
        good = False
        print(text)

    words = {"hart": "another hart", "machine": "the machine", "interrupt": "interrupts", "nothing": "nobody"}
    kinds, files = {}, {}
    for name, text in sources():
        if name == helper:
            names = re.findall(r"^    (\w+),", re.search(r"enum class Wait .*?^};", text, re.S | re.M)[0], re.M)
            continue
        for kind, wait in re.findall(r"\bawait_(\w+)<Wait::(\w+)>", without_comments(text)):
            kinds[wait] = kind
            files.setdefault(wait, set()).add(name)
        if name.endswith(".S"):
            if waits_in_assembly(text) != parks.get(name, 0):
                complain(f"{name}: waits in assembly")
            if name in parks:
                files.setdefault("nothing", set()).add(name)
            continue
        for line, header in waiting_loops(text):
            if (name, header) not in ends_by_itself and (name, None) not in ends_by_itself:
                complain(f"{name}:{line}: a loop that seems to wait, and not by {helper}: {header}")
    rows = table()
    for wait in sorted(set(names) | set(files) | set(rows)):
        if wait not in names or wait not in files:
            complain(f"Wait::{wait} is not both in {helper} and used")
        elif wait not in rows:
            complain(f"docs/architecture.md, Waits: no row for `{wait}`")
        else:
            stands_in, cells = rows[wait]
            if stands_in != files[wait]:
                complain(f"docs/architecture.md, Waits: `{wait}` is in {', '.join(sorted(files[wait]))}")
            if not all(cells) or not cells[1].startswith(words[kinds[wait]]):
                complain(f"docs/architecture.md, Waits: `{wait}` is provided by {words[kinds[wait]]}, and has a bound")
    return 0 if good else 1


sys.exit(main())
