// SPDX-License-Identifier: Apache-2.0
#include "run/sbi_port.hpp"

#include "vm/sbi/base.hpp"
#include "vm/sbi/dbcn.hpp"
#include "vm/sbi/hsm.hpp"
#include "vm/sbi/srst.hpp"

namespace mullion::run {

constinit HartPort hart_port;

constinit const SbiRoom base{base_row<HartPort>};
constinit const SbiRoom hsm{hsm_row<HartPort>};
constinit const SbiRoom srst{srst_row<HartPort>};
constinit const SbiRoom dbcn{dbcn_row<HartPort>};

// HLV.D raises what a load of the guest's would, but for guest-page faults, which no guest knows: as on a bus where
// nobody answers (run/exits.cpp).
std::expected<std::uint64_t, GuestFault> HartPort::load_guest(Gva at) {
    const auto loaded = arch::load_guest_doubleword(at);
    if (loaded.fault == 0) {
        return loaded.value;
    }
    const bool guest_page = loaded.fault == csr::cause::load_guest_page;
    return std::unexpected{
        GuestFault{guest_page ? csr::cause::load_access : loaded.fault, arch::read<arch::Csr::stval>()}};
}

void HartPort::raise_at_call(const GuestFault& fault) {
    arch::write<arch::Csr::sepc>(arch::read<arch::Csr::sepc>() - ecall_length);
    arch::guest_hart::inject(fault.cause, fault.value);
}

}  // namespace mullion::run
