// SPDX-License-Identifier: Apache-2.0
// Which of the services that a description may leave out are in its image. Compiled for each description: what is not
// named here is not linked.
#include <array>
#include <cstddef>

#include "core/services.hpp"
#include "description.hpp"
#include "run/linked_services.hpp"
#include "run/rooms.hpp"
#include "run/sbi_port.hpp"

namespace mullion::run {
namespace {

constexpr bool wanted(Service service) {
    return generated::description.services.has(service);
}

struct SbiTable {
    std::array<const SbiRoom*, 4 + service_count> rooms{&hsm, &dbcn, &srst, &base};
    std::size_t count = 4;
    std::array<const StateRoom*, service_count> stateful{};
    std::size_t stateful_count = 0;

    constexpr void add(Service service, const SbiRoom& room) {
        if (wanted(service)) {
            rooms[count++] = &room;
        }
    }
    constexpr void add(Service service, const StateRoom& room) {
        if (wanted(service)) {
            rooms[count++] = &room;
            stateful[stateful_count++] = &room;
        }
    }
};

/// In the order in which a call is looked for.
constexpr SbiTable make_sbi_table() {
    SbiTable table;
    table.add(Service::pmu, rooms::pmu);
    table.add(Service::sse, rooms::sse);
    table.add(Service::fwft, rooms::fwft);
    table.add(Service::susp, rooms::susp);
    table.add(Service::sta, rooms::sta);
    table.add(Service::legacy, rooms::legacy);
    return table;
}

constexpr auto sbi_table = make_sbi_table();

}  // namespace

constinit const std::span<const SbiRoom* const> sbi_rooms{sbi_table.rooms.data(), sbi_table.count};
constinit const std::span<const StateRoom* const> state_rooms{sbi_table.stateful.data(), sbi_table.stateful_count};
constinit const SoftwareEvents* const software_events = wanted(Service::sse) ? &rooms::software_events : nullptr;
constinit ObeyKey* const obey_key = wanted(Service::terminal) ? rooms::obey_key : nullptr;
constinit const Policies<HartLifePort>* const policies = wanted(Service::policies) ? &rooms::policies : nullptr;
constinit VerifyImages* const verify_images = wanted(Service::verification) ? rooms::verify_images : nullptr;
constinit PrepareChannels* const prepare_channels =
    generated::description.channels.empty() ? nullptr : rooms::prepare_channels;
constinit const PciFunctions* const pci_functions =
    generated::description.board.pci.exists() ? &rooms::pci_functions : nullptr;
constinit const CrashReports* const crash_reports = wanted(Service::crash_report) ? &rooms::crash_reports : nullptr;

}  // namespace mullion::run
