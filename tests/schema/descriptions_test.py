#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every description that is shipped is valid by the schemas in docs/bindings, and wrong ones are not."""
import tempfile
import unittest
from pathlib import Path

from trees import BINDINGS, SOURCE, Schemas, boards, compiled, fits, gone, known_complaints, run, shipped_boards, unknown

QEMU = SOURCE / "dts/platform/qemu"

# What a schema must refuse: a name, the text that is replaced, its replacement, and a part of the complaint.
WRONG = [
    ("partitions-word", 'compatible = "mullion,partitions";', '\\0 colour = "red";', "colour"),
    ("services-word", 'compatible = "mullion,partitions";', '\\0 services = "pmus";', "services"),
    ("services-number", 'compatible = "mullion,partitions";', "\\0 services = <1>;", "services"),
    ("partitions-name", "beta {", "Beta {", "does not match '^[a-z]"),
    ("name-long", "beta {", "beta-beta-beta {", "does not match '^[a-z]"),
    ("compatible", '"mullion,partition";', '"mullion,guest";', "'mullion,partition' was expected"),
    ("no-compatible", 'compatible = "mullion,partition";', "", "'compatible' is a required property"),
    ("no-cells", "#address-cells = <2>;\n            #size-cells = <2>;\n            cpus",
     "#size-cells = <2>;\n            cpus", "'#address-cells' is a required property"),
    ("cells", "#size-cells = <2>;\n            cpus", "#size-cells = <3>;\n            cpus", "is not one of [1, 2]"),
    ("no-cpus", "cpus = <&cpu2 &cpu3>;", "", "'cpus' is a required property"),
    ("cpus-string", "cpus = <&cpu2 &cpu3>;", 'cpus = "cpu2";', "cpus: size"),
    ("devices-string", "devices = <&rtc>;", 'devices = "rtc0";', "devices: size"),
    ("overlay-number", "devices = <&rtc>;", "\\0 overlay = <1>;", "overlay"),
    ("bootargs-number", 'bootargs = "console=ttyS0 hostname=beta";', "bootargs = <0>;", "bootargs"),
    ("dma-value", "devices = <&rtc>;", "\\0 allow-unprotected-dma = <1>;", "allow-unprotected-dma"),
    ("watchdog-value", "devices = <&rtc>;", '\\0 watchdog = "5 s";', "watchdog"),
    ("policy-word", "ramdisk {", 'policy { on-boot = "restart"; }; \\0', "'on-boot' does not match"),
    ("policy-action", "ramdisk {", 'policy { on-crash = "explode"; }; \\0', "'explode' is not one of"),
    ("policy-limit", "ramdisk {", "policy { on-crash-limit = <17 60>; }; \\0", "17 is greater than the maximum of 16"),
    ("policy-times", "ramdisk {", "policy { on-reboot-limit = <3 60 1>; }; \\0", "is too long"),
    ("policy-stop", "ramdisk {", 'policy { stop-request = "please"; }; \\0', "'please' is not one of"),
    ("policy-timeout", "ramdisk {", 'policy { stop-request = "sysrq"; stop-timeout = <2>; }; \\0',
     "2 is less than the minimum of 3"),
    ("policy-flag", "ramdisk {", "policy { start-by-operator = <1>; }; \\0", "start-by-operator"),
    ("unknown-property", "devices = <&rtc>;", "\\0 device = <&rtc>;", "'device' does not match"),
    ("unknown-node", "ramdisk {", 'disk { image = "x"; }; \\0', "'disk' does not match"),
    ("no-kernel", 'kernel {\n                image = "linux";\n            };', "", "'kernel' is a required property"),
    ("kernel-image", 'image = "linux";', "", "'image' is a required property"),
    ("kernel-word", 'image = "linux";', "\\0 lode = <0>;", "'lode' does not match"),
    ("kernel-load", 'image = "linux";', "\\0 load = <0 1 2>;", "kernel:load"),
    ("kernel-entry", 'image = "linux";', '\\0 entry = "start";', "entry"),
    ("ramdisk-image", 'image = "initrd";', "image = <1>;", "image"),
    ("ramdisk-word", 'image = "initrd";', "\\0 load = <0>;", "'load' does not match"),
    ("memory-type", 'device_type = "memory";\n                reg', "reg", "'device_type' is a required property"),
    ("memory-word", 'device_type = "memory";\n                reg', "host = <0>; \\0", "'host' does not match"),
    ("memory-reg", "reg = <0x0 0x80000000  0x0 0x20000000>;", "", "'reg' is a required property"),
    ("memory-two", "0x0 0x20000000>;", "0x0 0x1000 0x0 0x90000000 0x0 0x1000>;", "is too long"),
    ("memory-host", 'device_type = "memory";\n                reg', "host-address = <0 0 0>; \\0", "host-address: "),
]


