#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""mutants.py [--diagonal] [-j N] [TEXT]: is each mutant of mutants.txt (all, those with `*`, those with TEXT) caught?

A mutated header is put before hv in the compiler's path; nothing else is changed. The first of these catches it:

    law, proof, compiler    hv/tables.cpp does not compile, for one of the descriptions here and in tests/proof
    a test of tests/unit    fails; the one named for the header goes first
    the random test         tests/audit/altered_test.cpp fails
    a case of tests/proof   does not say what it must

A line for each on standard output; at the end fails if one survives, or one that should mean nothing is caught.
"""
import argparse
import concurrent.futures
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
DESCRIPTIONS = [ROOT / "tests/proof", HERE / "groups", HERE / "plic"]
UNIT_TESTS = ["proof", "proof_asked", "proof_own", "stage1", "stage2", "table_builder", "layout", "pte", "stage2_trace",
              "kept", "proof_directory"]
AUDIT = sorted(source for source in (ROOT / "tools/audit").glob("*.cpp") if source.name != "main.cpp")
COMPILER = [os.environ.get("CXX", "g++"), "-std=c++23", "-fconstexpr-ops-limit=2000000000"]
PATIENCE = 300  # seconds of a processor, whatever else it does: a mutant may compute for ever


class Mutant:
    def __init__(self, block):
        self.file, self.original, self.replacement = block[0], None, None
        self.reason, self.is_diagonal = None, False
        for line in block[1:]:
            kind, text = line[:1], line[2:]
            if kind == "-":
                self.original = text
            elif kind == "+":
                self.replacement = text
            elif kind == "=":
                self.reason = text
            elif kind == "*":
                self.is_diagonal = True
            else:
                sys.exit(f"mutants.txt: what is this? {line}")
        self.text = (ROOT / self.file).read_text()
        if self.original is None or self.replacement is None or self.text.count(self.original) != 1:
            sys.exit(f"mutants.txt: {self.file} must have this once: {self.original}")

    def __str__(self):
        return f"{self.file}: {self.original}  ->  {self.replacement}"


def read_mutants():
    lines = [line for line in (HERE / "mutants.txt").read_text().splitlines() if not line.startswith("#")]
    blocks = "\n".join(lines).split("\n\n")
    return [Mutant(block.strip().splitlines()) for block in blocks if block.strip()]


def run(*command):
    """The finished process; it fails if it took too long."""
    bounded = ["prlimit", f"--cpu={PATIENCE}", *command]
    return subprocess.run(bounded, capture_output=True, text=True, env=os.environ | {"LC_ALL": "C"})


class Attempt:
    """One mutant in a folder of its own; `common` has what is compiled once."""

    def __init__(self, mutant, work, common):
        self.mutant, self.work, self.common = mutant, pathlib.Path(work), common
        header = self.work / pathlib.Path(mutant.file).relative_to("hv")
        header.parent.mkdir(parents=True)
        header.write_text(mutant.text.replace(mutant.original, mutant.replacement))
        # A copy: beside the sound headers it would find those first.
        self.tables = shutil.copy(ROOT / "hv/tables.cpp", self.work)
        self.includes = [f"-I{self.work}", f"-I{ROOT / 'hv'}"]

    def catcher(self):
        if self.common is None:
            return self.by_tables()
        # A proof that is weaker lets the tables pass: look there last.
        is_proof = "proof" in self.mutant.file
        ways = [self.by_tests, self.by_cases, self.by_tables] if is_proof else [self.by_tables, self.by_tests, self.by_cases]
        return next(filter(None, (way() for way in ways)), None)

    def by_tables(self):
        for description in DESCRIPTIONS:
            done = run(*COMPILER, "-fsyntax-only", *self.includes, f"-I{description}", self.tables)
            if done.returncode != 0:
                is_law, is_proof = "breaks a rule" in done.stderr, "proof: " in done.stderr
                return "law" if is_law else "proof" if is_proof else "compiler"
        return None

    def by_tests(self):
        own = pathlib.Path(self.mutant.file).stem.replace("proof_walk", "proof")
        for name in sorted(UNIT_TESTS, key=lambda name: name != own):
            if not self.passes(ROOT / f"tests/unit/{name}_test.cpp", []):
                return f"unit {name}_test"
        audit = [f"-I{ROOT / 'tools/audit'}", f"-I{ROOT / 'tests/audit'}", "-O1"]
        return None if self.passes(ROOT / "tests/audit/altered_test.cpp", audit) else "altered_test"

    def passes(self, test, options):
        program = self.work / "test"
        libraries = [self.common / "common.a", "-lgmock", "-lgtest", "-lgtest_main", "-lfmt", "-lfdt", "-lelf", "-lpthread"]
        headers = [] if options else ["-include", self.common / "headers.hpp"]
        done = run(*COMPILER, *self.includes, *options, *headers, "-o", program, test, *libraries)
        return done.returncode == 0 and run(program, "--gtest_brief=1").returncode == 0

    def by_cases(self):
        for case in sorted((ROOT / "tests/proof").glob("*.cpp")):
            done = run(ROOT / "tests/proof/expect.sh", case, COMPILER[0], "-Wall", "-Wextra", *self.includes,
                       f"-I{ROOT / 'tests/proof'}")
            if done.returncode != 0:
                return f"case {case.stem}"
        return None


def attempt(mutant, common):
    with tempfile.TemporaryDirectory() as work:
        return Attempt(mutant, work, common).catcher()


def false_alarm(common):
    """What finds a mutant where nothing is changed; None as it should be."""
    nothing = Mutant(["hv/core/pte.hpp", "- D = 1u << 7", "+ D = 1u << 7"])
    return attempt(nothing, common)


def compile_common(folder):
    """What the tests need and is never mutated: the auditor, and headers, compiled beforehand."""
    sources = [*AUDIT, ROOT / "tests/audit/fixture.cpp"]
    for source in sources:
        subprocess.run([*COMPILER, f"-I{ROOT / 'tools/audit'}", f"-I{ROOT / 'tests/audit'}", '-DMULLION_BUILD=""', "-O1",
                        "-c", "-o", folder / f"{source.stem}.o", source], check=True)
    library = folder / "common.a"
    subprocess.run(["ar", "cr", library, *(folder / f"{source.stem}.o" for source in sources)], check=True)
    headers = folder / "headers.hpp"
    headers.write_text("#include <gtest/gtest.h>\n#include <algorithm>\n#include <array>\n#include <span>\n#include <vector>\n")
    subprocess.run([*COMPILER, "-o", f"{headers}.gch", headers], check=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--diagonal", action="store_true")
    parser.add_argument("-j", type=int, default=os.cpu_count())
    parser.add_argument("text", nargs="?", default="")
    options = parser.parse_args()
    mutants = [m for m in read_mutants() if options.text in str(m) and (m.is_diagonal or not options.diagonal)]
    counts, wrong = {}, []
    with tempfile.TemporaryDirectory() as folder:
        # Those of the diagonal must be caught before a test is compiled.
        common = None if options.diagonal else pathlib.Path(folder)
        if common:
            compile_common(common)
        if not options.text and (alarm := false_alarm(common)):
            sys.exit(f"mutants: {alarm} fails where nothing is changed")
        with concurrent.futures.ThreadPoolExecutor(options.j) as pool:
            attempts = {pool.submit(attempt, mutant, common): mutant for mutant in mutants}
            for number, done in enumerate(concurrent.futures.as_completed(attempts), 1):
                mutant, by = attempts[done], done.result()
                says = f"caught by {by}" if by else "means nothing" if mutant.reason else "SURVIVES"
                says += " THOUGH IT SHOULD MEAN NOTHING" if by and mutant.reason else ""
                print(f"{number}/{len(mutants)} {says}: {mutant}", flush=True)
                kind = by.split()[0] if by else says
                counts[kind] = counts.get(kind, 0) + 1
                if bool(by) == bool(mutant.reason):
                    wrong.append(mutant)
    print(f"mutants: {len(mutants)}: " + ", ".join(f"{kind} {count}" for kind, count in sorted(counts.items())))
    return 1 if wrong or not mutants else 0


if __name__ == "__main__":
    sys.exit(main())
