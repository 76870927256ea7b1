#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""guest_trees_test.py PARTC: dtc has nothing to say about the guests' trees of any shipped description, on any CPU."""
import sys
import tempfile
import unittest
from pathlib import Path

from guest_trees import guest_trees
from trees import run

PARTC = sys.argv.pop(1)


class GuestTreesTest(unittest.TestCase):
    def test_dtc_warns_of_nothing(self):
        with tempfile.TemporaryDirectory() as scratch:
            trees = guest_trees(PARTC, Path(scratch))
            self.assertGreater(len(trees), 30)
            for tree in trees:
                said = run("dtc", "-I", "dtb", "-O", "dtb", "-o", "/dev/null", tree)
                self.assertEqual((said.returncode, said.stderr), (0, ""), tree)


if __name__ == "__main__":
    unittest.main()
