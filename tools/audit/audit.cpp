// SPDX-License-Identifier: Apache-2.0
#include "audit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "compare.hpp"
#include "constants_judge.hpp"
#include "directory.hpp"
#include "hypervisor.hpp"
#include "ownership.hpp"
#include "registers.hpp"

namespace mullion::audit {
namespace {

// Split satp and hgatp into MODE, ASID or VMID, and PPN, from the top (privileged manual, "Supervisor Address
// Translation and Protection (satp) Register", "Hypervisor Guest Address Translation and Protection (hgatp) Register").
constexpr std::uint64_t mode_of(std::uint64_t value) {
    return value >> 60;
}
/// Returns ASID, or VMID with the reserved bits above it.
constexpr std::uint64_t tag_of(std::uint64_t value) {
    return value >> 44 & 0xffff;
}
constexpr std::uint64_t table_of(std::uint64_t value) {
    return (value & ((std::uint64_t{1} << 44) - 1)) * page_size;
}
constexpr std::uint64_t sv39 = 8;
constexpr std::uint64_t sv57 = 10;

class Audit {
 public:
    Audit(const Image& image, const Requirements& asked) : image_(image), asked_(asked) {
        for (const auto& registers : read_registers(image)) {
            if (!registers_.emplace(registers.id, registers).second) {
                find("boot_harts", fmt::format("hart {} is listed twice", registers.id));
            }
        }
    }

    Report report;

    void run() {
        for (const auto& hart : asked_.harts) {
            if (!registers_.contains(hart.id)) {
                throw Error(fmt::format("{} is not in the image's boot_harts: it is another description's", hart.name));
            }
        }
        if (registers_.size() != asked_.harts.size()) {
            find("boot_harts", "there are harts that the description does not have");
        }
        for (const auto& guest : asked_.guests) {
            this->guest(guest);
        }
        for (const auto& hart : asked_.harts) {
            idle(hart);
        }
        g_stage_values();
        add(judge_image(image_, asked_), {});
        add(judge_directory(image_, asked_), {});
        add(judge_ownership(image_, asked_, report.harts), {});
        add(judge_constants(image_, asked_, report.harts), {});
    }

 private:
    void find(const std::string& where, const std::string& what) { report.mismatches.push_back({where, what, {}, {}}); }

    void add(std::vector<Mismatch> mismatches, const std::string& where) {
        for (auto& mismatch : mismatches) {
            if (!where.empty()) {
                mismatch.where = where;
            }
            report.mismatches.push_back(std::move(mismatch));
        }
    }

    const Hart& board_hart(std::uint64_t id) const { return *std::ranges::find(asked_.harts, id, &Hart::id); }

    void guest(const Guest& guest) {
        std::vector<Piece> pieces;
        for (std::size_t n = 0; n < guest.harts.size(); ++n) {
            const auto& hart = board_hart(guest.harts[n]);
            const auto where = fmt::format("{} hart {} ({}), G-stage", guest.name, n, hart.name);
            HartReport row{hart.name, guest.name, {}, {}};
            auto walked = g_stage(registers_.at(hart.id).hgatp, where);
            if (n == 0) {
                pieces = place(guest.pieces(), walked.leaves, where);
            }
            add(std::move(walked.mismatches), where);
            add(compare(pieces, walked.leaves), where);
            row.g_stage = {registers_.at(hart.id).hgatp, pieces, std::move(walked.leaves)};
            stage1(row, hart);
            report.harts.push_back(std::move(row));
        }
    }

    /// Audits a hart that no guest has.
    void idle(const Hart& hart) {
        if (std::ranges::find(report.harts, hart.name, &HartReport::hart) != report.harts.end()) {
            return;
        }
        HartReport row{hart.name, {}, {registers_.at(hart.id).hgatp, {}, {}}, {}};
        if (row.g_stage.value != 0) {
            find(hart.name, fmt::format("hgatp is {:#x}, but no guest has this hart; it must be 0", row.g_stage.value));
        }
        stage1(row, hart);
        report.harts.push_back(std::move(row));
    }