def shipped():
    return sorted([*SOURCE.glob("dts/*.dts"), *SOURCE.glob("tests/*/dts/*.dts")])


class DescriptionsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        cls.folder = Path(cls.scratch.name)
        cls.schemas = Schemas(cls.folder)

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    def test_schemas_are_schemas(self):
        for files, base in ((sorted(BINDINGS.glob("*.yaml")), BINDINGS), (["riscv-isa.yaml"], Path(__file__).parent)):
            said = run("dt-doc-validate", "-u", base, *(Path(file).name for file in files), cwd=base)
            self.assertEqual((said.stdout + said.stderr, said.returncode), ("", 0))

    def test_shipped_descriptions_are_valid(self):
        trees = []
        for board in boards():
            own = [SOURCE / "dts/two-linux.dts", SOURCE / "dts/two-disks.dts"]
            for source in shipped() if board in shipped_boards() else own:
                if fits(source, board):
                    trees.append(compiled(source, board, self.folder / f"{source.stem}.{board.name}.dtb"))
        board = SOURCE / "tests/partc/board"
        for source in SOURCE.glob("tests/partc/good/*.dts"):
            if "." not in source.stem:  # the others are guests' trees
                trees.append(compiled(source, board, self.folder / f"{source.stem}.dtb"))
        self.assertGreater(len(trees), 10)
        said = self.schemas.complaints(trees)
        texts = [text for texts in said.values() for text in texts]
        self.assertEqual(unknown(texts, known_complaints()), [],
                         "\n".join(f"{tree}: {text}" for tree, texts in said.items() for text in texts))
        self.assertEqual(gone(texts, known_complaints(of_every_release=True)), [],
                         "known-complaints: nothing says this any more: take it out")

    def test_wrong_descriptions_are_refused(self):
        text = (SOURCE / "dts/two-linux.dts").read_text(encoding="utf-8")
        trees = []
        for name, old, new, _ in WRONG:
            self.assertIn(old, text, f"{name}: nothing to replace")
            source = self.folder / f"{name}.dts"
            source.write_text(text.replace(old, new.replace("\\0", old)), encoding="utf-8")
            trees.append(compiled(source, QEMU, self.folder / f"{name}.dtb"))
        said = self.schemas.complaints(trees)
        for name, _, _, wanted in WRONG:
            with self.subTest(name):
                texts = said[str(self.folder / f"{name}.dtb")] + said[None]
                self.assertTrue(any(wanted in text for text in texts), f"wanted {wanted!r} in {texts}")

    def test_a_complaint_is_known_or_fails_and_a_known_one_appears(self):
        said = ["cpu@0: a", "cpu@1: a"]
        self.assertEqual((unknown(said, ["cpu@[0-9]: a"]), gone(said, ["cpu@[0-9]: a"])), ([], []))
        self.assertEqual(unknown([*said, "cpu@0: b"], ["cpu@[0-9]: a"]), ["cpu@0: b (1 times)"])
        self.assertEqual(gone(said, ["cpu@[0-9]: a", "rtc"]), ["rtc"])


if __name__ == "__main__":
    unittest.main()
