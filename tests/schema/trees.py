# SPDX-License-Identifier: Apache-2.0
"""Descriptions as binary trees, and what dt-validate says of them."""
import re
import subprocess
from collections import Counter
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
BINDINGS = SOURCE / "docs/bindings"
KNOWN = SOURCE / "tests/schema/known-complaints"


def run(*command, **more):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False, **more)


def shipped_boards():
    return sorted(SOURCE.glob("dts/platform/*"))


def boards():
    """Those that are shipped, and those that QEMU described to the build."""
    described = SOURCE.glob("build/boards/*/*/platform.dtsi")
    return [*shipped_boards(), *sorted(file.parent for file in described)]


def fits(source, board):
    """Whether the board has the nodes that a description changes or grants: it may be about one kind of board."""
    known = source.read_text(encoding="utf-8") + (board / "platform.dtsi").read_text(encoding="utf-8")
    granted = " ".join(re.findall(r"\bdevices = <(.*?)>", known))
    labels = re.findall(r"^&(\w+) ", known, re.MULTILINE) + re.findall(r"&(\w+)", granted)
    return all(f"{label}: " in known for label in labels)


def compiled(source, board, tree):
    """Runs cpp and dtc as partc does; `source` is a file, `tree` the file to write."""
    preprocessed = run("cpp", "-nostdinc", "-undef", "-x", "assembler-with-cpp", "-I", board, source)
    assert preprocessed.returncode == 0, preprocessed.stderr
    made = run("dtc", "-q", "-q", "-I", "dts", "-O", "dtb", "-o", tree, "-", input=preprocessed.stdout)
    assert made.returncode == 0, made.stderr
    return tree


class Schemas:
    """The ecosystem's schemas, Mullion's, and what Debian 12's set lacks; prepared once."""

    def __init__(self, folder):
        self.file = Path(folder) / "schemas.json"
        sources = sorted([*BINDINGS.glob("*.yaml"), *SOURCE.glob("tests/schema/*.yaml")])
        made = run("dt-mk-schema", "-j", "-o", self.file, *sources)
        # It leaves out a schema that is wrong, says so, and exits 0.
        assert made.returncode == 0 and not made.stderr, made.stderr

    def complaints(self, trees):
        """What dt-validate says of each tree: {tree: [text]}. Its exit status is 0 whatever it says.

        It does not say of which tree it speaks when a property's bytes are not of its type: the key is then None.
        """
        done = run("dt-validate", "-s", self.file, *trees)
        assert done.returncode == 0, done.stderr
        said = {str(tree): [] for tree in trees} | {None: []}
        for line in done.stderr.splitlines():
            tree, _, text = line.partition(": ")
            if tree in said:
                said[tree].append(text)
            elif not line.startswith("\t"):  # where the schema is that the line before is about
                said[None].append(line)
        return said


def known_complaints(file=KNOWN, of_every_release=False):
    """The patterns in such a file; lines that begin with # are reasons, with ? what not every release of dt-schema says."""
    lines = file.read_text(encoding="utf-8").splitlines()
    patterns = [line for line in lines if line and not line.startswith("#")]
    return [line.removeprefix("? ") for line in patterns if not of_every_release or not line.startswith("? ")]


def unknown(complaints, known):
    """The complaints that no pattern knows, each once."""
    counted = Counter(text for text in complaints if not any(re.search(pattern, text) for pattern in known))
    return [f"{text} ({count} times)" for text, count in counted.items()]


def gone(complaints, known):
    """The patterns that nothing matches any more."""
    return [pattern for pattern in known if not any(re.search(pattern, text) for text in complaints)]
