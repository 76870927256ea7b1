// SPDX-License-Identifier: Apache-2.0
// The drivers of the console over models of their UARTs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <deque>
#include <string>

#include "arch/uart/dw_apb.hpp"
#include "arch/uart/mapped.hpp"
#include "arch/uart/ns16550.hpp"
#include "arch/uart/xscale.hpp"

namespace mullion::arch::uart {
namespace {

/// Models a 16550A. What it sends waits in `sending` until drain().
class Model {
 public:
    virtual ~Model() = default;

    virtual std::uint8_t load(unsigned number) {
        switch (number) {
            case 0:
                return take();
            case 1:
                return interrupts;
            case 2:
                return static_cast<std::uint8_t>(fifos | (interrupts_for_data() ? 0x04 : 0x01));
            case 3:
                return format;
            case 4:
                return modem;
            case 5:
                return static_cast<std::uint8_t>((received.empty() ? 0 : 0x01) | (sending.empty() ? 0x60 : 0));
            default:
                ADD_FAILURE() << "a 16550 needs no load of register " << number;
                return 0;
        }
    }
    virtual void store(unsigned number, std::uint8_t value) {
        switch (number) {
            case 0:
                EXPECT_EQ(format & 0x80, 0) << "goes to the divisor";
                EXPECT_LT(sending.size(), fifos == 0 ? 1u : depth) << "a byte is lost";
                sending += static_cast<char>(value);
                break;
            case 1:
                EXPECT_EQ(format & 0x80, 0) << "goes to the divisor";
                interrupts = value;
                break;
            case 2:
                fifos = has_fifos && (value & 1) != 0 ? 0xc0 : 0;
                if ((value & 2) != 0) {
                    received.clear();
                }
                if ((value & 4) != 0) {
                    sending.clear();
                }
                break;
            case 3:
                format = value;
                break;
            case 4:
                modem = value;
                break;
            default:
                ADD_FAILURE() << "a 16550 has nothing to store to register " << number;
        }
    }

    void drain() {
        sent += sending;
        sending.clear();
    }
    virtual bool interrupt() const { return interrupts_for_data(); }

    static constexpr std::size_t depth = 16;
    bool has_fifos = true;
    std::uint8_t interrupts = 0;
    std::uint8_t fifos = 0;
    std::uint8_t format = 0x03;
    std::uint8_t modem = 0;
    std::string sending;
    std::string sent;
    std::deque<std::uint8_t> received;

 protected:
    virtual std::uint8_t take() {
        EXPECT_FALSE(received.empty()) << "nothing was received";
        const std::uint8_t byte = received.empty() ? 0 : received.front();
        if (!received.empty()) {
            received.pop_front();
        }
        return byte;
    }
    bool interrupts_for_data() const { return (interrupts & 1) != 0 && (modem & 8) != 0 && !received.empty(); }
};

/// Models a DesignWare APB UART, which is busy while a byte is in it or on its line. A store to its line control
/// register is not taken then, and makes it interrupt until its status register is loaded. Its character timeout may
/// interrupt without a byte in the FIFO, until a byte is loaded all the same.
class DwModel : public Model {
 public:
    std::uint8_t load(unsigned number) override {
        if (number == 31) {
            was_busy = false;
            if (!received.empty() || !sending.empty()) {
                return 1;
            }
            line_is_busy -= line_is_busy == 0 ? 0 : 1;
            return line_is_busy != 0 ? 1 : 0;
        }
        if (number == 2 && was_busy) {
            return fifos | 0x07;
        }
        if (number == 2 && late && received.empty()) {
            return fifos | 0x0c;
        }
        return Model::load(number);
    }
    void store(unsigned number, std::uint8_t value) override {
        if (number == 3 && (!received.empty() || !sending.empty() || line_is_busy != 0)) {
            was_busy = true;
            return;
        }
        Model::store(number, value);
    }
    bool interrupt() const override { return Model::interrupt() || ((interrupts & 1) != 0 && (was_busy || late)); }

    bool was_busy = false;
    bool late = false;
    unsigned line_is_busy = 0;  ///< for so many looks

 protected:
    std::uint8_t take() override {
        if (received.empty() && late) {
            late = false;
            return 0;
        }
        return Model::take();
    }
};

/// Models an XScale's UART, which is off without its unit enable bit; when it interrupts for its transmitter, half of
/// its FIFO of 64 bytes is free.
class XscaleModel : public Model {
 public:
    std::uint8_t load(unsigned number) override {
        EXPECT_TRUE(number != 0 || is_on()) << "switched off";
        return Model::load(number);
    }
    void store(unsigned number, std::uint8_t value) override {
        EXPECT_TRUE(number != 0 || is_on()) << "switched off";
        Model::store(number, value);
    }
    bool is_on() const { return (interrupts & 0x40) != 0; }
};

struct ModelRegisters {
    std::uint8_t load(unsigned number) const { return model->load(number); }
    void store(unsigned number, std::uint8_t value) const { model->store(number, value); }

