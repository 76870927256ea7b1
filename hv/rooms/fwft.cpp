// SPDX-License-Identifier: Apache-2.0
#include "rooms/fwft.hpp"

#include "arch/csr.hpp"
#include "arch/firmware.hpp"
#include "arch/guest_hart.hpp"
#include "run/rooms.hpp"

namespace mullion::rooms {
namespace {

/// What the features need (rooms/fwft_port.hpp) on this machine.
struct FwftHartPort : run::HartPort {
    std::uint64_t henvcfg() { return arch::read<arch::Csr::henvcfg>(); }
    std::uint64_t set_henvcfg(std::uint64_t value) { return arch::guest_hart::set_environment(value); }
    void reset_shadow_stack() { arch::guest_hart::reset_shadow_stack(); }
    bool delegate_misaligned(bool delegate) {
        return arch::firmware::set_feature(FwftFeature::misaligned_exc_deleg, delegate ? 1 : 0).error ==
               SbiError::success;
    }
};

constinit FwftHartPort fwft_port;

// Finds out which features a hart has. The one for misaligned accesses is offered only if the firmware offers it: only
// then is it certain that the firmware emulates them while they are not delegated, as at a hart's start.
void find_features(const Hart& hart, VCpu& self) {
    const bool delegates =
        arch::firmware::probe_extension(SbiExtension::fwft).value != 0 && fwft_port.delegate_misaligned(false);
    self.firmware_features = {arch::guest_hart::firmware_features(hart), delegates, false, 0};
}

void reset(VCpu& self) {
    mullion::fwft::reset(self, fwft_port);
}

}  // namespace

constinit const run::StateRoom fwft{room_of<fwft_row<FwftHartPort>, fwft_port>(), find_features, reset};

}  // namespace mullion::rooms
