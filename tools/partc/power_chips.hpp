// SPDX-License-Identifier: Apache-2.0
// The names of chips that switch a board's power, as its regulators, its embedded controller or its system controller.
#pragma once

#include <array>
#include <string_view>

namespace mullion::partc {

/// How the name of a chip begins, and how it ends.
struct ChipName {
    std::string_view begin;
    std::string_view end{};
};

/// Of Linux's drivers/mfd, drivers/regulator, drivers/power/reset, drivers/soc.
inline constexpr std::array<ChipName, 65> power_chips{{
    {"actions,atc26"},
    {"active-semi,act8"},
    {"altr,rst-mgr"},
    {"ams,as37"},
    {"andestech,atcsmu"},
    {"arm,core-module-"},
    {"arm,realview-"},
    {"arm,sp805"},
    {"arm,versatile-sys"},
    {"brcm,bcm2711-pm"},
    {"brcm,bcm2835-pm"},
    {"canaan,k210-rst"},
    {"dlg,da90"},
    {"dlg,da91"},
    {"ene,kb39"},
    {"fcs,fan53"},
    {"fsl,imx7d-src"},
    {"fsl,imx8mq-src"},
    {"fsl,mc13"},
    {"fsl,mpc8548-guts"},
    {"fsl,pfuze"},
    {"google,cros-ec"},
    {"google,gs", "-pmu"},
    {"hisilicon,hi65"},
    {"khadas,mcu"},
    {"lltc,ltc36"},
    {"marvell,88pm"},
    {"marvell,armada-370-xp-system-controller"},
    {"marvell,orion-system-controller"},
    {"maxim,max77"},
    {"maxim,max8"},
    {"mediatek,mt63"},
    {"microchip,mcp16"},
    {"moxa,moxart-timer"},
    {"mps,mp54"},
    {"nvidia,tegra-pmc"},
    {"nvidia,tegra186-pmc"},
    {"nvidia,tegra20-pmc"},
    {"nvidia,tegra210-pmc"},
    {"nxp,pca94"},
    {"nxp,pf"},
    {"qcom,pm"},
    {"qnap,"},
    {"richtek,rt5"},
    {"ricoh,rc5t"},
    {"ricoh,rn5t"},
    {"rockchip,rk8"},
    {"rohm,bd7"},
    {"rohm,bd9"},
    {"samsung,exynos", "-pmu"},
    {"samsung,s2m"},
    {"samsung,s5m"},
    {"silergy,sy"},
    {"spacemit,p1"},
    {"sprd,sc27"},
    {"st,stm32mp1-rcc"},
    {"st,stpmic"},
    {"stericsson,ab85"},
    {"tesla,fsd", "-pmu"},
    {"ti,palmas"},
    {"ti,tps6"},
    {"ti,twl"},
    {"wlf,wm83"},
    {"x-powers,a"},
    {"xlnx,zynq-slcr"},
}};

}  // namespace mullion::partc
