// SPDX-License-Identifier: Apache-2.0
#include "directory.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string_view>

#include "registers.hpp"

namespace mullion::audit {
namespace {

constexpr std::uint64_t entries_of_page = page_size / sizeof(std::uint64_t);
constexpr unsigned middle_bits = 9;  ///< of an id, below those of the root
constexpr unsigned id_bits = 24;

/// How a directory looks that an IOMMU takes, and the bits of an id below 9 for the middle page (RISC-V IOMMU,
/// "Device-Directory-Table").
struct Format {
    std::string_view name;
    std::uint64_t context_words = 0;
    unsigned leaf_bits = 0;
};

/// In the order of the hypervisor's list of roots.
constexpr std::array formats{Format{"device directory, extended format", 8, 6},
                             Format{"device directory, base format", 4, 7}};

/// What a context must be: its iohgatp, and whose it is.
struct Context {
    std::uint64_t iohgatp = 0;
    std::string function;
};
using Contexts = std::map<std::uint64_t, Context>;  ///< by device id

class Judge {
 public:
    Judge(const Image& image, const Range& directory, const Contexts& contexts)
        : image_(image), directory_(directory), contexts_(contexts) {}

    std::vector<Mismatch> mismatches;

    void judge(std::uint64_t root, const Format& format) {
        format_ = &format;
        missing_ = contexts_;
        const auto above = format.leaf_bits + middle_bits;
        if (!enter(root)) {
            return;
        }
        for (std::uint64_t r = 0; r < entries_of_page; ++r) {
            const auto middle = leads_to(root, r);
            if (middle != 0 && r >> (id_bits - above) != 0) {
                find(fmt::format("entry {} of the root is for ids of more than {} bits", r, id_bits));
            }
            for (std::uint64_t m = 0; middle != 0 && m < entries_of_page; ++m) {
                if (const auto leaf = leads_to(middle, m); leaf != 0) {
                    contexts(leaf, r << above | m << format.leaf_bits);
                }
            }
        }
        for (const auto& [id, context] : missing_) {
            find(fmt::format("{}, with device id {:#x}, has no context", context.function, id));
        }
    }

    /// Checks that pages that no directory has are empty.
    void rest() {
        format_ = formats.data();
        for (auto page = directory_.base; page < directory_.end(); page += page_size) {
            for (std::uint64_t i = 0; !pages_.contains(page) && i < entries_of_page; ++i) {
                if (const auto value = word(page, i); value != 0) {
                    find(fmt::format("{:#x} is {:#x}, in a page that nothing leads to", page + i * 8, value));
                }
            }
        }
    }

 private:
    void find(const std::string& what) { mismatches.push_back({std::string{format_->name}, what, {}, {}}); }

    std::uint64_t word(std::uint64_t page, std::uint64_t i) const {
        return image_.constant_word(page + i * sizeof(std::uint64_t), "the device directory");
    }

    /// Takes a page as one of this directory. One that is empty may be the root of both.
    bool enter(std::uint64_t page) {
        if (page % page_size != 0 || !directory_.contains({page, page_size})) {
            find(fmt::format("leads to {:#x}, which is no page of it", page));
            return false;
        }
        if (!pages_.insert(page).second && !contexts_.empty()) {
            find(fmt::format("leads to {:#x} twice", page));
            return false;
        }
        return true;
    }

    /// Returns the page that an entry leads to: V in bit 0, the PPN in 53:10. 0 if it leads to none.
    std::uint64_t leads_to(std::uint64_t page, std::uint64_t i) {
        constexpr std::uint64_t ppn = ((std::uint64_t{1} << 44) - 1) << 10;
        const auto entry = word(page, i);
        const auto to = (entry & ppn) << 2;
        if (entry == 0) {
            return 0;
        }
        if (entry != ((entry & ppn) | 1)) {
            find(fmt::format("entry {} of the page at {:#x} is {:#x}, which has stray bits", i, page, entry));
            return 0;
        }
        return enter(to) ? to : 0;
    }

    /// Judges a page of contexts, the first of which is that of `first`.
    void contexts(std::uint64_t page, std::uint64_t first) {
        for (std::uint64_t i = 0; i < entries_of_page / format_->context_words; ++i) {
            const auto wanted = missing_.find(first + i);
            const auto at = i * format_->context_words;
            const bool is_wanted = wanted != missing_.end();
            bool is_empty = true;
            bool is_right = true;
            for (std::uint64_t k = 0; k < format_->context_words; ++k) {
                const auto expected = !is_wanted || k > 1 ? 0 : k == 0 ? 1 : wanted->second.iohgatp;
                const auto value = word(page, at + k);
                is_empty = is_empty && value == 0;
                is_right = is_right && value == expected;
            }
            if (!is_right && !(is_wanted && is_empty)) {
                find(fmt::format("the context of device id {:#x} is not {}", first + i,
                                 is_wanted ? "what it must be for " + wanted->second.function : "zeros"));
            }
            if (is_wanted && !is_empty) {
                missing_.erase(wanted);
            }
        }
    }

    const Image& image_;
    const Range directory_;
    const Contexts& contexts_;
    const Format* format_ = nullptr;
    Contexts missing_;
    std::set<std::uint64_t> pages_;
};

/// Returns the contexts that there must be.
Contexts contexts_of(const Image& image, const Requirements& asked, std::vector<Mismatch>& mismatches) {
    const auto rows = read_registers(image);
    Contexts contexts;
    for (const auto& guest : asked.guests) {
        const auto row = guest.harts.empty() ? rows.end() : std::ranges::find(rows, guest.harts[0], &HartRegisters::id);
        for (const auto& function : guest.functions) {
            const Context context{row == rows.end() ? 0 : row->hgatp,
                                  fmt::format("{} of {}", function.name, guest.name)};
            if (!contexts.emplace(function.device_id, context).second) {
                mismatches.push_back({"device directory", context.function + " has another's device id", {}, {}});
            }
        }
    }
    return contexts;
}

}  // namespace

std::vector<Mismatch> judge_directory(const Image& image, const Requirements& asked) {
    const Range directory{image.symbol("mullion_directory").address, image.symbol("mullion_directory_size").address};
    const auto wrong_size =
        std::vector<Mismatch>{{"device directory", fmt::format("has {} bytes", directory.size), {}, {}}};
    if (!asked.iommu) {
        return directory.size == 0 ? std::vector<Mismatch>{} : wrong_size;
    }
    if (directory.size == 0 || directory.base % page_size != 0 || directory.size % page_size != 0) {
        return wrong_size;
    }
    std::vector<Mismatch> mismatches;
    const auto contexts = contexts_of(image, asked, mismatches);
    Judge judge{image, directory, contexts};
    const auto roots = image.symbol("_ZN7mullion18device_directoriesE").address;
    for (std::size_t i = 0; i < formats.size(); ++i) {
        judge.judge(image.constant_word(roots + i * sizeof(std::uint64_t), "the root of a device directory"),
                    formats[i]);
    }
    judge.rest();
    std::ranges::move(judge.mismatches, std::back_inserter(mismatches));
    return mismatches;
}

}  // namespace mullion::audit
