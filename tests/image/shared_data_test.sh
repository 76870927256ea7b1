#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# shared_data_test.sh PREFIX FOLDER: checks that exits of different guests share nothing in the hypervisor of FOLDER but
# what shared_data.txt names. A small program shows that shared_data.py sees what an exit reaches, on every way there.
set -euo pipefail
prefix=$1
folder=$2
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

check() {
    /usr/bin/python3 "$here/shared_data.py" "$prefix" "$@"
}

check "$folder/mullion.elf" "$here/shared_data.txt"

cat >"$work/program.cpp" <<'END'
struct Object { int count; };
Object direct{1};
Object by_pointer, by_call, by_function, unreached;
extern Object* const pointer;
extern void (*const function)();
Object* const pointer = &by_pointer;
[[gnu::noinline]] void call() { ++by_call.count; asm(""); }
void through() { ++by_function.count; }
void (*const function)() = &through;
extern "C" void other() { ++unreached.count; }
extern "C" void trap_entry() {
    ++direct.count;
    ++(*const_cast<Object* const volatile*>(&pointer))->count;
    (*const_cast<void (*const volatile*)()>(&function))();
    call();
}
END
"${prefix}g++" -O2 -mcmodel=medany -msmall-data-limit=0 -fdata-sections -ffreestanding -nostdlib -static -fno-pie -no-pie -Wl,--build-id=none \
    -Wl,--no-warn-rwx-segments -Wl,-e,trap_entry -Wl,-Ttext=0x80200000 -o "$work/program" "$work/program.cpp"
printf '%s\n' 'path every trap_entry' 'without call' 'direct: listed' 'gone: listed' >"$work/list"
found=$(check "$work/program" "$work/list") && status=0 || status=$?
expected='every: by_function: reached, and not listed: trap_entry > function > through > by_function
every: by_pointer: reached, and not listed: trap_entry > pointer > by_pointer
every: gone: listed, and not reached'
[ $status -eq 1 ] && [ "$found" = "$expected" ] || { echo "of what is wrong it found: $found" >&2; exit 1; }
printf '%s\n' 'path every trap_entry' 'direct: x' 'by_call: x' 'by_function: x' 'by_pointer: x' >"$work/list"
check "$work/program" "$work/list"
