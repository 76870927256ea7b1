// SPDX-License-Identifier: Apache-2.0
#include "rooms/fwft.hpp"

#include "arch/firmware.hpp"
#include "arch/guest_hart.hpp"
#include "run/rooms.hpp"

namespace mullion::rooms {
namespace {

// Finds out which features a hart has. The one for misaligned accesses is offered only if the firmware offers it: only
// then is it certain that the firmware emulates them while they are not delegated, as at a hart's start.
void find_features(const Hart& hart, VCpu& self) {
    constexpr auto misaligned = FwftFeature::misaligned_exc_deleg;
    const bool delegates = arch::firmware::probe_extension(SbiExtension::fwft).value != 0 &&
                           arch::firmware::set_feature(misaligned, 0).error == SbiError::success;
    self.firmware_features = {arch::guest_hart::firmware_features(hart), delegates, false, 0};
}

void reset(VCpu& self) {
    mullion::fwft::reset(self, run::hart_port);
}

}  // namespace

constinit const run::StateRoom fwft{fwft_row<run::HartPort>, find_features, reset};

}  // namespace mullion::rooms
