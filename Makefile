# SPDX-License-Identifier: Apache-2.0
# The commands of the README: a thin face of CMake (CMakeLists.txt). `make help` lists them.
#
# Targets run one after the other, whatever -j says: each step below hands its own work to ninja, which uses all
# processors.
.NOTPARALLEL:
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-builtin-variables --no-print-directory
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c

PARTITIONS ?= dts/two-linux.dts
# What a description needs besides itself may stand in a file beside it: its PLATFORM, IMAGES to build, QEMU_DEVICES to run
# it with, and, where it has some of these, QEMU_BOARD: a name of the machine with them.
-include $(patsubst %.dts,%.mk,$(filter %.dts,$(PARTITIONS)))
PLATFORM ?= qemu
CPU ?=
HARTS ?=
MEMORY ?=
QEMU ?=
QEMU_EXTRA ?=
BIOS ?=
CROSS_COMPILE ?=
KERNEL ?=
INITRD ?=
INITRD_ADD ?=
DEBIAN_MIRROR ?=
NO_INSTALL ?=
N ?= 1000
FUZZ_SECONDS ?= 600
HOURS ?= 3
SEED ?= 1
COLOR ?= $(if $(MAKE_TERMOUT),1,0)
MULLION_WERROR ?= OFF
export QEMU BIOS CROSS_COMPILE KERNEL INITRD DEBIAN_MIRROR NO_INSTALL

.PHONY: all
all: build

# --- what the variables may be -------------------------------------------------------------------------------------