    Model* model = nullptr;
};

template <class Driver>
void send(Driver& driver, std::string_view text) {
    driver.send({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

template <class Driver>
std::string receive(Driver& driver) {
    std::string all;
    for (auto byte = driver.receive(); byte; byte = driver.receive()) {
        all += static_cast<char>(*byte);
    }
    return all;
}

template <class Driver, class Uart>
struct Pair {
    using DriverType = Driver;
    using Model = Uart;
};

template <class P>
class Console : public testing::Test {
 protected:
    typename P::Model model;
    typename P::DriverType driver{ModelRegisters{&model}};
};

using Pairs = testing::Types<Pair<Ns16550<ModelRegisters>, Model>, Pair<Xscale<ModelRegisters>, XscaleModel>,
                             Pair<DwApb<ModelRegisters>, DwModel>>;
TYPED_TEST_SUITE(Console, Pairs);

TYPED_TEST(Console, SendsNoMoreThanThereIsRoomFor) {
    this->driver.initialise();
    EXPECT_EQ(this->driver.room(), 16u);
    EXPECT_TRUE(this->driver.is_idle());
    send(this->driver, "sixteen bytes...");
    EXPECT_EQ(this->driver.room(), 0u);
    EXPECT_FALSE(this->driver.is_idle());
    this->model.drain();
    EXPECT_TRUE(this->driver.is_idle());
    send(this->driver, "and more");
    this->model.drain();
    EXPECT_EQ(this->model.sent, "sixteen bytes...and more");
}

TYPED_TEST(Console, SendsByteByByteWithoutFifos) {
    this->model.has_fifos = false;
    this->driver.initialise();
    EXPECT_EQ(this->driver.room(), 1u);
}

TYPED_TEST(Console, ReceivesAndInterruptsForIt) {
    this->driver.initialise();
    EXPECT_FALSE(this->model.interrupt());
    this->model.received = {'k', 'e', 'y'};
    EXPECT_TRUE(this->model.interrupt());
    this->driver.listen(false);
    EXPECT_FALSE(this->model.interrupt());
    EXPECT_EQ(receive(this->driver), "key");
    this->driver.listen(true);
    EXPECT_FALSE(this->model.interrupt());
    this->model.received = {'!'};
    EXPECT_TRUE(this->model.interrupt());
}

TYPED_TEST(Console, ForgetsWhatCameBeforeAndLeavesTheFormat) {
    this->model.received = {'x'};
    this->model.format = 0x1b;
    this->driver.initialise();
    EXPECT_EQ(receive(this->driver), "");
    EXPECT_EQ(this->model.format, 0x1b);
}

TEST(XscaleConsole, IsNeverSwitchedOff) {
    XscaleModel model;
    Xscale<ModelRegisters> driver{{&model}};
    driver.initialise();
    EXPECT_TRUE(model.is_on());
    driver.listen(false);
    EXPECT_TRUE(model.is_on());
    Ns16550<ModelRegisters> plain{{&model}};
    plain.initialise();
    EXPECT_FALSE(model.is_on()) << "what a 16550's driver does to it";
}

class DwConsole : public testing::Test {
 protected:
    DwModel model;
    DwApb<ModelRegisters> driver{{&model}};
};

TEST_F(DwConsole, EndsTheInterruptThatFirmwaresStoreWhileBusyLeft) {
    model.was_busy = true;
    driver.initialise();
    EXPECT_FALSE(model.interrupt());
}

TEST_F(DwConsole, EndsInterruptsWithoutAByte) {
    driver.initialise();
    model.was_busy = true;
    EXPECT_TRUE(model.interrupt());
    EXPECT_EQ(receive(driver), "");
    EXPECT_FALSE(model.interrupt());
    model.late = true;
    EXPECT_TRUE(model.interrupt());
    EXPECT_EQ(receive(driver), "");
    EXPECT_FALSE(model.interrupt());
    Ns16550<ModelRegisters> plain{{&model}};
    model.late = true;
    EXPECT_EQ(receive(plain), "");
    EXPECT_TRUE(model.interrupt()) << "what a 16550's driver leaves";
}

TEST_F(DwConsole, LosesNoByteToATimeout) {
    driver.initialise();
    model.late = true;
    model.received = {'a', 'b'};
    EXPECT_EQ(receive(driver), "ab");
    EXPECT_FALSE(model.interrupt());
}

TEST_F(DwConsole, ReachesItsDataWhenItIsNoLongerBusy) {
    model.format = 0x83;  // the divisor
    model.received = {'x', 'y'};
    model.line_is_busy = 5;
    driver.initialise();
    EXPECT_EQ(model.format, 0x03);
    EXPECT_FALSE(model.was_busy) << "stored while it was busy";
    EXPECT_FALSE(model.interrupt());
    send(driver, "z");
    EXPECT_EQ(model.sending, "z");
}

TEST_F(DwConsole, EndsABreak) {
    model.format = 0x43;
    driver.initialise();
    EXPECT_EQ(model.format, 0x03);
}

/// Tells the width and place of the driver's accesses by the bytes that they change in an array of words.
TEST(MappedRegisters, AreAsWideAndAsFarApartAsTheBoardSays) {
    alignas(8) std::array<std::uint8_t, 64> memory;
    for (const std::uint8_t width : {1, 4}) {
        for (const std::uint32_t shift : {0U, 2U, 3U}) {
            if (width == 4 && shift < 2) {
                continue;
            }
            memory.fill(0xee);
            const Board::Console console{.base = {reinterpret_cast<std::uint64_t>(memory.data())},
                                         .size = memory.size(),
                                         .reg_shift = shift,
                                         .io_width = width};
            const MappedRegisters registers{console};
            registers.store(3, 0x5a);
            EXPECT_EQ(registers.load(3), 0x5a);
            for (std::size_t i = 0; i < memory.size(); ++i) {
                const auto at = std::size_t{3} << shift;
                const int expected = i == at ? 0x5a : i > at && i < at + width ? 0 : 0xee;
                EXPECT_EQ(memory[i], expected) << i << " of width " << int{width} << ", shift " << shift;
            }
        }
    }
}

}  // namespace
}  // namespace mullion::arch::uart
