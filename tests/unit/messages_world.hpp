// SPDX-License-Identifier: Apache-2.0
// A guest's harts, and who sends them messages, as programs whose interleavings are walked. What a hart does with a
// message is the code that ships (vm/messages.hpp, core/message.hpp, vm/hsm.hpp, vm/sbi/); here stands what lies around
// it: interrupt files, the guest on each hart, and a device of the guest's that somebody must look after.
#pragma once

#include <array>
#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "fake_sbi_port.hpp"
#include "vm/life/lifecycle.hpp"
#include "vm/messages.hpp"
#include "walked/fibers.hpp"

namespace mullion {

enum class Delivery : std::uint8_t { interrupt_files, words };

/// What a hart's guest does, one after the other; then it idles.
enum class Act : std::uint8_t {
    stop,
    suspend,        ///< until an SBI IPI comes
    suspend_guest,  ///< likewise, all of it
    start,          ///< the other hart, if it is STOPPED
    interrupt,      ///< the other hart, by SBI IPI
    inject,         ///< the other hart's software event
    fence,          ///< on the other hart
    end,            ///< of the guest, which begins again
};

/// What the code must not do, to see that the walk finds it.
enum class Wrong : std::uint8_t {
    nothing,
    parked_drops_attention,    ///< who is parked takes it and goes on sleeping
    tells_nobody,              ///< where all harts are STOPPED, nobody is told
    drops_in_any_state,        ///< software interrupts, although the hart is about to start
    looks_at_the_state_first,  ///< ... or whether it is STOPPED before it takes its messages
    quiet_once_stopped,        ///< a hart forgets its events when it is STOPPED already
    forgets_as_it_starts,      ///< or when it enters the guest
    takes_word_first,          ///< and then takes the interrupt back
    keeps_order,               ///< who starts does not look for an order that came meanwhile
    asleep_keeps_attention,    ///< a suspended hart takes it and goes back to its guest
};

struct Scene {
    std::array<std::vector<Act>, 2> acts{};  ///< of a hart that is in the guest, or in each of its lives
    std::array<bool, 2> parked{};
    bool news = false;   ///< a neighbour's hart has something for the guest's devices
    bool order = false;  ///< the operator has one
    bool key = false;    ///< the UART interrupts hart 0
    Wrong wrong = Wrong::nothing;
};

class MessageWorld;

/// The machine as one of the harts sees it.
struct WalkedPort : FakeSbiPort {
    MessageWorld* world = nullptr;
    VCpu* self = nullptr;

    void raise_software_interrupt(VCpu& target);
    void kick(VCpu& target);
    void start(VCpu& target) { kick(target); }
    void local_fence_i() {}
    void local_sfence(Fence) {}
    void relax() { walked::pause(); }
    void quiet();
    void suspend_retentive();
    void suspend_system();
    Wanted take_interrupts();
    void drop_interrupts();
    void look_after_devices();
    void obey_order();
    void obey_order_parked();
    void call_attention(const VCpu& target);
    bool interrupt_pending();
    void sleep();
    void sleep_parked() {}
    void set_alarm(Alarm, std::uint64_t) {}
    void reset_counters() {}
};
static_assert(MessagePort<WalkedPort>);

class MessageWorld : public FakeHarts {
 public:
    MessageWorld(const Scene& what, Delivery how, std::set<std::string>& found);

    std::vector<std::function<void()>> programs;

    /// Nobody can go on.
    void check();

 private:
    friend struct WalkedPort;

    /// A hart's interrupts. `file` and `word` with `interrupted` are what others write.
    struct Hardware {
        Atomic<Messages> file{0};
        MessageWord word;
        Atomic<std::uint32_t> interrupted{0};
        bool software = false;  ///< VSSIP
        bool parked = false;    ///< in the park loop, or on the way there
        bool at_rest = false;   ///< parked and asleep, or idle in its guest
        bool has_started_other = false;
        bool is_injected = false;  ///< since its last start
        std::size_t done = 0;      ///< of its acts
    };

    void expect(bool holds, const char* what) {
        if (!holds) {
            faults.insert(what);
        }
    }
    Hardware& of(const VCpu& hart) { return hardware[hart.index]; }
    VCpu& other(const VCpu& self) { return harts[1 - self.index]; }
    std::span<VCpu> guests_harts() { return std::span{harts}.first(2); }
    bool has(Act what) const;
    void leave_out_steps();
    static bool is_interrupted(const Hardware& at) { return at.file.bits() != 0 || at.interrupted.bits() != 0; }
    bool is(Wrong what) const { return scene.wrong == what; }

    void send(const VCpu& target, Message message);
    Messages claim(Hardware& at);
    void take_parked(VCpu& self, WalkedPort& port);

    void hart(VCpu& self);
    void parks(VCpu& self);
    void runs(VCpu& self);
    bool act(VCpu& self, Act what);
    void ends(VCpu& self);
    void brings_news();
    void gives_order();

    const Scene scene;
    const Delivery delivery;
    std::set<std::string>& faults;
    Life life;
    std::array<Hardware, 2> hardware;
    Atomic<std::uint32_t> news{0};  ///< for the guest's devices
    bool obeyed = false;
    unsigned keys = 0;
};

}  // namespace mullion
