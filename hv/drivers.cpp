// SPDX-License-Identifier: Apache-2.0
// The drivers of this machine's interrupt controller, timer, console and IOMMU: the image has no others. Compiled once
// for each description, whose constants become the addresses in the code.
#include <algorithm>
#include <array>
#include <atomic>
#include <type_traits>

#include "arch/iommu/iommu.hpp"
#include "arch/irq/aia.hpp"
#include "arch/irq/aplic.hpp"
#include "arch/irq/irq.hpp"
#include "arch/irq/plic.hpp"
#include "arch/timer/sbi_time.hpp"
#include "arch/timer/sstc.hpp"
#include "arch/timer/timer.hpp"
#include "arch/uart.hpp"
#include "arch/uart/dw_apb.hpp"
#include "arch/uart/mapped.hpp"
#include "arch/uart/ns16550.hpp"
#include "arch/uart/xscale.hpp"
#include "description.hpp"

namespace mullion::arch {
namespace {
constexpr const Board& board = generated::description.board;
}

namespace irq {
namespace {

constexpr std::size_t plic_words = board.plic.exists() ? board.harts.size() * PlicDriver::words_of(board.plic) : 0;
constinit std::array<std::atomic<std::uint32_t>, plic_words> enable_words{};

constexpr auto controller_of_board() {
    if constexpr (board.controller() == InterruptController::imsic) {
        return AiaDriver{board};
    } else if constexpr (board.controller() == InterruptController::plic) {
        return PlicDriver{board, enable_words};
    } else {
        return AplicDriver{board};
    }
}

constexpr auto controller = controller_of_board();

}  // namespace

constinit const bool needs_sbi_ipi = controller.needs_sbi_ipi;

[[gnu::cold]] std::optional<Text> initialise() {
    return controller.initialise();
}

[[gnu::cold]] std::optional<Text> check_hart(const Hart& self) {
    return controller.check_hart(self);
}

void initialise_hart(const Hart& self) {
    controller.initialise_hart(self);
}

[[gnu::hot]] void send(const Hart& to, Message message) {
    controller.send(to, message);
}

[[gnu::hot]] Messages claim_messages(std::uint64_t pending) {
    return controller.claim_messages(pending);
}

void prepare(const Source& source, const Hart& by) {
    controller.prepare(source, by);
}

void route(std::uint32_t source, const Hart& to) {
    controller.route(source, to);
}

void unroute(std::uint32_t source, const Hart& from) {
    controller.unroute(source, from);
}

std::uint32_t claim(const Hart& self) {
    return controller.claim(self);
}

void release(std::uint32_t source, const Hart& routed) {
    controller.release(source, routed);
}

void put_back(std::uint32_t source, const Hart& self) {
    controller.put_back(source, self);
}

bool pending(std::uint32_t source) {
    return controller.pending(source);
}

[[gnu::cold]] std::optional<Text> drain(const Hart& self) {
    return controller.drain(self);
}

std::uint32_t vgein() {
    return controller.vgein();
}

void reset_guest_file() {
    controller.reset_guest_file();
}

void wait_for_guest_interrupt() {
    controller.wait_for_guest_interrupt();
}

}  // namespace irq

namespace timer {
namespace {

constexpr bool declares_sstc(const Hart& hart) {
    return hart.features.has(Extension::sstc);
}
constexpr bool has_sstc = std::ranges::all_of(board.harts, declares_sstc);
static_assert(has_sstc || std::ranges::none_of(board.harts, declares_sstc), "a guest would sleep on past its stimecmp");
using Timer = std::conditional_t<has_sstc, Sstc, SbiTime>;

}  // namespace

constinit const bool needs_sbi_time = Timer::needs_sbi_time;

void initialise() {
    Timer::initialise();
}

void set(std::uint64_t time) {
    Timer::set(time);
}

void set_guest(std::uint64_t time) {
    Timer::set_guest(time);
}

void wait_with_guest_timer(void (*wait)()) {
    Timer::wait_with_guest_timer(wait);
}

bool take() {
    return Timer::take();
}

/// What arch/boot.S puts into stvec.
extern "C" {
extern const TrapEntry trap_vector;
constinit const TrapEntry trap_vector = Timer::trap_entry;
}

}  // namespace timer

namespace uart {
namespace {

constexpr const Board::Console& console = board.console;

struct ConsoleRegisters {
    static std::uint8_t load(unsigned number) { return MappedRegisters{console}.load(number); }
    static void store(unsigned number, std::uint8_t value) { MappedRegisters{console}.store(number, value); }
};

constexpr auto driver_of_console() {
    using Kind = Board::Console::Kind;
    if constexpr (console.kind == Kind::dw_apb) {
        return std::type_identity<DwApb<ConsoleRegisters>>{};
    } else if constexpr (console.kind == Kind::xscale) {
        return std::type_identity<Xscale<ConsoleRegisters>>{};
    } else {
        return std::type_identity<Ns16550<ConsoleRegisters>>{};
    }
}

constinit decltype(driver_of_console())::type driver{};

}  // namespace

void initialise() {
    driver.initialise();
}

std::size_t room() {
    return driver.room();
}

void send(std::span<const std::uint8_t> bytes) {
    driver.send(bytes);
}

bool is_idle() {
    return driver.is_idle();
}

std::optional<std::uint8_t> receive() {
    return driver.receive();
}

void listen(bool on) {
    driver.listen(on);
}

}  // namespace uart

constinit const iommu::Driver* const iommu::driver_of_board = board.iommu.exists() ? &iommu::driver : nullptr;

}  // namespace mullion::arch