    Walk g_stage(std::uint64_t hgatp, const std::string& where) {
        if (mode_of(hgatp) < sv39 || mode_of(hgatp) > sv57) {
            find(where, fmt::format("hgatp is {:#x}, which selects no translation; MODE must be 8, 9 or 10", hgatp));
            return {};
        }
        // Sv39x4 has 3 levels, and each further mode one more.
        return walk(image_, {Stage::guest, table_of(hgatp), static_cast<unsigned>(mode_of(hgatp) - sv39 + 3)});
    }

    void stage1(HartReport& row, const Hart& hart) {
        const auto satp = registers_.at(hart.id).satp;
        const auto where = fmt::format("{}, hypervisor's own tables", hart.name);
        if (mode_of(satp) != sv39 || tag_of(satp) != 0) {
            find(where, fmt::format("satp is {:#x}; MODE must be 8 (Sv39) and ASID 0", satp));
        }
        auto [known, is_new] = stage1_walks_.try_emplace(satp);
        if (is_new) {
            known->second = walk(image_, {Stage::hypervisor, table_of(satp), 3});
        }
        auto walked = known->second;
        auto pieces = hypervisor_pieces(image_, asked_, row.g_stage.asked);
        add(std::move(walked.mismatches), where);
        add(compare(pieces, walked.leaves), where);
        row.stage1 = {satp, std::move(pieces), std::move(walked.leaves)};
    }

    /// Gives memory that the compiler may place the address that its first page leads to; the remaining pages are
    /// compared with that.
    std::vector<Piece> place(std::vector<Piece> pieces, const std::vector<Leaf>& leaves, const std::string& where) {
        for (auto& piece : pieces) {
            const auto in_piece = [&](const Leaf& leaf) {
                return leaf.sound && leaf.at < piece.at + piece.size && piece.at < leaf.at + leaf.size;
            };
            const auto leaf = std::ranges::find_if(leaves, in_piece);
            if (!piece.to && leaf != leaves.end()) {
                piece.to = leaf->to + (piece.at - leaf->at);
            } else if (!piece.to) {
                report.mismatches.push_back({where, piece.what + " is not reached at all", piece.at, {}});
            }
        }
        std::erase_if(pieces, [](const Piece& piece) { return !piece.to; });
        return pieces;
    }

    /// Checks that each guest has the VMID of its number in the description, from 1 on (translations are cached under
    /// it), and each hart a root table of its own.
    void g_stage_values() {
        std::map<std::uint64_t, std::string> roots;
        for (const auto& row : report.harts) {
            if (row.guest.empty()) {
                continue;
            }
            const auto guest = std::ranges::find(asked_.guests, row.guest, &Guest::name) - asked_.guests.begin();
            const auto vmid = static_cast<std::uint64_t>(guest) + 1;
            if (tag_of(row.g_stage.value) != vmid) {
                constexpr auto what = "hgatp is {:#x}; the VMID of {} must be {}, and the bits above it 0";
                find(row.hart, fmt::format(what, row.g_stage.value, row.guest, vmid));
            }
            const auto root = table_of(row.g_stage.value);
            if (const auto& [it, is_new] = roots.emplace(root, row.hart); !is_new) {
                find(row.hart, fmt::format("the root table at {:#x} is {}'s too", root, it->second));
            }
        }
    }

    const Image& image_;
    const Requirements& asked_;
    std::map<std::uint64_t, HartRegisters> registers_;
    std::map<std::uint64_t, Walk> stage1_walks_;  ///< by satp, which harts share
};

}  // namespace

Report audit(const Image& image, const Requirements& asked) {
    Audit audit{image, asked};
    audit.run();
    return std::move(audit.report);
}

}  // namespace mullion::audit
