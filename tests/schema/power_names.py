#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""power_names.py PARTC FOLDER: whether partc knows the names by which Linux's bindings tell what a machine ends by.

FOLDER is that of guest_trees.py, which puts the bindings there.
"""
import re
import sys
from pathlib import Path

from trees import SOURCE, run

NAMES = re.compile(r"^ +(?:- |(?:- )?const: )[\"']?([a-z0-9-]+,[A-Za-z0-9._+-]+)[\"']?(?: +#.*)?$", re.MULTILINE)

# Folders of what switches machines off and resets them, but for names of others in them: what a switch refers to, whole
# boards and chips, properties that are required.
ENDS = ("power/reset", "watchdog")
NO_ENDS = {"arm,primecell", "aspeed,ext-active-high", "aspeed,ext-push-pull", "aspeed,reset-mask", "lantiq,rcu",
           "lsi,axxia-syscon", "marvell,armada-3700-cpu-misc", "samsung,cluster-index", "samsung,syscon-phandle",
           "st,syscfg", "ti,keystone-pllctrl", "zii,rave-sp-rdu1"}
# Folders of what switches or trims power, or may hold a firmware.
SWITCHES = ("regulator", "power/supply", "mtd", "mmc", "iio/addac", "iio/dac", "iio/potentiometer")

DESCRIPTION = """/dts-v1/;
#include <platform.dtsi>
/ {{
    soc {{ {nodes} }};
    partitions {{
        compatible = "mullion,partitions";
        alpha {{
            compatible = "mullion,partition";
            #address-cells = <2>; #size-cells = <2>;
            cpus = <&cpu0>; allow-unprotected-dma;
            devices = {devices};
            memory@90000000 {{ device_type = "memory"; identity; reg = <0x0 0x90000000 0x0 0x400000>; }};
            kernel {{ image = "power"; }};
        }};
    }};
}};
"""
DEVICE = """
device{i}: device@10{at:08x} {{ compatible = "{name}"; reg = <0x10 {at:#x} 0x0 0x1000>; }};"""
CHIP = """
device{i}: i2c@10{at:08x} {{ compatible = "snps,designware-i2c"; reg = <0x10 {at:#x} 0x0 0x1000>;
    #address-cells = <1>; #size-cells = <0>; chip@8 {{ compatible = "{name}"; reg = <8>; }}; }};"""


def names(bindings, folders):
    files = [file for folder in folders for file in sorted((bindings / folder).glob("*.yaml"))]
    return sorted({name for file in files for name in NAMES.findall(file.read_text(encoding="utf-8"))})


def granted(partc, folder, found, node, refusal):
    """Those of `found` about whose node partc does not say `refusal` where a guest is given all of them."""
    source = folder / "power.dts"
    nodes = "".join(node.format(i=i, at=i << 12, name=name) for i, name in enumerate(found))
    devices = ", ".join(f"<&device{i}>" for i in range(len(found)))
    source.write_text(DESCRIPTION.format(nodes=nodes, devices=devices), encoding="utf-8")
    (folder / "power").write_bytes(b"\x13\0\0\0")
    done = run(partc, "report", "--platform", "qemu", "--include", SOURCE / "dts/platform/qemu", "--load-address",
               "0x80200000", "--images", folder, source)
    refused = {int(number) for number in re.findall(rf": device(\d+) {refusal}", done.stderr)}
    return [name for i, name in enumerate(found) if i not in refused]


def main():
    partc, folder = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    bindings = next(folder.glob("linux-source-*/Documentation/devicetree/bindings"))
    ends = [name for name in names(bindings, ENDS) if name not in NO_ENDS]
    switches = names(bindings, SWITCHES)
    unknown = (granted(partc, folder, ends, DEVICE, "is a part of the machine") +
               granted(partc, folder, switches, CHIP, "(?:has a node below it, chip@8, which )?is "))
    for name in unknown:
        print(f"mullion: a guest may have this: {name}")
    print(f"mullion: {len(ends)} names of switches and {len(switches)} of chips: {len(unknown)} that partc grants")
    return 1 if unknown or len(ends) < 200 or len(switches) < 500 else 0


if __name__ == "__main__":
    sys.exit(main())
