// SPDX-License-Identifier: Apache-2.0
#include "probe/fresh.hpp"

#include "common/csr.hpp"

namespace probe {

using namespace guest;

namespace {

FreshState state;

}  // namespace

void keep_fresh_state() {
    state = {read_csr<sstatus>(), read_csr<sie>(),   read_csr<sip>(),     read_csr<scounteren>(),
             read_csr<senvcfg>(), read_csr<satp>(),  read_csr<stvec>(),   read_csr<sepc>(),
             read_csr<scause>(),  read_csr<stval>(), read_csr<siselect>()};
}

const FreshState& fresh_state() {
    return state;
}

Floats read_floats() {
    Floats values;
    set_csr<sstatus>(sstatus_fs);
    asm volatile(
        ".option push\n.option arch, +d\n"
        ".irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31\n"
        "fsd f\\n, 8*\\n(%0)\n"
        ".endr\n.option pop\n" ::"r"(values.data())
        : "memory");
    clear_csr<sstatus>(sstatus_fs);
    return values;
}

void write_floats(std::uint64_t value) {
    set_csr<sstatus>(sstatus_fs);
    asm volatile(
        ".option push\n.option arch, +d\n"
        ".irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31\n"
        "fmv.d.x f\\n, %0\n"
        ".endr\n.option pop\n" ::"r"(value)
        : "memory");
    clear_csr<sstatus>(sstatus_fs);
}

}  // namespace probe
