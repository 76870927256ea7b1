// SPDX-License-Identifier: Apache-2.0
#include "images.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>

#include "files.hpp"
#include "free_pages.hpp"
#include "guest_tree.hpp"
#include "kernel.hpp"
#include "overlay.hpp"
#include "text.hpp"

namespace mullion::partc {
namespace {

namespace fs = std::filesystem;

struct ImageFile {
    std::string path;
    std::string bytes;
};

/// Loads the images of one guest.
class Loader {
 public:
    Loader(const Tree& board, Model& model, GuestModel& guest, const ImageOptions& options, Diagnostics& diagnostics)
        : board_(board), model_(model), guest_(guest), options_(options), diagnostics_(diagnostics) {}

    std::vector<std::string> files;

    void load() {
        kernel(*guest_.node->child("kernel"));
        if (const auto* node = guest_.node->child("ramdisk")) {
            ramdisk(*node);
        }
        tree();
    }

 private:
    void error(const Position& at, const std::string& text) {
        diagnostics_.error(at, fmt::format("partition '{}': {}", guest_.name, text));
    }

    std::optional<std::string> find(const Node& node) {
        for (const auto& key : {guest_.name + '.' + node.name, node.name}) {
            if (const auto it = options_.instead.find(key); it != options_.instead.end()) {
                return it->second;
            }
        }
        const auto image = node.find("image")->string().value_or("");
        for (const auto& folder : {options_.beside, options_.folder}) {
            if (const auto path = fs::path{folder} / image; fs::is_regular_file(path)) {
                return path;
            }
        }
        error(node.where("image"),
              fmt::format("{}: no file '{}', neither beside this one nor in {}", node.name, image, options_.folder));
        return std::nullopt;
    }

    std::optional<ImageFile> file(const Node& node) {
        const auto path = find(node);
        if (!path) {
            return std::nullopt;
        }
        auto bytes = contents(*path);
        if (!bytes) {
            error(node.where("image"), fmt::format("{}: cannot read {}", node.name, *path));
            return std::nullopt;
        }
        if (bytes->empty()) {
            error(node.where("image"), fmt::format("{}: {} is empty", node.name, *path));
            return std::nullopt;
        }
        files.push_back(*path);
        return ImageFile{*path, std::move(*bytes)};
    }

    void kernel(const Node& node) {
        auto read = file(node);
        if (!read) {
            return;
        }
        const auto kernel = parse_kernel(read->bytes);
        if (!kernel) {
            error(node.where("image"), fmt::format("kernel: {} {}", read->path, kernel.error()));
            return;
        }
        const auto image = model_.images.add(fs::path{read->path}.filename(), read->path, std::move(read->bytes));
        const auto base = kernel_base(node, *kernel);
        const auto* entry = node.find("entry");
        guest_.entry = entry != nullptr ? Gpa{entry->number().value_or(0)} : base + kernel->entry;
        const auto holds_entry = [&](const LoadSegment& segment) {
            return segment.is_code && kernel->entry >= segment.address &&
                   kernel->entry - segment.address < segment.memory_size;
        };
        if (entry == nullptr && std::ranges::none_of(kernel->segments, holds_entry)) {
            error(node.where("image"),
                  fmt::format("kernel: {} is an ELF whose entry {} is in no segment with code (PF_X)", files.back(),
                              hex(kernel->entry)));
        }
        for (const auto& segment : kernel->segments) {
            const GuestRange range{base + segment.address, segment.memory_size};
            taken_.push_back(range);
            if (!in_memory(range)) {
                error(node.where("image"), fmt::format("kernel: {} at {} (with its bss) is outside the guest's memory",
                                                       exact_size(range.size), hex(range.base.value)));
            } else if (segment.size != 0) {
                guest_.loads.push_back({{range.base, image, segment.offset, segment.size}, "kernel", node.at});
            }
        }
    }

    Gpa kernel_base(const Node& node, const Kernel& kernel) {
        const auto* load = node.find("load");
        const auto start = guest_.first_memory.base;
        if (kernel.format == KernelFormat::elf) {
            if (load != nullptr) {
                error(load->at, "kernel: an ELF says itself where it is loaded; leave out 'load'");
            }
            return {};
        }
        if (kernel.format == KernelFormat::linux_image && load == nullptr) {
            if (!is_aligned(start.value, 2 * mebi)) {
                error(first_memory().at, "a Linux Image wants memory that begins on a 2 MiB border");
            }
            return start + kernel.text_offset;
        }
        return load != nullptr ? Gpa{load->number().value_or(0)} : start;
    }

    const WindowModel& first_memory() const {
        const auto first = [&](const WindowModel& w) { return w.window.guest() == guest_.first_memory; };
        return *std::ranges::find_if(guest_.windows, first);
    }

    /// Returns text like "in memory@80000000, where 6 MiB of 64 MiB are taken".
    std::string first_memory_use() const {
        std::uint64_t used = 0;
        for (const auto& range : taken_) {
            used += guest_.first_memory.contains(range.base) ? range.size : 0;
        }
        return fmt::format("in {}, where {} of {} are taken", first_memory().name, rough_size(used),
                           exact_size(guest_.first_memory.size));
    }

