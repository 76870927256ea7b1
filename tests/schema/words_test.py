#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""words_test.py PARTC: whatever partc takes in a description has a schema and an example in docs/bindings."""
import re
import sys
import tempfile
import unittest
from pathlib import Path

import ruamel.yaml

from trees import BINDINGS, SOURCE, Schemas, compiled, known_complaints, run, unknown

PARTC = sys.argv.pop(1)
QEMU = SOURCE / "dts/platform/qemu"
PAGE = BINDINGS / "examples.md"


def known_to_partc():
    """{"memory": {"reg", ...}}; nodes below end in {}."""
    lines = run(PARTC, "words").stdout.splitlines()
    return {kind: set(words.split()) for kind, _, words in (line.partition(":") for line in lines)}


def node_name(pattern):
    """The name before the unit address, of "^memory@[0-9a-f]+$"."""
    return re.match(r"\^?([a-z-]+)", pattern).group(1)


def in_schema(kind, schema, found):
    words = found.setdefault(kind, set())
    for name, value in schema.get("properties", {}).items():
        if isinstance(value, dict) and value.get("type") == "object":
            words.add(name + "{}")
            in_schema(name, value, found)
        elif name != "$nodename":
            words.add(name)
    for pattern, value in schema.get("patternProperties", {}).items():
        words.add(node_name(pattern) + "{}")
        in_schema(node_name(pattern), value, found)


def known_to_schemas():
    found = {}
    for file in BINDINGS.glob("mullion,*.yaml"):
        schema = ruamel.yaml.YAML(typ="safe").load(file.read_text(encoding="utf-8"))
        in_schema(file.stem.removeprefix("mullion,"), schema, found)
    return found


def in_tree(source):
    """The same of the partitions of a tree that dtc has written as source."""
    found, path = {}, []
    for line in source.splitlines():
        if opened := re.match(r"\s*(\S+) \{$", line):
            path.append("partition" if path == ["/", "partitions"] else opened.group(1).partition("@")[0])
            if len(path) > 3:
                found.setdefault(path[-2], set()).add(path[-1] + "{}")
        elif line.strip() == "};":
            path.pop()
        elif len(path) > 1 and path[1] == "partitions" and (named := re.match(r"\s*([^\s=;]+)( =|;)", line)):
            if path[-1] == "partition" and line.strip() == 'compatible = "mullion,channel";':
                path[-1] = "channel"
            found.setdefault(path[-1], set()).add(named.group(1))
    return found


def examples():
    blocks = re.findall(r"```dts\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)
    return blocks[:1] + [blocks[0] + block for block in blocks[1:]]


class WordsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        cls.folder = Path(cls.scratch.name)
        cls.sources = []
        for number, text in enumerate(examples()):
            cls.sources.append(cls.folder / f"example-{number}.dts")
            cls.sources[-1].write_text(text, encoding="utf-8")
        cls.trees = [compiled(source, QEMU, source.with_suffix(".dtb")) for source in cls.sources]

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    def test_every_word_has_a_schema(self):
        partc, schemas = known_to_partc(), known_to_schemas()
        for kind in sorted(partc.keys() | schemas.keys()):
            taken, described = partc.get(kind, set()), schemas.get(kind, set())
            self.assertEqual(taken - described, set(), f"{kind}: partc takes this (tools/partc/vocabulary.hpp) and no "
                                                       "schema in docs/bindings/*.yaml has it: write one")
            self.assertEqual(described - taken, set(), f"{kind}: a schema in docs/bindings/*.yaml has this and partc "
                                                       "refuses it: list it in tools/partc/vocabulary.hpp, or take "
                                                       "it out")

    def test_every_word_has_an_example(self):
        shown = {}
        for tree in self.trees:
            for kind, words in in_tree(run("dtc", "-q", "-I", "dtb", "-O", "dts", tree).stdout).items():
                shown.setdefault(kind, set()).update(words)
        for kind, words in known_to_partc().items():
            self.assertEqual(
                words - shown.get(kind, set()), set(),
                f"{kind}: partc takes this (tools/partc/vocabulary.hpp) and {PAGE} has no example of it: write one")

    def test_examples_compile(self):
        images = self.folder / "images"
        images.mkdir()
        for image in re.findall(r'image = "(.*?)"', PAGE.read_text(encoding="utf-8")):
            (images / image).write_bytes(b"\x13\0\0\0" * 100)
        for overlay, name in re.findall(r"```dtso\n(// (\S+)\n.*?)```", PAGE.read_text(encoding="utf-8"), re.S):
            (self.folder / name).write_text(overlay, encoding="utf-8")
        for source in self.sources:
            said = run(PARTC, "report", "--platform", "qemu", "--include", QEMU,
                       "--load-address", "0x80200000", "--images", images, source)
            self.assertEqual((said.returncode, said.stderr), (0, ""), source.read_text(encoding="utf-8"))

    def test_examples_are_valid(self):
        said = Schemas(self.folder).complaints(self.trees)
        self.assertEqual(unknown([text for texts in said.values() for text in texts], known_complaints()), [])


if __name__ == "__main__":
    unittest.main()
