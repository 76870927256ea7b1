// SPDX-License-Identifier: Apache-2.0
#include "device_kinds.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

namespace mullion::partc {
namespace {

using Words = std::span<const std::string_view>;

/// Devices that cannot master the bus. Whatever else they can do is the business of who grants them.
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

/// Devices that cannot either, with a bus behind them that reaches no memory: what is on it has a number for an
/// address.
constexpr std::array<std::string_view, 8> serial_buses{
    "snps,designware-i2c",   "opencores,i2c-ocores",  "sifive,i2c0",           "sifive,spi0",
    "sifive,fu540-c000-spi", "sifive,fu740-c000-spi", "sifive,fu540-c000-i2c", "sifive,fu740-c000-i2c"};

/// What a node may be besides, and is alone where it has nothing of its own: these say nothing of what comes before.
constexpr std::array<std::string_view, 3> generic{"syscon", "simple-mfd", "simple-bus"};

constexpr std::array<std::string_view, 17> controllers{"riscv,aplic",
                                                       "riscv,imsics",
                                                       "riscv,cpu-intc",
                                                       "sifive,plic-1.0.0",
                                                       "riscv,plic0",
                                                       "riscv,clint0",
                                                       "sifive,clint0",
                                                       "sifive,clint2",
                                                       "thead,c900-plic",
                                                       "thead,c900-clint",
                                                       "andestech,nceplic100",
                                                       "riscv,timer",
                                                       "riscv,aclint-mswi",
                                                       "riscv,aclint-sswi",
                                                       "riscv,aclint-mtimer",
                                                       "thead,c900-aclint-mswi",
                                                       "thead,c900-aclint-mtimer"};

/// Words in the names of bindings by which the machine ends.
constexpr std::array<std::string_view, 20> ending{
    "poweroff", "power-off", "powerdown",  "power-down",   "shutdown", "shdwc",       "reboot",
    "restart",  "resetmgr",  "chip-reset", "system-reset", "pwrc",     "pshold",      "ltc2952",
    "smarc-ec", "rstc",      "wdt",        "watchdog",     "pmic",     "sysc-rmobile"};

/// Beginnings of the names of chips that switch a board's power, as its regulators, its embedded controller or its
/// system controller (Linux's drivers/mfd, drivers/regulator, drivers/power/reset).
constexpr std::array<std::string_view, 63> power_chips{"actions,atc26",
                                                       "active-semi,act8",
                                                       "altr,rst-mgr",
                                                       "ams,as37",
                                                       "andestech,atcsmu",
                                                       "arm,core-module-",
                                                       "arm,realview-",
                                                       "arm,sp805",
                                                       "arm,versatile-sys",
                                                       "brcm,bcm2711-pm",
                                                       "brcm,bcm2835-pm",
                                                       "canaan,k210-rst",
                                                       "dlg,da90",
                                                       "dlg,da91",
                                                       "ene,kb39",
                                                       "fcs,fan53",
                                                       "fsl,imx7d-src",
                                                       "fsl,imx8mq-src",
                                                       "fsl,mc13",
                                                       "fsl,mpc8548-guts",
                                                       "fsl,pfuze",
                                                       "google,cros-ec",
                                                       "hisilicon,hi65",
                                                       "khadas,mcu",
                                                       "lltc,ltc36",
                                                       "marvell,88pm",
                                                       "marvell,armada-370-xp-system-controller",
                                                       "marvell,orion-system-controller",
                                                       "maxim,max77",
                                                       "maxim,max8",
                                                       "mediatek,mt63",
                                                       "microchip,mcp16",
                                                       "moxa,moxart-timer",
                                                       "mps,mp54",
                                                       "nvidia,tegra-pmc",
                                                       "nvidia,tegra186-pmc",
                                                       "nvidia,tegra20-pmc",
                                                       "nvidia,tegra210-pmc",
                                                       "nxp,pca94",
                                                       "nxp,pf",
                                                       "qcom,pm",
                                                       "qnap,",
                                                       "richtek,rt5",
                                                       "ricoh,rc5t",
                                                       "ricoh,rn5t",
                                                       "rockchip,rk8",
                                                       "rohm,bd7",
                                                       "rohm,bd9",
                                                       "samsung,exynos-pmu",
                                                       "samsung,s2m",
                                                       "samsung,s5m",
                                                       "silergy,sy",
                                                       "spacemit,p1",
                                                       "sprd,sc27",
                                                       "st,stm32mp1-rcc",
                                                       "st,stpmic",
                                                       "stericsson,ab85",
                                                       "ti,palmas",
                                                       "ti,tps6",
                                                       "ti,twl",
                                                       "wlf,wm83",
                                                       "x-powers,a",
                                                       "xlnx,zynq-slcr"};

bool is_one_of(std::string_view name, Words words) {
    return std::ranges::find(words, name) != words.end();
}

std::vector<std::string> compatibles_of(const Node& node) {
    const auto* property = node.find("compatible");
    return (property == nullptr ? std::nullopt : property->strings()).value_or(std::vector<std::string>{});
}

/// Whether the node is one of `words`: the first of its names is, or all of them are, or are generic.
bool is_known_as(const Node& node, Words words) {
    const auto names = compatibles_of(node);
    const auto is_word = [&](std::string_view name) { return is_one_of(name, words); };
    const auto is_harmless = [&](std::string_view name) { return is_word(name) || is_one_of(name, generic); };
    return !names.empty() && (is_word(names.front()) || std::ranges::all_of(names, is_harmless));
}

bool is_known(const Node& node) {
    return is_known_as(node, without_dma) || is_known_as(node, serial_buses);
}

/// Whether a bus between `node` and `device` reaches no memory.
bool is_behind_serial_bus(const Node& node, const Node& device) {
    for (const auto* at = &node; at != &device; at = at->parent) {
        if (at->find("reg") != nullptr && at->parent->cell_sizes().size == 0 &&
            is_one_of(compatibles_of(*at->parent).empty() ? "" : compatibles_of(*at->parent).front(), serial_buses)) {
            return true;
        }
    }
    return false;
}

/// Whether a name says that what has it resets or powers all, and not something else as the node's `#...-cells` say.
bool says_all(const Node& node, std::string_view name) {
    const bool is_power = name.ends_with("-power") || name.ends_with("-power-controller") || name.ends_with("-pon");
    return (name.ends_with("-reset") && node.find("#reset-cells") == nullptr) ||
           (is_power && node.find("#power-domain-cells") == nullptr);
}

}  // namespace

bool is_machine_controller(const Node& node) {
    return std::ranges::any_of(compatibles_of(node), [](const auto& name) { return is_one_of(name, controllers); });
}

bool may_master(const Node& node, const Node& device) {
    // One that stands behind an IOMMU masters the bus, whatever it is called.
    if (node.find("iommus") != nullptr) {
        return true;
    }
    if (is_known(node) || is_behind_serial_bus(node, device)) {
        return false;
    }
    // What is no device of its own says something about the one above: pins, ports, lines.
    const auto* reg = node.find("reg");
    return &node == &device || node.find("compatible") != nullptr ||
           (reg != nullptr && node.parent->cell_sizes().size != 0);
}

bool ends_machine(const Node& node) {
    const auto name = node.base_name();
    const auto names = compatibles_of(node);
    const auto ends = [&](const std::string& compatible) {
        return compatible == "sifive,test0" || compatible == "sifive,test1" || says_all(node, compatible) ||
               std::ranges::any_of(ending, [&](auto word) { return compatible.contains(word); }) ||
               std::ranges::any_of(power_chips, [&](auto begin) { return compatible.starts_with(begin); });
    };
    const auto says_so = [](const Property& property) {
        return property.name.ends_with("system-power-controller") || property.name.ends_with("reboot-offset") ||
               property.name == "timeout-sec" || property.name == "fsl,has-rstcr" ||
               property.name == "regulator-always-on";
    };
    const bool is_pmic = name == "pmic" || (node.find("reg") != nullptr && node.child("regulators") != nullptr);
    return name == "watchdog" || name == "wdt" || is_pmic || std::ranges::any_of(names, ends) ||
           std::ranges::any_of(node.properties, says_so);
}

bool is_container(const Node& node) {
    return node.find("reg") == nullptr && (node.find("compatible") == nullptr || node.is_compatible("simple-bus"));
}

}  // namespace mullion::partc
