// SPDX-License-Identifier: Apache-2.0
// What the modelled machine has in place of the rest of the hypervisor.
#include "machine.hpp"

#include <array>
#include <atomic>
#include <memory>
#include <optional>
#include <variant>

#include "arch/firmware.hpp"
#include "arch/irq/aia.hpp"
#include "arch/irq/aplic.hpp"
#include "arch/irq/irq.hpp"
#include "arch/irq/plic.hpp"
#include "arch/uart.hpp"
#include "core/tables.hpp"
#include "fixture.hpp"
#include "rooms/terminal.hpp"
#include "run/alarm.hpp"
#include "run/console.hpp"
#include "run/input.hpp"
#include "run/linked_services.hpp"
#include "run/machine_console.hpp"
#include "vm/console.hpp"

namespace mullion {
namespace {

constexpr std::array<Hart, 2> harts{{{.id = HartId{0}, .imsic_index = 0, .features = {}, .context = 0},
                                     {.id = HartId{1}, .imsic_index = 1, .features = {}, .context = 1}}};
constexpr std::array<std::uint32_t, 2> indices{0, 1};
constexpr std::array sources_of_alpha{Source{modelled::granted_source, SourceMode::level1}};

constexpr Guest guest_with(std::string_view name, std::size_t hart, std::span<const Source> sources) {
    Guest guest;
    guest.name = name;
    guest.sources = sources;
    guest.harts = std::span{indices}.subspan(hart, 1);
    return guest;
}
constexpr std::array<Guest, 2> guests{guest_with("alpha", 0, sources_of_alpha), guest_with("beta", 1, {})};

constexpr Board board_of_model() {
    Board board;
    board.timebase_frequency = 100'000;
    board.harts = harts;
    board.console.source = modelled::uart_source;
    board.plic = {Hpa{modelled::plic_at}, 0x40'0000, modelled::num_sources};
    board.aplic = {Hpa{modelled::aplic_at}, 0x8000, modelled::num_sources};
    board.imsic = {
        .base = Hpa{modelled::imsic_at}, .size = 0x4000, .guest_index_bits = 1, .num_ids = 63, .num_guest_ids = 63};
    return board;
}

constexpr std::array<std::uint64_t, 2> roots{1, 2};  // not 0: the harts have guests

}  // namespace

constinit const Description description{.name = "modelled", .board = board_of_model(), .guests = guests, .images = {}};
constinit const std::span<const std::uint64_t> hgatp = roots;

modelled::Machine modelled::machine{harts.size()};
std::vector<std::string> modelled::answers;

namespace arch {
namespace {
std::array<HartContext, 2> contexts;
}

HartContext& this_hart() {
    return contexts[modelled::machine.hart];
}
HartContext& context_of(const Hart& hart) {
    return contexts[static_cast<std::size_t>(&hart - description.board.harts.data())];
}
std::uint64_t probe_load(Hpa) {
    return 0;
}
void firmware::send_ipi(HartId) {}
bool clear_sireg(std::uint64_t which, std::uint64_t bits) {
    modelled::machine.access();
    return modelled::machine.imsic.file(modelled::machine.hart, 0).take(which, bits);
}

namespace irq {
namespace {

constexpr std::size_t words = 2 * PlicDriver::words_of(board_of_model().plic);
std::array<std::atomic<std::uint32_t>, words> enable_words;
std::variant<PlicDriver, AplicDriver, AiaDriver> controller{std::in_place_type<PlicDriver>, description.board,
                                                            enable_words};

decltype(auto) ask(auto what) {
    return std::visit(what, controller);
}

}  // namespace

std::optional<Text> initialise() {
    return ask([](auto& driver) { return driver.initialise(); });
}
void initialise_hart(const Hart& self) {
    ask([&](auto& driver) { driver.initialise_hart(self); });
}
Messages claim_messages(std::uint64_t pending) {
    return ask([&](auto& driver) { return driver.claim_messages(pending); });
}
void prepare(const Source& source, const Hart& by) {
    ask([&](auto& driver) { driver.prepare(source, by); });
}
void route(std::uint32_t source, const Hart& to) {
    ask([&](auto& driver) { driver.route(source, to); });
}
void unroute(std::uint32_t source, const Hart& from) {
    ask([&](auto& driver) { driver.unroute(source, from); });
}
std::uint32_t claim(const Hart& self) {
    return ask([&](auto& driver) { return driver.claim(self); });
}
void release(std::uint32_t source, const Hart& routed) {
    ask([&](auto& driver) { driver.release(source, routed); });
}
std::optional<Text> drain(const Hart& self) {
    return ask([&](auto& driver) { return driver.drain(self); });
}
void reset_guest_file() {
    ask([](auto& driver) { driver.reset_guest_file(); });
}
void wait_for_guest_interrupt() {
    ask([](auto& driver) { driver.wait_for_guest_interrupt(); });
}

}  // namespace irq

namespace uart {

void initialise() {
    modelled::machine.typed.clear();
    listen(true);
}
std::size_t room() {
    return 16;
}
void send(std::span<const std::uint8_t>) {}
std::optional<std::uint8_t> receive() {
    auto& machine = modelled::machine;
    machine.access();
    if (machine.typed.empty()) {
        return std::nullopt;
    }
    const auto byte = machine.typed.front();
    machine.typed.pop_front();
    machine.settle();
    return byte;
}
void listen(bool on) {
    modelled::machine.listen(on);
}

}  // namespace uart
}  // namespace arch

namespace run {
namespace {

std::array<InputQueue, 2> inputs;
std::array<VCpu, 2> vcpus{VCpu{guests[0], {}, 0, HartId{0}}, VCpu{guests[1], {}, 0, HartId{1}}};
std::array<Vm, 2> guests_of_machine{Vm{description.guests[0], 0, std::span{&vcpus[0], 1}, inputs[0]},
                                    Vm{description.guests[1], 1, std::span{&vcpus[1], 1}, inputs[1]}};

void obey_nothing(const ConsoleAction&) {}

}  // namespace

const std::span<Vm> vms = guests_of_machine;
ObeyKey* const obey_key = obey_nothing;

void bind_hart(std::uint64_t index) {
    arch::this_hart().vcpu = &vcpus[index];
    arch::this_hart().vm = &vms[index];
}
const Hart& board_hart(const VCpu& vcpu) {
    return harts[vcpu.guest.harts[vcpu.index]];
}
void hasten_alarm(Alarm, std::uint64_t) {}

namespace console {
namespace {

using TestedConsole = Console<MachineConsolePort, Terminal>;
MachineConsolePort uart_port;
std::array<OutputChannel, 3> channels;
std::optional<TestedConsole> tested{std::in_place, uart_port, description, channels};

}  // namespace

AnyConsole& machine_console = *tested;  // stays where it is when it is made anew
constinit Typing typing{1000};
constinit arch::FairLock lock;
constinit arch::FairLock printing;

void MachineConsolePort::room_again(std::size_t) {}
void send_attention(const Vm&) {
    modelled::machine.access();
}
void service() {
    modelled::machine.access();
}
void print_answer(std::string_view line) {
    modelled::answers.emplace_back(line);
}
void print(std::string_view line) {
    print_answer(line);
}

}  // namespace console
}  // namespace run

namespace modelled {

void power_on(Controller kind) {
    using namespace arch::irq;
    std::destroy_at(&machine);
    std::construct_at(&machine, harts.size());
    answers.clear();
    for (auto& word : enable_words) {
        word = 0;
    }
    switch (kind) {
        case Controller::plic:
            controller.emplace<arch::irq::PlicDriver>(description.board, enable_words);
            break;
        case Controller::aplic:
            controller.emplace<arch::irq::AplicDriver>(description.board);
            break;
        case Controller::aia:
            controller.emplace<AiaDriver>(description.board);
            break;
    }
    run::console::tested.emplace(run::console::uart_port, description, run::console::channels);
    run::console::typing = Typing{1000};
    for (auto& vm : run::vms) {
        vm.input.clear();
        vm.life.settle(LifeState::running);
    }
    for (machine.hart = harts.size(); machine.hart-- > 0;) {
        run::bind_hart(machine.hart);
    }
    machine.hart = 0;
}

bool take_interrupts() {
    for (int i = 0; i < 100; ++i) {
        std::size_t taken = 0;
        for (std::size_t hart = 0; hart < harts.size(); ++hart) {
            on_hart(hart, [&] {
                const auto pending = arch::read<csr::Csr::sip>() & arch::read<csr::Csr::sie>();
                taken += pending != 0 ? 1 : 0;
                if (pending != 0 && has(arch::irq::claim_messages(pending), Message::source) &&
                    arch::irq::claim(harts[hart]) == uart_source) {
                    run::input::handle_interrupt();
                }
            });
        }
        if (taken == 0) {
            return true;
        }
    }
    return false;
}

std::string typed_for(std::size_t guest) {
    std::string text;
    while (const auto typed = run::vms[guest].input.take()) {
        text += *typed == InputQueue::line_break ? '!' : static_cast<char>(*typed);
    }
    return text;
}

}  // namespace modelled
}  // namespace mullion
