#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""guest_trees.py PARTC FOLDER: the guests' trees of every shipped description, on every board, against Linux's bindings.

The bindings are those of Debian's linux-source package. FOLDER keeps what is made of them, which takes a minute.
"""
import re
import sys
import tarfile
from pathlib import Path

from trees import KNOWN, SOURCE, boards, fits, gone, known_complaints, run, shipped_boards, unknown

KNOWN_OF_GUESTS = KNOWN.with_name("known-guest-complaints")
BINDINGS = "Documentation/devicetree/bindings"


def linux_source():
    """The newest that is installed."""
    archives = sorted(Path("/usr/src").glob("linux-source-*.tar.*"), key=lambda file: file.stat().st_mtime)
    if not archives:
        sys.exit("mullion: no /usr/src/linux-source-*.tar.xz: install Debian's package linux-source")
    return archives[-1]


def schemas_of(archive, folder):
    """Linux's bindings, and the types that Debian 12's dt-schema lacks, as dt-validate wants them."""
    schemas = folder / f"{archive.name}.json"
    if schemas.exists() and schemas.stat().st_mtime > archive.stat().st_mtime:
        return schemas
    print(f"mullion: reading the bindings in {archive}")
    with tarfile.open(archive) as source:
        members = (member for member in source if f"/{BINDINGS}/" in member.name and member.isfile())
        source.extractall(folder, members)
    bindings = next(folder.glob(f"linux-source-*/{BINDINGS}"))
    unfinished = schemas.with_suffix(".new")
    made = run("dt-mk-schema", "-j", "-o", unfinished, bindings, SOURCE / "tests/schema/riscv-isa.yaml")
    if made.returncode != 0:
        sys.exit(made.stderr)
    unfinished.rename(schemas)
    return schemas


def guest_trees(partc, folder):
    """What partc makes of each description on each board; the images are of no account here and stand in for the real ones."""
    images = folder / "images"
    images.mkdir(exist_ok=True)
    trees = []
    sources = sorted([*SOURCE.glob("dts/*.dts"), *SOURCE.glob("tests/*/dts/*.dts")])
    for source in sources:  # first, as some include others
        for image in re.findall(r'image = "(.*?)"', source.read_text(encoding="utf-8")):
            (images / image).write_bytes(b"\x13\0\0\0" * 100)
    for source in sources:
        # The tests' own descriptions are about the shipped boards, and those that grant devices about one socket: others
        # have an APLIC of their own.
        own = source.parent == SOURCE / "dts"
        for board in [board for board in boards() if not board.name.endswith("sockets")] if own else shipped_boards():
            if not fits(source, board):
                continue
            output = folder / f"{source.stem}.{board.name}"
            done = run(partc, "build", "--platform", board.name, "--include", board, "--load-address", "0x80200000",
                       "--images", images, "--output", output, source)
            if done.returncode != 0:
                sys.exit(f"mullion: {source} on {board}:\n{done.stderr}")
            trees += sorted(output.glob("*.dtb"))
    return trees


def complaints(schemas, trees):
    """dt-validate exits 0 whatever it says; -m adds the nodes that no schema knows."""
    done = run("dt-validate", "-m", "-s", schemas, *trees)
    names = {str(tree) for tree in trees}
    said = []
    for line in done.stderr.splitlines():
        tree, _, text = line.partition(":")
        if not line.startswith("\t"):  # where the schema is that the line before is about
            said.append(re.sub(r"^[0-9]+:[0-9]+: ", "", text).strip() if tree in names else line)
    return said


WRONG = """/dts-v1/; / { #address-cells = <1>; #size-cells = <1>; compatible = "mullion,guest"; model = "wrong";
    clock { compatible = "fixed-clock"; #clock-cells = <0>; clock-frequency = "fast"; }; };"""


def notices(schemas, folder):
    """Whether a wrong tree is told from right ones."""
    wrong = folder / "wrong.dtb"
    run("dtc", "-q", "-I", "dts", "-O", "dtb", "-o", wrong, "-", input=WRONG)
    return any("clock-frequency" in text for text in complaints(schemas, [wrong]))


def main():
    partc, folder = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    archive = linux_source()
    schemas = schemas_of(archive, folder)
    if not notices(schemas, folder):
        sys.exit(f"mullion: dt-validate finds nothing wrong with {WRONG}")
    trees = guest_trees(partc, folder)
    said = complaints(schemas, trees)
    known = known_complaints(KNOWN_OF_GUESTS)
    for pattern in gone(said, known):
        print(f"mullion: nothing says this here (another version of the bindings may): {pattern}")
    new = unknown(said, known)
    for text in new:
        print(f"mullion: {text}")
    print(f"mullion: {len(trees)} guest trees against the bindings of {archive.name}: {len(new)} complaints")
    return 1 if new else 0


if __name__ == "__main__":
    sys.exit(main())
