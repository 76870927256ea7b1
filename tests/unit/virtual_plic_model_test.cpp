// SPDX-License-Identifier: Apache-2.0
// Compares the PLIC with a naive model of the specification, by random accesses and wires. A guest cannot tell granted
// sources from virtual ones.
#include "vm/virtual_plic.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <map>
#include <random>
#include <set>
#include <vector>

#include "virtual_plic_fixture.hpp"

namespace mullion::test {
namespace {

/// Models the specification's text literally: it goes through the sources one by one, and keeps nothing that it can
/// work out.
class Model {
 public:
    explicit Model(std::size_t harts) : contexts_(2 * harts) {
        for (const auto source : implemented) {
            sources_[source] = {};
        }
    }

    void drive(std::uint32_t number, bool level) {
        auto& source = sources_.at(number);
        source.wire = level;
        forward(source);
    }

    bool external_pending(std::size_t hart) const {
        const auto& c = contexts_[2 * hart + 1];
        for (const auto& [number, source] : sources_) {
            if (source.pending && c.enabled.contains(number) && source.priority > c.threshold) {
                return true;
            }
        }
        return false;
    }

    std::uint32_t read(std::uint32_t offset) {
        if (offset < 0x1000) {
            const auto at = sources_.find(offset / 4);
            return at == sources_.end() ? 0 : at->second.priority;
        }
        if (offset < 0x1080) {
            return bits([&](std::uint32_t number) { return sources_.at(number).pending; }, (offset - 0x1000) / 4);
        }
        if (offset < 0x2000) {
            return 0;
        }
        if (offset < 0x200000) {
            const auto context = (offset - 0x2000) / 0x80;
            return !is_supervisors(context)
                       ? 0
                       : bits([&](std::uint32_t number) { return contexts_[context].enabled.contains(number); },
                              offset % 0x80 / 4);
        }
        const auto context = (offset - 0x200000) / 0x1000;
        if (!is_supervisors(context)) {
            return 0;
        }
        switch (offset % 0x1000) {
            case 0:
                return contexts_[context].threshold;
            case 4:
                return claim(contexts_[context]);
            default:
                return 0;
        }
    }

    void write(std::uint32_t offset, std::uint32_t value) {
        if (offset < 0x1000) {
            if (const auto at = sources_.find(offset / 4); at != sources_.end()) {
                at->second.priority = value % 8;
            }
        } else if (offset >= 0x2000 && offset < 0x200000 && is_supervisors((offset - 0x2000) / 0x80)) {
            for (const auto& [number, source] : sources_) {
                if (number / 32 == offset % 0x80 / 4) {
                    auto& enabled = contexts_[(offset - 0x2000) / 0x80].enabled;
                    (value >> number % 32 & 1) != 0 ? void(enabled.insert(number)) : void(enabled.erase(number));
                }
            }
        } else if (offset >= 0x200000 && is_supervisors((offset - 0x200000) / 0x1000)) {
            auto& context = contexts_[(offset - 0x200000) / 0x1000];
            if (offset % 0x1000 == 0) {
                context.threshold = value % 8;
            } else if (offset % 0x1000 == 4 && context.enabled.contains(value)) {
                complete(sources_.at(value));
            }
        }
    }

 private:
    struct Gated {
        bool wire = false;
        bool pending = false;
        bool in_flight = false;  ///< the gateway waits for a completion
        std::uint32_t priority = 0;
    };
    struct Context {
        std::set<std::uint32_t> enabled;
        std::uint32_t threshold = 0;
    };

    /// Returns whether the context is an S-mode's; those of M-mode have even numbers.
    bool is_supervisors(std::size_t context) const { return context % 2 == 1 && context < contexts_.size(); }

    static void forward(Gated& source) {
        if (source.wire && !source.in_flight) {
            source.in_flight = true;
            source.pending = true;
        }
    }

