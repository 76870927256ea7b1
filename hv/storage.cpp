// SPDX-License-Identifier: Apache-2.0
// Storage whose size the description decides: a Vm for each guest, a VCpu for each of its harts. Initialised by the
// compiler: there are no static constructors.
#include <algorithm>
#include <array>
#include <cstddef>
#include <type_traits>
#include <utility>

#include "core/tables.hpp"
#include "description.hpp"
#include "rooms/terminal.hpp"
#include "run/linked_services.hpp"
#include "run/machine_console.hpp"
#include "run/vm.hpp"
#include "vm/console.hpp"
#include "vm/no_terminal.hpp"

// Compiled once each, in hv/run/machine_console.cpp and hv/rooms/terminal.cpp; the image has one of them.
extern template class mullion::Console<mullion::run::console::MachineConsolePort, mullion::NoTerminal>;
extern template class mullion::Console<mullion::run::console::MachineConsolePort, mullion::Terminal>;

namespace mullion::run {
namespace {

constexpr const Description& d = generated::description;
constexpr std::size_t guest_count = d.guests.size();

constexpr std::size_t first_vcpu(std::size_t guest) {
    std::size_t first = 0;
    for (std::size_t i = 0; i < guest; ++i) {
        first += d.guests[i].harts.size();
    }
    return first;
}

constexpr std::size_t vcpu_count = first_vcpu(guest_count);

constexpr std::size_t guest_of(std::size_t vcpu) {
    std::size_t guest = 0;
    while (first_vcpu(guest + 1) <= vcpu) {
        ++guest;
    }
    return guest;
}

}  // namespace

// The auditor looks for these two by name.
extern std::array<VCpu, vcpu_count> vcpus;
extern const std::array<VCpu*, d.board.harts.size()> owners;

namespace {

constexpr std::span<VCpu> harts_of(std::size_t guest) {
    return {vcpus.data() + first_vcpu(guest), d.guests[guest].harts.size()};
}

constexpr VCpu make_vcpu(std::size_t i) {
    const auto guest = guest_of(i);
    const auto in_guest = i - first_vcpu(guest);
    return {d.guests[guest], harts_of(guest), in_guest, d.board.harts[d.guests[guest].harts[in_guest]].id};
}

template <std::size_t... i>
constexpr std::array<VCpu, vcpu_count> make_vcpus(std::index_sequence<i...>) {
    return {make_vcpu(i)...};
}

constexpr bool has_plic(const Guest& guest) {
    return guest.controller().kind == DeviceKind::plic;
}

/// Says whether there are PLIC contexts, one for each VCpu.
constexpr bool some_have_plics = std::ranges::any_of(d.guests, has_plic);
constinit std::array<PlicContext, some_have_plics ? vcpu_count : 0> contexts{};

constexpr std::span<PlicContext> contexts_of(std::size_t guest) {
    return std::span<PlicContext>{contexts}.subspan(some_have_plics ? first_vcpu(guest) : 0,
                                                    some_have_plics ? d.guests[guest].harts.size() : 0);
}

// The queues are not members of the guests, so that they lie in .bss and not in the image.
constinit std::array<InputQueue, guest_count> inputs{};
constinit std::array<OutputChannel, guest_count + 1> channels{};

template <std::size_t guest>
using PortOf = std::conditional_t<has_plic(d.guests[guest]), DevicePort, AplicDevicePort>;

template <std::size_t guest>
constinit PortOf<guest> port{d.guests[guest], inputs[guest], channels[guest]};

template <std::size_t guest>
constinit std::array<PciSizing, d.guests[guest].functions.size()> sizing{};

template <std::size_t guest, std::size_t row>
using KindOf = KindOfDevice<d.guests[guest].devices[row].kind>;

/// The emulated device of a row of the description, in cache lines of its own, as its guest is.
template <std::size_t guest, std::size_t row>
alignas(cache_line) constinit
    typename KindOf<guest, row>::Class device = KindOf<guest, row>::make(DeviceSite<PortOf<guest>>{
        d.board, d.guests[guest], d.guests[guest].devices[row], contexts_of(guest), sizing<guest>, port<guest>});

template <std::size_t guest, std::size_t... row>
constexpr std::array<DeviceRow, sizeof...(row)> make_rows(std::index_sequence<row...>) {
    return {DeviceRow::of(d.guests[guest].devices[row], device<guest, row>, KindOf<guest, row>::width)...};
}

template <std::size_t guest>
constexpr auto rows = make_rows<guest>(std::make_index_sequence<d.guests[guest].devices.size()>{});

/// The guest's device of a kind, which it has.
template <std::size_t guest, DeviceKind kind>
constexpr auto& the() {
    constexpr auto row =
        std::ranges::find(d.guests[guest].devices, kind, &VirtualDevice::kind) - d.guests[guest].devices.begin();
    return device<guest, row>;
}

template <std::size_t guest>
constexpr VirtualPlic<DevicePort>* plic_of() {
    if constexpr (has_plic(d.guests[guest])) {
        return &the<guest, DeviceKind::plic>();
    }
    return nullptr;
}

/// Makes all Vms. A class and not a function, so that each Vm is made where it stays.
template <typename Sequence>
struct Vms;

template <std::size_t... i>
struct Vms<std::index_sequence<i...>> {
    static constinit inline std::array<Vm, guest_count> storage{
        Vm(d.guests[i], i, harts_of(i), inputs[i], channels[i], rows<i>, the<i, d.guests[i].controller().kind>(),
           plic_of<i>(), the<i, DeviceKind::uart16550>(), port<i>)...};
};

constexpr std::array<VCpu*, d.board.harts.size()> make_owners() {
    std::array<VCpu*, d.board.harts.size()> owners{};
    for (std::size_t i = 0; i < vcpu_count; ++i) {
        const auto guest = guest_of(i);
        owners[d.guests[guest].harts[i - first_vcpu(guest)]] = &vcpus[i];
    }
    return owners;
}

}  // namespace

constinit std::array<VCpu, vcpu_count> vcpus = make_vcpus(std::make_index_sequence<vcpu_count>{});
constinit const std::array<VCpu*, d.board.harts.size()> owners = make_owners();

constinit const std::span<Vm> vms = Vms<std::make_index_sequence<guest_count>>::storage;

namespace console {
namespace {
constinit MachineConsolePort uart_port;
constinit std::conditional_t<d.services.has(Service::terminal), Console<MachineConsolePort, Terminal>,
                             Console<MachineConsolePort, NoTerminal>>
    console_of_description{uart_port, d, channels};
}  // namespace

constinit AnyConsole& machine_console = console_of_description;
constinit Typing typing{d.board.timebase_frequency};
}  // namespace console

VCpu* vcpu_of(std::uint64_t index) {
    return owners[index];
}

}  // namespace mullion::run

/// A plain name and a plain array, which a debugger can index.
extern "C" {
constinit mullion::CrashRecord mullion_crashes[mullion::generated::description.guests.size()]{};
}
constinit const std::span<mullion::CrashRecord> mullion::run::crashes = mullion_crashes;
