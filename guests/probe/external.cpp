// SPDX-License-Identifier: Apache-2.0
#include "probe/external.hpp"

#include "probe/devices.hpp"
#include "probe/plic.hpp"

namespace probe::external {
namespace {

bool has_imsic() {
    return machine().imsic.size != 0;
}

}  // namespace

/// Listens to a source. An MSI's identity is its source's number.
void listen(std::uint32_t source) {
    if (has_imsic()) {
        imsic::clear();
        imsic::enable(source);
        aplic::route(source, aplic::level_high, this_hart().id, source);
    } else {
        plic::route(source);
    }
    set_csr<sie>(1 << external_interrupt);
}

void ignore(std::uint32_t source) {
    has_imsic() ? aplic::unroute(source) : plic::unroute(source);
}

std::uint32_t claim() {
    return has_imsic() ? static_cast<std::uint32_t>(imsic::claim()) : plic::take();
}

void complete(std::uint32_t source) {
    has_imsic() ? aplic::write(aplic::setipnum_le, source) : plic::complete(source);
}

}  // namespace probe::external