    /// Completes a source; one that is still pending, for which the text is open, keeps its state.
    static void complete(Gated& source) {
        source.in_flight = source.pending;
        forward(source);
    }

    std::uint32_t claim(const Context& context) {
        std::uint32_t best = 0;
        for (const auto& [number, source] : sources_) {
            if (source.pending && context.enabled.contains(number) &&
                source.priority > (best == 0 ? 0 : sources_.at(best).priority)) {
                best = number;
            }
        }
        if (best != 0) {
            sources_.at(best).pending = false;
        }
        return best;
    }

    std::uint32_t bits(auto test, std::uint32_t word) const {
        std::uint32_t value = 0;
        for (const auto& [number, source] : sources_) {
            value |= number / 32 == word && test(number) ? bit_of(number) : 0;
        }
        return value;
    }

    std::map<std::uint32_t, Gated> sources_;
    std::vector<Context> contexts_;
};

class VirtualPlicModelTest : public VirtualPlicTest {
 protected:
    std::uint32_t pick(std::uint32_t end) { return static_cast<std::uint32_t>(random() % end); }
    std::uint32_t pick_source() { return pick(8) == 0 ? absent : implemented[pick(implemented.size())]; }
    /// Picks a context: mostly an S-mode's; the last two belong to a hart that does not exist.
    std::uint32_t pick_context() { return pick(8) == 0 ? pick(2 * harts.size() + 2) : 2 * pick(harts.size()) + 1; }

    std::uint32_t pick_register() {
        switch (pick(6)) {
            case 0:
                return plic::priority_of(pick_source());
            case 1:
                return plic::pending + 4 * pick(3);
            case 2:
                return plic::enable_word(pick_context(), pick(3));
            case 3:
                return plic::threshold_of(pick_context());
            default:
                return plic::claim_of(pick_context());
        }
    }

    std::uint32_t pick_value(std::uint32_t offset) {
        if (offset >= plic::contexts && offset % plic::context_bytes == plic::claim) {
            return pick_source();
        }
        if (offset >= plic::enables && offset < plic::contexts) {
            return static_cast<std::uint32_t>(random());
        }
        return pick(2) == 0 ? pick(3) : static_cast<std::uint32_t>(random());
    }

    void drive(std::uint32_t source, bool level) {
        model.drive(source, level);
        if (source == uart || source == watchdog) {
            domain.set_line(source, level);
        } else {
            port.drive(source, level);
        }
    }

    void step() {
        port.caller = pick(harts.size());
        const auto what = pick(3);
        if (what == 0) {
            return drive(implemented[pick(implemented.size())], pick(2) == 0);
        }
        const auto offset = pick_register();
        if (what == 1) {
            ASSERT_EQ(domain.read(offset).value(), model.read(offset)) << std::hex << offset;
            return;
        }
        const auto value = pick_value(offset);
        domain.write(offset, value);
        model.write(offset, value);
    }

    /// Compares what harts see once everything that is under way has happened.
    void compare() {
        port.settle(domain);
        for (std::uint32_t hart = 0; hart < harts.size(); ++hart) {
            ASSERT_EQ(port.external[hart], model.external_pending(hart)) << hart;
        }
        for (std::uint32_t word = 0; word < 2; ++word) {
            const auto offset = plic::pending + 4 * word;
            ASSERT_EQ(domain.read(offset).value(), model.read(offset));
        }
        for (const auto source : {rtc, far}) {
            const auto& s = port.sources[source];
            ASSERT_EQ(s.wire && !s.held && !s.pending, false) << "a wire that is up is noticed";
        }
    }

    std::mt19937_64 random{20260101};
    Model model{3};
};

TEST_F(VirtualPlicModelTest, NoGuestCanTellThemApart) {
    for (int i = 0; i < 60'000 && !HasFatalFailure(); ++i) {
        step();
        compare();
    }
}

}  // namespace
}  // namespace mullion::test
