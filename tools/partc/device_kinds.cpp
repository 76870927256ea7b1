// SPDX-License-Identifier: Apache-2.0
#include "device_kinds.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <ranges>
#include <span>
#include <string_view>

#include "power_chips.hpp"
#include "serial_clients.hpp"

namespace mullion::partc {
namespace {

using Words = std::span<const std::string_view>;

/// Devices that cannot do DMA. What else they can do is the concern of who grants them.
constexpr std::array<std::string_view, 24> without_dma{"google,goldfish-rtc",
                                                       "ns16550",
                                                       "ns16550a",
                                                       "snps,dw-apb-uart",
                                                       "snps,dw-apb-gpio",
                                                       "snps,dw-apb-gpio-port",
                                                       "snps,dw-apb-timer",
                                                       "sifive,uart0",
                                                       "sifive,fu540-c000-uart",
                                                       "sifive,fu740-c000-uart",
                                                       "sifive,gpio0",
                                                       "sifive,fu540-c000-gpio",
                                                       "sifive,fu740-c000-gpio",
                                                       "sifive,pwm0",
                                                       "sifive,fu540-c000-pwm",
                                                       "sifive,fu740-c000-pwm",
                                                       "gpio-leds",
                                                       "gpio-keys",
                                                       "mmio-mux",
                                                       "register-bit-led",
                                                       "fixed-clock",
                                                       "fixed-factor-clock",
                                                       "regulator-fixed",
                                                       "regulator-gpio"};

/// Controllers of serial buses: they cannot do DMA, and chips on their bus have numbers instead of host addresses.
constexpr std::array<std::string_view, 8> serial_buses{
    "snps,designware-i2c",   "opencores,i2c-ocores",  "sifive,i2c0",           "sifive,spi0",
    "sifive,fu540-c000-spi", "sifive,fu740-c000-spi", "sifive,fu540-c000-i2c", "sifive,fu740-c000-i2c"};

/// Devices that affect only who has them: nothing else depends on them.
constexpr std::array<std::string_view, 16> ends_of_the_line{"google,goldfish-rtc",
                                                            "ns16550",
                                                            "ns16550a",
                                                            "snps,dw-apb-uart",
                                                            "snps,dw-apb-timer",
                                                            "sifive,uart0",
                                                            "sifive,fu540-c000-uart",
                                                            "sifive,fu740-c000-uart",
                                                            "gpio-leds",
                                                            "gpio-keys",
                                                            "gpio-keys-polled",
                                                            "gpio-beeper",
                                                            "pwm-leds",
                                                            "pwm-beeper",
                                                            "register-bit-led",
                                                            "virtio,mmio"};

/// Node names of serial buses, for controllers of any vendor.
constexpr std::array<std::string_view, 8> bus_names{"i2c", "i3c", "spi", "spmi", "slim", "slimbus", "onewire", "w1"};

/// Node names of serial ports.
constexpr std::array<std::string_view, 2> port_names{"serial", "uart"};

/// Names that a node may have besides its own; they do not say what it is.
constexpr std::array<std::string_view, 3> generic{"syscon", "simple-mfd", "simple-bus"};

/// Properties of a node that does DMA itself (Linux, bindings/iommu, bindings/dma/dma-controller.yaml; devicetree
/// specification 2.3.10 and 2.3.11).
constexpr std::array<std::string_view, 6> dma_properties{"iommus",        "#dma-cells",   "dma-channels",
                                                         "#dma-channels", "dma-coherent", "dma-noncoherent"};

struct Controller {
    std::string_view compatible;
    Kept::Kind kind;
};

constexpr std::array<Controller, 22> controllers{
    {{"riscv,aplic", Kept::Kind::controller},       {"riscv,imsics", Kept::Kind::interrupt_files},
     {"riscv,cpu-intc", Kept::Kind::controller},    {"riscv,iommu", Kept::Kind::iommu},
     {"sifive,plic-1.0.0", Kept::Kind::controller}, {"riscv,plic0", Kept::Kind::controller},
     {"riscv,clint0", Kept::Kind::timer},           {"sifive,clint0", Kept::Kind::timer},
     {"sifive,clint2", Kept::Kind::timer},          {"thead,c900-plic", Kept::Kind::controller},
     {"thead,c900-clint", Kept::Kind::timer},       {"andestech,nceplic100", Kept::Kind::controller},
     {"andestech,plicsw", Kept::Kind::timer},       {"andestech,plmt0", Kept::Kind::timer},
     {"mips,p8700-aclint-sswi", Kept::Kind::timer}, {"riscv,timer", Kept::Kind::timer},
     {"riscv,aclint-mswi", Kept::Kind::timer},      {"riscv,aclint-sswi", Kept::Kind::timer},
     {"riscv,aclint-mtimer", Kept::Kind::timer},    {"thead,c900-aclint-mswi", Kept::Kind::timer},
     {"thead,c900-aclint-sswi", Kept::Kind::timer}, {"thead,c900-aclint-mtimer", Kept::Kind::timer}}};

/// Words in names of bindings, or of lines, that end the machine.
constexpr std::array<std::string_view, 20> ending{
    "poweroff", "power-off", "powerdown",  "power-down",   "shutdown", "shdwc",       "reboot",
    "restart",  "resetmgr",  "chip-reset", "system-reset", "pwrc",     "pshold",      "ltc2952",
    "smarc-ec", "rstc",      "wdt",        "watchdog",     "pmic",     "sysc-rmobile"};

/// Words in names of nodes with a `compatible`, and of properties with a line, that certainly end the machine. Others,
/// as `shutdown-gpios`, may concern only the device that has them.
constexpr std::array<std::string_view, 17> sure_ending{
    "poweroff",     "power-off",   "pwroff",     "pwr-off",  "reboot",   "restart",
    "kill-",        "pshold",      "power-hold", "pwr-hold", "pwrhold",  "powerhold",
    "system-reset", "board-reset", "sys-reset",  "sys-rst",  "soc-reset"};

/// Words that say what a line does to what it belongs to.
constexpr std::array<std::string_view, 22> line_actions{
    "reset", "rst", "por",  "power",    "pwr",     "ps",     "off",  "kill", "halt", "wdi",   "wdo",
    "wdog",  "mr",  "srst", "shutdown", "restart", "reboot", "shdn", "vdd",  "vcc",  "vcore", "vsys"};

/// Words beside these in names of lines that belong to the whole machine: whose they are, and how they do it. In all
/// others there is a word for a device that has the line: LCD_RESET, USB_PWR_EN.
constexpr std::array<std::string_view, 31> line_words{
    "system", "sys",    "board", "soc",  "cpu",     "core", "main", "machine", "global", "master", "all",
    "ddr",    "dram",   "pmic",  "cold", "warm",    "hard", "soft", "sw",      "turn",   "switch", "on",
    "en",     "enable", "out",   "req",  "request", "gpio", "line", "hog",     "ctrl"};

/// Node names of what all harts depend on.
constexpr std::array<std::string_view, 3> of_all_harts{"memory-controller", "cache-controller", "debug-controller"};

bool is_one_of(std::string_view name, Words words) {
    return std::ranges::find(words, name) != words.end();
}

std::vector<std::string> compatibles_of(const Node& node) {
    const auto* property = node.find("compatible");
    return (property == nullptr ? std::nullopt : property->strings()).value_or(std::vector<std::string>{});
}

/// Returns whether the node is one of `words`: its first name is, or one is and each other is, too, or is generic.
bool is_known_as(const Node& node, Words words) {
    const auto names = compatibles_of(node);
    const auto is_word = [&](std::string_view name) { return is_one_of(name, words); };
    const auto is_harmless = [&](std::string_view name) { return is_word(name) || is_one_of(name, generic); };
    return std::ranges::any_of(names, is_word) && (is_word(names.front()) || std::ranges::all_of(names, is_harmless));
}

/// Returns whether the node says with its names only that others are below it.
bool is_folder(const Node& node) {
    const auto is_generic = [](std::string_view name) { return is_one_of(name, generic); };
    return node.find("reg") == nullptr && std::ranges::all_of(compatibles_of(node), is_generic);
}

bool is_known(const Node& node) {
    return is_known_as(node, without_dma) || is_known_as(node, serial_buses);
}

/// Returns the text in small letters and with one kind of separators.
std::string plain(std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char c) {
        return std::isalnum(c) == 0 ? '-' : static_cast<char>(std::tolower(c));
    });
    return text;
}