platforms := $(basename $(notdir $(wildcard configs/*.mk)))
ifeq ($(filter $(PLATFORM),$(platforms)),)
    $(error PLATFORM=$(PLATFORM) is unknown; there is: $(platforms))
endif
include configs/$(PLATFORM).mk

# The machine, and its name where it is not the one of the board file: rva23s64, rv64-sstc-off, max-8x4G, disks.
empty :=
comma := ,
space := $(empty) $(empty)
cpu := $(or $(CPU),$(DEFAULT_CPU))
harts := $(or $(HARTS),$(DEFAULT_HARTS))
memory := $(or $(MEMORY),$(DEFAULT_MEMORY))
shape := $(filter-out $(DEFAULT_HARTS)x$(DEFAULT_MEMORY),$(harts)x$(memory))
named = $(subst =,-,$(subst $(comma),-,$(1)))
machine := $(filter-out $(call named,$(DEFAULT_CPU)),$(call named,$(cpu))$(addprefix -,$(shape)))
machine := $(subst $(space),-,$(strip $(machine) $(QEMU_BOARD)))
ifneq ($(shell LC_ALL=C; [[ '$(cpu) $(harts) $(memory)' =~ ^[a-z0-9,=-]*\ [0-9]*\ [0-9MG]*$$ ]] && echo sane),sane)
    $(error CPU=$(cpu) HARTS=$(harts) MEMORY=$(memory): a CPU is as QEMU has it (rv64$(comma)sstc=off), memory like 512M or 4G)
endif

# $(call existing,VARIABLE): its value as an absolute path, once it is known to exist
existing = $(or $(abspath $(wildcard $($(1)))),$(error $(1)=$($(1)) does not exist))

ifeq ($(filter %.dts,$(PARTITIONS)),)
    $(error PARTITIONS=$(PARTITIONS) is not one description (FILE.dts))
endif
partitions := $(call existing,PARTITIONS)

ifeq ($(filter 0 1,$(COLOR)),)
    $(error COLOR=$(COLOR) is neither 0 nor 1)
endif

# --- images of the user's own --------------------------------------------------------------------------------------

# $(call own,VARIABLE,ROLE): VARIABLE=FILE is for all guests, VARIABLE_GUEST=FILE for one.
own = $(if $($(1)),$(2)=$(call existing,$(1))) \
      $(foreach v,$(filter-out INITRD_ADD,$(filter $(1)_%,$(.VARIABLES))),$(v:$(1)_%=%).$(2)=$(call existing,$(v)))
images := $(strip $(call own,KERNEL,kernel) $(call own,INITRD,ramdisk))
ifneq ($(INITRD_ADD),)
    initrd_added := $(CURDIR)/build/images/initrd-added
    initrd_folder := $(call existing,INITRD_ADD)
    images := $(filter-out ramdisk=%,$(images)) ramdisk=$(initrd_added)
endif

# Debian's kernel and initramfs, unless both are the user's own.
debian := $(if $(and $(KERNEL),$(INITRD)),,build/images/linux build/images/initrd)

# --- what is built, and where --------------------------------------------------------------------------------------

name := $(basename $(notdir $(partitions)))$(addprefix .,$(machine))
folder := build/$(PLATFORM)/$(name)
target := $(if $(filter qemu,$(PLATFORM)),partitions-,partitions+$(PLATFORM)+)$(name)
of_qemu = -DMULLION_PLATFORM=$(PLATFORM) -DMULLION_QEMU=$(or $(shell command -v "$(or $(QEMU),$(QEMU_DEFAULT))"),OFF)
selection = $(of_qemu) -DMULLION_PARTITIONS=$(partitions) \
            "-DMULLION_MACHINE=$(subst $(space),;,$(strip $(if $(machine),$(machine) $(cpu) -smp $(harts) -m $(memory) \
                $(if $(QEMU_BOARD),$(QEMU_DEVICES)))))" \
            "-DMULLION_IMAGES=$(subst $(space),;,$(images))" -DMULLION_COLOR=$(COLOR)
no_selection = $(of_qemu) -DMULLION_PARTITIONS= -DMULLION_MACHINE= -DMULLION_IMAGES= -DMULLION_COLOR=0 -DMULLION_MATRIX=OFF \
               -DMULLION_SCALE=OFF
configure = tools/setup/configure.sh
ninja = tools/setup/ninja.sh
build_type = -DMULLION_WERROR=$(MULLION_WERROR)

qemu = $(or $(QEMU),$(QEMU_DEFAULT)) -machine $(QEMU_MACHINE) $(addprefix -cpu ,$(cpu)) \
       $$(cat $(folder)/qemu.args) -bios $(or $(BIOS),default) -kernel $(folder)/mullion.bin \
       $(QEMU_ARGUMENTS) $(QEMU_DEVICES) $(QEMU_EXTRA)

# --- targets -------------------------------------------------------------------------------------------------------

.PHONY: build run debug test setup clean help qemu-args
build: setup-$(if $(machine),run,build) partc $(debian) $(initrd_added) $(IMAGES)
	@$(configure) riscv64 $(build_type) $(selection)
	@$(ninja) build/riscv64 $(target)
	@grep -E '^(text|image|stage-2|each)' $(folder)/sizes.txt | sed 's/^/mullion:   /'
	@echo "mullion: built $(folder)/mullion.bin (raw image for QEMU and U-Boot), mullion.elf (symbols), report.txt," \
	    "sizes.txt"

# QEMU may be left while the console has the terminal's wrapping off.
run: setup-run build
	@status=0; $(qemu) || status=$$?; [ ! -t 1 ] || printf '\033[0m\033[?7h'; exit $$status

debug: setup-debug build
	@echo "mullion: QEMU waits for a debugger; in another terminal:"
	@echo "    gdb-multiarch $(CURDIR)/$(folder)/mullion.elf -ex 'target remote :1234'"
	@$(qemu) -S -s

qemu-args:
	@$(MAKE) build >&2
	@echo $(qemu)

test: setup-test build/images/linux build/images/initrd build/images/initrd-perf build/images/initrd-disk \
      build/images/disk build/images/disk-2 build/images/initrd-watchdog build/images/u-boot build/images/linux-and-initrd
	@$(configure) host $(build_type) -DMULLION_TESTS=ON
	@$(ninja) build/host
	@$(configure) riscv64 $(build_type) $(no_selection)
	@$(ninja) build/riscv64 all partitions
	@$(configure) checked $(build_type) -DMULLION_TESTS=ON
	@$(ninja) build/checked
	@rm -f build/tests.xml
	@ctest --test-dir build/host --parallel $$(nproc) --output-on-failure --no-tests=error \
	    --output-junit $(CURDIR)/build/tests.xml || true
	@tests/summary.sh build/tests.xml

.PHONY: test-schemas
test-schemas: setup-schemas partc
	@tests/schema/guest_trees.py build/host/bin/partc build/schemas
	@tests/schema/power_names.py build/host/bin/partc build/schemas

.PHONY: bench
bench: setup-run partc build/images/linux build/images/initrd
	@$(configure) riscv64 $(build_type) $(no_selection)
	@$(ninja) build/riscv64 partitions-bench partitions+qemu-plic+bench partitions+qemu-aplic+bench partitions-fence \
	    partitions-boot partitions-boot.rv64-svpbmt-on partitions-boot.rv64-zicboz-off
	@for platform in qemu qemu-plic qemu-aplic; do \
	    echo "$$platform:"; tests/bench/bench.sh build $$platform bare || failed=1; \
	    tests/bench/plot.sh build/$$platform; done; [ -z "$${failed:-}" ]
	@tests/bench/fence.sh build
	@tests/bench/boot.sh build
	@tests/bench/scale.sh build

# Five minutes: machines of 1 to 64 harts and 1 to 32 guests.
.PHONY: scale
scale: setup-run partc
	@$(configure) riscv64 $(build_type) $(no_selection) -DMULLION_SCALE=ON
	@$(ninja) build/riscv64 scale
	@tests/scale/machines.sh build

# Takes half an hour. What partc or the compiler refuses has its reason in build/matrix.log, and counts as skipped.
.PHONY: test-matrix
test-matrix: setup-test build/images/linux build/images/initrd
	@$(configure) host $(build_type) -DMULLION_TESTS=ON
	@$(ninja) build/host partc audit target_matrix_test
	@$(configure) riscv64 $(build_type) $(no_selection) -DMULLION_MATRIX=ON
	@ninja -C build/riscv64 -k 0 matrix >build/matrix.log 2>&1 || true
	@tests/matrix/matrix.sh build docs/testing.md

.PHONY: soak
soak: setup-test
	@$(configure) host $(build_type) -DMULLION_TESTS=ON
	@$(ninja) build/host partc audit target_soak_test
	@$(configure) riscv64 $(build_type) $(no_selection)
	@$(ninja) build/riscv64 partitions-two-probes
	@MULLION_SOAK=$(N) build/host/bin/target_soak_test
	@echo "mullion: $(N) restarts, and the neighbour did not notice"

# The platforms one after the other, each for its share of the time.
.PHONY: siege
siege: setup-test
	@$(configure) host $(build_type) -DMULLION_TESTS=ON
	@$(ninja) build/host partc audit target_siege_test
	@$(configure) riscv64 $(build_type) $(no_selection)
	@$(ninja) build/riscv64 partitions-siege partitions+qemu-plic+siege partitions+qemu-aplic+siege
	@MULLION_SIEGE_SECONDS=$$(awk 'BEGIN { print int($(HOURS) * 1200) }') MULLION_SIEGE_SEED=$(SEED) \
	    build/host/bin/target_siege_test --gtest_filter='Platform/*'
	@echo "mullion: besieged for $(HOURS) hours from seed $(SEED), and the neighbour did not notice"

.PHONY: litmus
litmus:
	@tests/litmus/run.sh

# Half an hour and more of one processor: each is compiled, and most are tried by tests, too.
.PHONY: mutants
mutants: setup-test
	@tests/mutants/mutants.py

# What is found lands in build/checked/artifacts; the corpora grow from run to run.
.PHONY: fuzz
fuzz: setup-fuzz
	@$(configure) checked $(build_type)
	@$(ninja) build/checked fuzzers
	@tests/fuzz/run.sh build/checked fuzz_blob -max_total_time=$(FUZZ_SECONDS)
	@tests/fuzz/run.sh build/checked fuzz_firmware-tree -max_total_time=$(FUZZ_SECONDS)
	@tests/fuzz/run.sh build/checked fuzz_description -max_total_time=$(FUZZ_SECONDS)
	@tests/fuzz/run.sh build/checked fuzz_console -max_total_time=$(FUZZ_SECONDS)

setup: setup-run
	@echo "mullion: everything is there"

setup-%:
	@tools/setup/setup.sh $*

clean:
	@find build -mindepth 1 -maxdepth 1 ! -name debian -exec rm -rf {} + 2>/dev/null || true
	@echo "mullion: removed what was built; the downloads stay in build/debian"

.PHONY: partc
partc: setup-build
	@$(configure) host $(build_type)
	@$(ninja) build/host partc audit

# --- Debian's guest ------------------------------------------------------------------------------------------------

build/debian/linux build/debian/modules build/debian/busybox &: | setup-build
	@guests/debian/fetch.sh

build/images/linux: build/debian/linux
	@mkdir -p $(@D)
	@ln -f $< $@

build/images/initrd: build/debian/busybox guests/debian/initrd.sh guests/debian/root.sh $(shell find guests/debian/root -type f)
	@guests/debian/initrd.sh $@
	@touch $@

# For the tests alone: Debian's perf, 44 MB to download once.
build/debian/perf/bin/perf: | setup-build
	@guests/debian/perf.sh

build/images/initrd-perf: build/images/initrd build/debian/perf/bin/perf
	@guests/debian/initrd.sh $@ $< build/debian/perf
	@touch $@

build/images/initrd-disk: build/debian/modules build/images/initrd guests/debian/modules.sh \
                          $(shell find guests/debian/disk -type f)
	@guests/debian/modules.sh $@ build/images/initrd guests/debian/disk
	@touch $@

# For the tests alone: what drives a guest's watchdog.
build/images/initrd-watchdog: build/debian/modules build/images/initrd guests/debian/modules.sh \
                              guests/debian/watchdog/modules
	@guests/debian/modules.sh $@ build/images/initrd guests/debian/watchdog
	@touch $@

build/images/disk: build/debian/busybox guests/debian/disk.sh guests/debian/root.sh \
                   $(shell find guests/debian/root guests/debian/disk -type f)
	@guests/debian/disk.sh $@

build/images/disk-2: build/images/disk
	@cp --sparse=always $< $@

# For the tests alone: a boot loader, 2 MB to download once, and what it boots, in one file.
build/debian/u-boot: | setup-build
	@guests/debian/uboot.sh

build/images/u-boot: build/debian/u-boot
	@mkdir -p $(@D)
	@ln -f $< $@

build/images/linux-and-initrd: build/images/linux build/images/initrd
	@cp $< $@.partial
	@chmod u+w $@.partial
	@truncate -s %4096 $@.partial
	@cat build/images/initrd >>$@.partial
	@mv $@.partial $@

# The folder is looked at each time: initrd.sh leaves the file alone if nothing has changed.
.PHONY: $(initrd_added)
$(initrd_added): $(if $(INITRD),,build/images/initrd)
	@guests/debian/initrd.sh $@ $(if $(INITRD),$(call existing,INITRD),build/images/initrd) $(initrd_folder)

define help_text
Mullion divides a RISC-V machine into partitions, one guest in each.

  make              build the image of a description
  make run          build it and boot it in QEMU; Ctrl-A x leaves QEMU
  make debug        the same, halted, with a gdb stub; prints how to attach
  make test         build and run all tests
  make test-matrix  boot a probe and two Debian guests on every platform with every kind of harts (half an hour)
  make test-schemas validate the guests' trees by the bindings of Debian's linux-source (installs it, 140 MB)
  make soak         restart a guest N=1000 times beside a busy neighbour, and see that it does not notice
  make siege        attack a guest's neighbour and Mullion from a guest, for HOURS=3 in all, from SEED=1 on
  make bench        measure what Mullion costs, against OpenSBI alone and the budgets
  make scale        boot machines of 1 to 64 harts and 1 to 32 guests, and draw what they cost (five minutes)
  make litmus       ask herd7, where it is installed, about the races of tests/litmus
  make mutants      change what computes and proves the tables, an expression at a time, and see each found (half an hour)
  make fuzz         feed partc, the auditor and the console random inputs, for longer than `make test` does
  make setup        only look for the tools that are needed, and install what is missing
  make qemu-args    print the QEMU command that `make run` uses
  make clean        remove what was built (the downloads in build/debian stay)

What to build:
  PLATFORM=$(PLATFORM)     the board ($(platforms))
  PARTITIONS=$(PARTITIONS)
                    the description: who gets which harts, memory and devices
  CPU=$(cpu)          the kind of harts, as QEMU names it: max, rva23s64, rv64,sstc=off ...
  HARTS=$(harts)           how many; MEMORY=$(memory) how much RAM
  KERNEL=FILE       a kernel for all guests in place of the description's; KERNEL_alpha=FILE for the guest alpha
  INITRD=FILE       an initramfs, likewise; INITRD_alpha=FILE
  INITRD_ADD=DIR    adds the files in DIR to all guests' initramfs
  COLOR=0|1         console tags in colour (default: whether this is a terminal)

With what:
  QEMU=PROGRAM      QEMU 9 or newer (default: $(QEMU_DEFAULT))
  QEMU_EXTRA=ARGS   more arguments for QEMU
  BIOS=FILE         the SBI firmware (default: the OpenSBI that QEMU finds)
  CROSS_COMPILE=PREFIX
                    the compiler (default: riscv64-linux-gnu-)
  DEBIAN_MIRROR=URL where Debian's kernel and busybox come from (default: this machine's own mirror)
  NO_INSTALL=1      install nothing: print what is missing, and stop
  FUZZ_SECONDS=N    how long `make fuzz` runs each fuzzer (default: 600)

The image lands in build/PLATFORM/DESCRIPTION/; for another machine, in DESCRIPTION.MACHINE/. QEMU then says what its
board is; without CPU, HARTS and MEMORY it is dts/platform/PLATFORM/platform.dtsi.
endef

help:
	$(info $(help_text))
	@:
