// SPDX-License-Identifier: Apache-2.0
#include "host_labels.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <limits>
#include <set>
#include <string_view>
#include <tuple>
#include <vector>

#include "board.hpp"

namespace mullion::partc {
namespace {

/// Returns a node's name without its address, in characters that a label may have.
std::string word_of(const Node& node) {
    std::string word = node.base_name();
    std::ranges::replace_if(
        word, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
    return word.empty() || std::isdigit(static_cast<unsigned char>(word.front())) != 0 ? "node_" + word : word;
}

/// The beginning of labels, and whether the first one gets a number, too: cpu0, ram0, uart0, virtio0, as
/// docs/bindings/README.md has them; but rtc.
struct Stem {
    std::string word;
    bool numbered = false;
};

constexpr std::array<std::tuple<std::string_view, std::string_view, bool>, 6> contract{{
    {"ns16550a", "uart", true},
    {"virtio,mmio", "virtio", true},
    {"riscv,aplic", "aplic", false},
    {"riscv,imsics", "imsic", false},
    {"riscv,plic0", "plic", false},
    {"riscv,iommu", "iommu", false},
}};

Stem stem_of(const Node& node) {
    if (node.is_type("cpu")) {
        return node.is_enabled() ? Stem{"cpu", true} : Stem{"disabled_cpu", true};
    }
    if (node.is_type("memory")) {
        return {"ram", true};
    }
    for (const auto& [compatible, word, numbered] : contract) {
        if (node.is_compatible(compatible)) {
            return {std::string{word}, numbered};
        }
    }
    return {word_of(node), false};
}

class Labeller {
 public:
    Labeller(const Tree& tree, const HostBoard& board) : tree_(tree), board_(board) {}

    std::map<const Node*, std::string> labels;

    void label() {
        for (const auto* hart : board_.harts) {
            give(*hart, {"cpu", true});
        }
        // Nodes that docs/bindings/README.md names come first, so that they get the first numbers.
        give_if(board_.uart, {"uart", true});
        give_if(board_.aplic, {"aplic", false});
        give_if(board_.imsic, {"imsic", false});
        give_if(board_.plic, {"plic", false});
        collect(tree_.root());
        std::ranges::stable_sort(nodes_, {}, [](const Node* node) { return address_of(*node); });
        for (const auto* node : nodes_) {
            if (!labels.contains(node)) {
                give(*node, stem_of(*node));
            }
        }
        for (const auto* node : controllers_) {
            const auto cpu = labels.find(node->parent);
            give(*node, {(cpu == labels.end() ? word_of(*node->parent) : cpu->second) + "_intc", false});
        }
    }

 private:
    void collect(const Node& node) {
        for (const auto& child : node.children) {
            if (board_.left_out.contains(child.get())) {
                continue;
            }
            if (child->is_compatible("riscv,cpu-intc")) {
                controllers_.push_back(child.get());
            } else if (child->find("reg") != nullptr || child->find("phandle") != nullptr) {
                nodes_.push_back(child.get());
            }
            collect(*child);
        }
    }

    void give_if(const Node* node, const Stem& stem) {
        if (node != nullptr && !labels.contains(node)) {
            give(*node, stem);
        }
    }

    void give(const Node& node, const Stem& stem) {
        auto& next = next_[stem.word];
        std::string label;
        do {
            label = next == 0 && !stem.numbered ? stem.word : fmt::format("{}{}", stem.word, next);
            ++next;
        } while (!taken_.insert(label).second);
        labels[&node] = label;
    }

    const Tree& tree_;
    const HostBoard& board_;
    std::vector<const Node*> nodes_;
    std::vector<const Node*> controllers_;  ///< interrupt controllers of harts
    std::map<std::string, unsigned> next_;
    std::set<std::string> taken_;
};

}  // namespace

std::uint64_t address_of(const Node& node) {
    const auto at = node.name.find('@');
    std::uint64_t address = std::numeric_limits<std::uint64_t>::max();
    if (at != std::string::npos) {
        std::from_chars(node.name.data() + at + 1, node.name.data() + node.name.size(), address, 16);
    }
    return address;
}

std::map<const Node*, std::string> label_host(const Tree& tree, const HostBoard& board) {
    Labeller labeller{tree, board};
    labeller.label();
    return std::move(labeller.labels);
}

}  // namespace mullion::partc