/// Returns whether the chip is listed: behind the beginning of its name there may be numbers, what of it, or on
/// which bus, but no word for another use.
bool is_client(std::string_view name) {
    const auto is_part = [](auto&& part) {
        const std::string_view text(part);
        return is_one_of(text, client_parts) || text.find_first_not_of("0123456789abcdef") == text.npos;
    };
    return std::ranges::any_of(serial_clients, [&](std::string_view begin) {
        if (!name.starts_with(begin)) {
            return false;
        }
        const auto parts = plain(std::string(name.substr(begin.size())));
        return std::ranges::all_of(std::views::split(parts, '-') | std::views::drop(1), is_part);
    });
}

/// Returns whether a bus between `node` and `device` reaches no memory.
bool is_behind_serial_bus(const Node& node, const Node& device) {
    for (const auto* at = &node; at != &device; at = at->parent) {
        if (at->find("reg") != nullptr && at->parent->cell_sizes().size == 0 &&
            is_one_of(compatibles_of(*at->parent).empty() ? "" : compatibles_of(*at->parent).front(), serial_buses)) {
            return true;
        }
    }
    return false;
}

/// Returns whether the text contains one of `words`, in any case and with any separators.
bool has_word(const std::string& text, Words words) {
    return std::ranges::any_of(words, [&, name = plain(text)](auto word) { return name.contains(word); });
}

/// Returns whether the text is made of words for actions and for whole machines, and of no others. Takes the longest
/// word at each place.
bool is_made_of_line_words(std::string_view text) {
    std::size_t length = 1;
    for (; !text.empty() && length != 0; text.remove_prefix(length)) {
        length = 0;
        for (const Words words : {Words{line_actions}, Words{line_words}}) {
            for (const auto word : words) {
                length = text.starts_with(word) ? std::max(length, word.size()) : length;
            }
        }
    }
    return text.empty();
}

/// Returns whether a part of a line's name, between separators, is a number, tells its polarity, or is made of words
/// for machines; with its polarity before or behind these: nRST, PORB.
bool is_machines(std::string_view part) {
    constexpr std::string_view digits = "0123456789";
    constexpr std::string_view polarities = "nbl";
    part = part.substr(0, part.find_last_not_of(digits) + 1);
    const auto first = part.starts_with('n') ? part.substr(1) : part;
    const auto last = [&](std::string_view text) {
        return !text.empty() && polarities.contains(text.back()) ? text.substr(0, text.size() - 1) : text;
    };
    return std::ranges::any_of(std::array{part, first, last(part), last(first)}, is_made_of_line_words);
}

/// Returns whether a line of this name ends the machine.
bool ends_as_line(const std::string& name) {
    const auto is_part = [](auto&& part) { return is_machines(std::string_view(part)); };
    return has_word(name, ending) || has_word(name, sure_ending) ||
           (has_word(name, line_actions) && std::ranges::all_of(std::views::split(plain(name), '-'), is_part));
}

/// Returns whether a property names a line that ends the machine.
bool is_line_of_the_end(const Property& property) {
    if (property.name == "gpio-line-names" || property.name == "line-name") {
        const auto lines = property.strings().value_or(std::vector<std::string>{});
        return std::ranges::any_of(lines, ends_as_line);
    }
    return (property.name.ends_with("-gpio") || property.name.ends_with("-gpios")) &&
           has_word(property.name, sure_ending);
}

/// Returns whether the name says that the node resets or powers everything, unless `#...-cells` show that it does so
/// for other nodes.
bool says_all(const Node& node, std::string_view name) {
    const bool is_power = name.ends_with("-power") || name.ends_with("-power-controller") || name.ends_with("-pon");
    return (name.ends_with("-reset") && node.find("#reset-cells") == nullptr) ||
           (is_power && node.find("#power-domain-cells") == nullptr);
}

}  // namespace

std::optional<Kept::Kind> controller_kind(const Node& node) {
    for (const auto& name : compatibles_of(node)) {
        if (const auto it = std::ranges::find(controllers, name, &Controller::compatible); it != controllers.end()) {
            return it->kind;
        }
    }
    return std::nullopt;
}

