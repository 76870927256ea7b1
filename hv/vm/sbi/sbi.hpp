// SPDX-License-Identifier: Apache-2.0
// An SBI call of a guest: which extension answers it. Only the PMU passes something on to the firmware.
#pragma once

#include <cstdint>

#include "core/csr.hpp"
#include "core/sbi.hpp"
#include "vm/sbi/base.hpp"
#include "vm/sbi/dbcn.hpp"
#include "vm/sbi/fwft.hpp"
#include "vm/sbi/hsm.hpp"
#include "vm/sbi/ipi.hpp"
#include "vm/sbi/legacy.hpp"
#include "vm/sbi/pmu.hpp"
#include "vm/sbi/port.hpp"
#include "vm/sbi/rfence.hpp"
#include "vm/sbi/srst.hpp"
#include "vm/sbi/sse.hpp"
#include "vm/sbi/sta.hpp"
#include "vm/sbi/susp.hpp"
#include "vm/sbi/time.hpp"
#include "vm/vcpu.hpp"

namespace mullion {

/// The extensions that no guest calls often. Apart from the hot ones, so that those save no registers for them.
template <SbiPort Port>
[[gnu::noinline, gnu::cold]] SbiResult sbi_cold_call(VCpu& self, Port& port, std::uint64_t a0, std::uint64_t a1,
                                                     std::uint64_t a2, std::uint64_t a3, std::uint64_t fid,
                                                     std::uint64_t eid) {
    self.log.add({csr::cause::ecall_vs, port.guest_pc(), eid, fid});
    switch (static_cast<SbiExtension>(eid)) {
        case SbiExtension::hsm:
            self.count(Exit::sbi_hsm);
            return sbi_hsm(self, port, static_cast<HsmFunction>(fid), a0, {Gpa{a1}, a2});
        case SbiExtension::srst:
            self.count(Exit::sbi_srst);
            return sbi_srst(port, static_cast<SrstFunction>(fid), a0, a1);
        case SbiExtension::dbcn:
            self.count(Exit::sbi_dbcn);
            return sbi_dbcn(self, port, static_cast<DbcnFunction>(fid), {a0, a1, a2});
        case SbiExtension::susp:
            self.count(Exit::sbi_susp);
            return sbi_susp(self, port, static_cast<SuspFunction>(fid), a0, {Gpa{a1}, a2});
        case SbiExtension::sta:
            self.count(Exit::sbi_sta);
            return sbi_sta(self, port, static_cast<StaFunction>(fid), a0, a1, a2);
        case SbiExtension::fwft:
            self.count(Exit::sbi_fwft);
            return sbi_fwft(self, port, static_cast<FwftFunction>(fid), a0, a1, a2);
        default:
            if (is_legacy(eid)) {
                self.count(Exit::sbi_legacy);
                return sbi_legacy(self, port, eid, {a0, a1, a2, a3});
            }
            self.count(Exit::sbi_other);
            return {SbiError::not_supported};
    }
}

/// a0-a4, a6 (function) and a7 (extension) of the guest; the result belongs in a0 and a1, every other register stays.
/// No function has an argument in a5. The functions that end or restart the hart do not return on target.
/// The order is that of the compares: what a guest may call often comes first, and needs no stack frame.
template <SbiPort Port>
[[gnu::always_inline]] inline SbiResult sbi_call(VCpu& self, Port& port, std::uint64_t a0, std::uint64_t a1,
                                                 std::uint64_t a2, std::uint64_t a3, std::uint64_t a4,
                                                 std::uint64_t fid, std::uint64_t eid) {
    const auto extension = static_cast<SbiExtension>(eid);
    if (extension == SbiExtension::base) {
        self.count(Exit::sbi_base);
        return sbi_base(port, static_cast<BaseFunction>(fid), a0);
    }
    if (extension == SbiExtension::time) {
        self.count(Exit::sbi_time);
        return sbi_time(port, static_cast<TimeFunction>(fid), a0);
    }
    if (extension == SbiExtension::ipi) {
        self.count(Exit::sbi_ipi);
        return sbi_ipi(a0, a1, self, static_cast<IpiFunction>(fid), port);
    }
    if (extension == SbiExtension::rfence) {
        self.count(Exit::sbi_rfence);
        return sbi_rfence(a0, a1, a2, a3, a4, self, static_cast<RfenceFunction>(fid), port);
    }
    if (extension == SbiExtension::pmu) {
        return sbi_pmu(a0, a1, a2, a3, a4, self, static_cast<PmuFunction>(fid), port);
    }
    if (extension == SbiExtension::sse) {  // cold too, with an argument more
        return sbi_sse(a0, a1, a2, a3, a4, self, static_cast<SseFunction>(fid), port);
    }
    return sbi_cold_call(self, port, a0, a1, a2, a3, fid, eid);
}

}  // namespace mullion