    bool in_memory(const GuestRange& range) const {
        return std::ranges::any_of(guest_.windows, [&](const WindowModel& w) {
            return w.window.kind == WindowKind::memory && w.window.guest().contains(range.base, range.size);
        });
    }

    void ramdisk(const Node& node) {
        auto read = file(node);
        if (!read) {
            return;
        }
        const auto size = read->bytes.size();
        const auto at = free_memory(size, loader_room);
        if (!at) {
            error(node.where("image"), fmt::format("ramdisk: no room for {} {}", rough_size(size), first_memory_use()));
            return;
        }
        const auto image = model_.images.add(fs::path{read->path}.filename(), read->path, std::move(read->bytes));
        guest_.ramdisk = {*at, size};
        take({*at, image, 0, size}, "ramdisk", node.at);
    }

    void tree() {
        auto blob = guest_tree(board_, model_.board, guest_);
        if (overlay_of(guest_) != nullptr) {
            auto overlaid = apply_overlay(blob, guest_, options_.source, diagnostics_);
            if (!overlaid) {
                return;
            }
            blob = std::move(overlaid->tree);
            files.insert(files.end(), overlaid->files.begin(), overlaid->files.end());
        }
        const auto finished = finish_tree(std::move(blob));
        const auto size = finished.blob.size();
        const auto at = free_memory(size, 0);
        if (!at) {
            error(guest_.node->at, "no room for the device tree " + first_memory_use());
            return;
        }
        const auto name = guest_.name + ".dtb";
        const auto image = model_.images.add(name, fs::path{options_.output} / name, finished.blob);
        guest_.tree = *at;
        guest_.seed = {*at + finished.seed.at.value, finished.seed.name};
        take({*at, image, 0, size}, "tree", guest_.node->at);
    }

    void take(Load load, std::string name, Position at) {
        taken_.push_back({load.to, load.size});
        guest_.loads.push_back({load, std::move(name), std::move(at)});
    }

    /// Returns the last free pages of the first memory, `below` bytes below its top if it is large enough. They are the
    /// farthest from the kernel's end, where an allocator may begin, or a bss that no header declares. At most 2 GiB
    /// from the start, the reach of code of the medany model.
    std::optional<Gpa> free_memory(std::uint64_t size, std::uint64_t below) const {
        const auto memory = guest_.first_memory;
        const auto reach = std::min(memory.size, 2 * gibi);
        for (const auto top : {reach - std::min(reach, below), reach, memory.size}) {
            if (const auto at = last_free_pages({memory.base, top}, size, taken_)) {
                return at;
            }
        }
        return std::nullopt;
    }

    /// Room for boot loaders that relocate themselves to the top of memory, as U-Boot does. They save the tree before,
    /// but do not know of the ramdisk.
    static constexpr std::uint64_t loader_room = 32 * mebi;

    const Tree& board_;
    Model& model_;
    GuestModel& guest_;
    const ImageOptions& options_;
    Diagnostics& diagnostics_;
    std::vector<GuestRange> taken_;
};

/// Checks that every --image for a guest names one that has such a node.
void check_instead(const Node& partitions, const ImageOptions& options, Diagnostics& diagnostics) {
    for (const auto& [key, path] : options.instead) {
        const auto dot = key.find('.');
        const auto name = key.substr(0, dot == std::string::npos ? 0 : dot);
        const auto what = key.substr(dot == std::string::npos ? 0 : dot + 1);
        const auto* guest = name.empty() ? nullptr : partitions.child(name);
        if (what != "kernel" && what != "ramdisk") {
            diagnostics.error({}, fmt::format("--image {}: write [GUEST.]kernel=FILE or [GUEST.]ramdisk=FILE", key));
        } else if (!name.empty() && guest == nullptr) {
            diagnostics.error({}, fmt::format("--image {}: there is no partition '{}'", key, name));
        } else if (!name.empty() && guest->child(what) == nullptr) {
            diagnostics.error({}, fmt::format("--image {}: partition '{}' has no {}", key, name, what));
        } else if (!fs::is_regular_file(path)) {
            diagnostics.error({}, fmt::format("--image {}: no file {}", key, path));
        }
    }
}

}  // namespace

std::vector<std::string> load_images(const Tree& tree, Model& model, const ImageOptions& options,
                                     Diagnostics& diagnostics) {
    std::vector<std::string> files;
    if (model.guests.empty()) {
        return files;
    }
    const auto before = diagnostics.errors();
    check_instead(*model.guests.front().node->parent, options, diagnostics);
    if (diagnostics.errors() != before) {
        model.guests.clear();
        return files;
    }
    std::erase_if(model.guests, [&](GuestModel& guest) {
        const auto errors = diagnostics.errors();
        Loader loader{tree, model, guest, options, diagnostics};
        loader.load();
        files.insert(files.end(), loader.files.begin(), loader.files.end());
        return diagnostics.errors() != errors;
    });
    return files;
}

}  // namespace mullion::partc