bool may_master(const Node& node, const Node& device) {
    // A device behind an IOMMU or a cache does DMA, and so does one that offers it to others, whatever its name is.
    if (std::ranges::any_of(dma_properties, [&](auto name) { return node.find(name) != nullptr; })) {
        return true;
    }
    if (is_known(node) || is_behind_serial_bus(node, device)) {
        return false;
    }
    // A node that is no device describes the one above: pins, ports, lines.
    const auto* reg = node.find("reg");
    return &node == &device || (node.find("compatible") != nullptr && !is_folder(node)) ||
           (reg != nullptr && node.parent->cell_sizes().size != 0);
}

const Property* coherence_of(const Node& node) {
    for (const auto* at = &node; at != nullptr; at = at->parent) {
        for (const auto* name : {"dma-coherent", "dma-noncoherent"}) {
            if (const auto* property = at->find(name)) {
                return property;
            }
        }
    }
    return nullptr;
}

bool is_open_client(const Node& node) {
    // A child of a serial port has no number (serial.yaml).
    if (node.find("reg") == nullptr && node.parent != nullptr && is_one_of(node.parent->base_name(), port_names)) {
        const auto names = compatibles_of(node);
        return !names.empty() && !is_client(names.front());
    }
    if (node.find("reg") == nullptr || node.parent == nullptr || node.parent->cell_sizes().size != 0) {
        return false;
    }
    const auto names = compatibles_of(node);
    const auto above = compatibles_of(*node.parent);
    const bool is_on_bus =
        is_one_of(node.parent->base_name(), bus_names) || (!above.empty() && is_one_of(above.front(), serial_buses));
    // A node without `compatible` is a part of the node above, for instance a port, a channel or a LED, unless that is
    // a bus.
    return names.empty() ? is_on_bus : !is_client(names.front());
}

bool is_end_of_the_line(const Node& node) {
    const auto* at = &node;
    while (at->parent != nullptr && at->find("compatible") == nullptr) {
        at = at->parent;
    }
    const auto names = compatibles_of(*at);
    return is_known_as(*at, ends_of_the_line) || (!names.empty() && is_client(names.front()));
}

bool ends_machine(const Node& node) {
    const auto name = node.base_name();
    const auto names = compatibles_of(node);
    const auto ends = [&](const std::string& compatible) {
        return compatible == "sifive,test0" || compatible == "sifive,test1" || says_all(node, compatible) ||
               has_word(compatible, ending) || std::ranges::any_of(power_chips, [&](const ChipName& chip) {
                   return compatible.starts_with(chip.begin) && compatible.ends_with(chip.end);
               });
    };
    const auto says_so = [](const Property& property) {
        return property.name.ends_with("system-power-controller") || property.name.ends_with("reboot-offset") ||
               property.name == "timeout-sec" || property.name == "fsl,has-rstcr" ||
               property.name == "regulator-always-on" || is_line_of_the_end(property);
    };
    // The name of its line, unless it gives another (Linux, bindings/gpio/gpio.txt).
    const bool is_hog = node.find("gpio-hog") != nullptr && node.find("line-name") == nullptr;
    const bool is_pmic = name == "pmic" || (node.find("reg") != nullptr && node.child("regulators") != nullptr);
    return name == "watchdog" || name == "wdt" || is_one_of(name, of_all_harts) || is_pmic ||
           (is_hog && ends_as_line(name)) || (!names.empty() && has_word(name, sure_ending)) ||
           std::ranges::any_of(names, ends) || std::ranges::any_of(node.properties, says_so);
}

std::vector<const Node*> parts_of(const Node& node) {
    std::vector<const Node*> parts{&node};
    for (const auto& child : node.children) {
        if (child->find("reg") == nullptr) {
            const auto below = parts_of(*child);
            parts.insert(parts.end(), below.begin(), below.end());
        }
    }
    return parts;
}

bool is_container(const Node& node) {
    return node.find("reg") == nullptr && (node.find("compatible") == nullptr || node.is_compatible("simple-bus"));
}

}  // namespace mullion::partc
