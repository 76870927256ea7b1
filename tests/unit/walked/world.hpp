// SPDX-License-Identifier: Apache-2.0
// Declares programs whose interleavings are walked: a guest of two or three harts, its operator, time, and others that
// send messages. They run the code that ships (vm/life, vm/messages.hpp, vm/hart_states.hpp, vm/sbi); here is the rest:
// interrupt files, alarms, memory, a device, and what the guest does on each hart. Faults are checked for wherever they
// would show.
#pragma once

#include <array>
#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "fake_sbi_port.hpp"
#include "rooms/policies.hpp"
#include "vm/life/orders.hpp"
#include "vm/life/park.hpp"
#include "vm/watchdog.hpp"
#include "walked/fibers.hpp"

namespace mullion {

enum class Delivery : std::uint8_t { interrupt_files, words };

/// What the guest does on a hart in its first life, one after the other, before it idles. "The other hart" is the
/// guest's last one, or for that one the last but one.
enum class Act : std::uint8_t {
    stop,
    suspend,          ///< until an SBI IPI comes
    suspend_all,      ///< the guest, once the other harts are STOPPED
    try_suspend_all,  ///< the guest, or continues if other harts are not STOPPED
    start,            ///< the other hart, unless it is just stopping
    interrupt,        ///< the other hart, by SBI IPI
    inject,           ///< a software event of the other hart
    fence,            ///< on the other hart, after it has changed instructions
    kick,             ///< the watchdog
    off,
    reboot,
    crash,
};

struct Scene {
    std::array<std::vector<Act>, 3> acts{};
    std::array<bool, 3> parked{};
    std::size_t harts = 2;
    LifeState from = LifeState::running;
    std::vector<Order> orders{};  ///< of the operator
    bool news = false;            ///< another guest's hart has something for the guest's devices
    bool key = false;             ///< the UART interrupts hart 0
    bool turn = false;            ///< a guest that waits gets its turn at some time
    bool watched = false;         ///< the watchdog runs
    bool asks = false;            ///< the guest is asked before it is ended
    bool wakes = true;            ///< a suspended guest is woken by time
    bool races = false;           ///< checks accesses to Owned memory, too
};

class World;

/// The machine for one of the harts.
struct WalkedPort : FakeSbiPort {
    World* world = nullptr;
    VCpu* self = nullptr;

    void raise_software_interrupt(VCpu& target);
    void send(VCpu& target, Message message);
    void local_fence_i();
    void local_sfence(Fence) {}
    void relax() { walked::pause(); }
    void quiet();
    [[noreturn]] void park() { throw Parked{}; }
    void suspend_retentive() { sleep_suspended(*self, *this); }
    void suspend_system();
    void resume_at(Gpa, std::uint64_t, std::uint64_t) {}
    SseFrame enter_event(std::uint64_t, std::uint64_t, std::uint64_t) { return {}; }

    Wanted take_interrupts();
    void drop_interrupts();
    void look_after_devices();
    void obey_order();
    void obey_order_parked();
    bool interrupt_pending();
    void sleep();
    void sleep_parked();
    void reset_hart() {}
    void set_alarm(Alarm alarm, std::uint64_t time) { self->alarms.set(alarm, time); }

    std::array<std::reference_wrapper<GuestLife>, 2> guests();
    std::uint64_t now();
    std::uint64_t frequency() { return 1; }
    void notice(std::string_view) {}
    void print_answer(std::string_view) {}
    bool has_left_out(const GuestLife&) { return false; }
    void print_exits(const GuestLife&);
    bool reset_devices(GuestLife&);
    bool images_are_as_built(const GuestLife&) { return true; }
    bool renew_memory(GuestLife&);
    const Policies<WalkedPort>* policies() { return &policies_of<WalkedPort>; }
    void type_break(const GuestLife&, std::uint8_t) {}
    bool listens_to_serial_port(const GuestLife&) { return true; }
    bool watchdog_resets(const GuestLife&);
    bool dma_ends(const GuestLife&);
    void power_off(bool);
};
static_assert(LifePort<WalkedPort>);

/// The time of all harts.
struct Clock {
    std::uint64_t time = 0;

    std::uint64_t now() const { return walked::seen(time); }
};

class World : public FakeHarts, private walked::Shared {
 public:
    World(const Scene& what, Delivery how, std::set<std::string>& found);

    std::vector<std::function<void()>> programs;

    /// Checks the end, where nobody can continue.
    void check();
    void race() { expect(false, "two at once at what one of them owns"); }

 private:
    friend struct WalkedPort;

    /// A hart's interrupts and place. Others write `file`, or `word` and `interrupted`.
    struct Place {
        Atomic<Messages> file{0};
        MessageWord word;
        Atomic<std::uint32_t> interrupted{0};
        Atomic<std::uint32_t> written{0};  ///< version of the instructions that it has written
        bool software = false;             ///< VSSIP
        bool parked = false;               ///< in the park loop, or on the way there
        bool in_guest = false;             ///< between two exits
        bool at_rest = false;              ///< parked and asleep, suspended, or idle in its guest
        bool sleeps_for_time = false;
        bool has_started_other = false;
        bool is_injected = false;                     ///< since its last start
        std::size_t done = 0;                         ///< how many of its acts are done
        std::array<std::uint32_t, 3> instructions{};  ///< of each hart: the version that it may have fetched
        std::array<std::uint32_t, 3> fenced{};        ///< ... the version that it must have fetched
        std::uint64_t given = 0;                      ///< starts that have succeeded: the sum of their opaque values
        std::uint64_t entered = 0;                    ///< those with which it has begun
    };

    std::uint64_t bits() const override;
    void expect(bool holds, const char* what) {
        if (!holds) {
            faults.insert(what);
        }
    }
    Place& of(const VCpu& hart) { return places[hart.index]; }
    VCpu& other(const VCpu& self) { return harts[self.index + 1 == scene.harts ? scene.harts - 2 : scene.harts - 1]; }
    std::span<VCpu> guests_harts() { return std::span{harts}.first(scene.harts); }
    bool has(Act what) const;
    void leave_out_steps();
    bool is_still(const walked::Shared& part) const;
    bool is_interrupted(const VCpu& hart) const;
    bool acts_on(const VCpu& hart) const;
    std::uint64_t latest_alarm() const;
    bool is_watched() const { return scene.watched || has(Act::kick); }
    WalkedPort& port_of(VCpu* self);

    void send(const VCpu& target, Message message);
    Messages claim(Place& at);
    void fetch(Place& at);
    void expect_nobody_in_guest(const char* what);
    void check_hart(const VCpu& hart);
    void check_orders();

    void hart(VCpu& self);
    void parks(VCpu& self);
    void runs(VCpu& self);
    bool act(VCpu& self, Act what);
    bool starts(VCpu& self, VCpu& target);
    void fences(VCpu& self, VCpu& target);
    void brings_news();
    void gives_orders();
    void passes();

    const Scene scene;
    const Delivery delivery;
    std::set<std::string>& faults;
    GuestLife life;
    Guest other_guest;
    GuestLife neighbour;  ///< runs all the time
    std::array<Place, 3> places;
    Atomic<std::uint32_t> news{0};  ///< for the guest's devices
    Clock clock;
    Watchdog<Clock> watchdog{clock, 1};  ///< one tick a second
    unsigned keys = 0;
    int owners = 0;         ///< harts that act as owner of the life
    bool clearing = false;  ///< one of them writes the guest's memory
    int lives = 0;
    int endings = 0;
    int lives_at_last_order = 0;
};

}  // namespace mullion
