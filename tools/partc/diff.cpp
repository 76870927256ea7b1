// SPDX-License-Identifier: Apache-2.0
#include "diff.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "overlay.hpp"
#include "owners.hpp"
#include "policy.hpp"
#include "text.hpp"

namespace mullion::partc {
namespace {

const GuestModel* guest_of(const Model& model, const std::string& name) {
    const auto it = std::ranges::find(model.guests, name, &GuestModel::name);
    return it == model.guests.end() ? nullptr : &*it;
}

std::vector<std::string> harts(const Model& model, const GuestModel& guest) {
    std::vector<std::string> names;
    std::ranges::transform(guest.harts, std::back_inserter(names),
                           [&](auto hart) { return model.board.hart_nodes[hart]->title(); });
    return names;
}

std::vector<std::string> devices(const GuestModel& guest) {
    std::vector<std::string> names;
    std::ranges::transform(guest.granted(), std::back_inserter(names), [](const Node* node) { return node->title(); });
    return names;
}

std::string overlay(const GuestModel& guest) {
    const auto* property = overlay_of(guest);
    return property == nullptr ? "none" : property->string().value_or("");
}

/// Returns what is in `of` and not in `others`.
std::vector<std::string> missing(const std::vector<std::string>& of, const std::vector<std::string>& others) {
    std::vector<std::string> names;
    std::ranges::copy_if(of, std::back_inserter(names),
                         [&](const auto& name) { return std::ranges::find(others, name) == others.end(); });
    return names;
}

std::vector<const WindowModel*> memory(const GuestModel& guest) {
    std::vector<const WindowModel*> windows;
    for (const auto& window : guest.windows) {
        if (window.window.kind == WindowKind::memory || window.window.kind == WindowKind::channel) {
            windows.push_back(&window);
        }
    }
    return windows;
}

std::string window_text(const WindowModel& w) {
    return fmt::format("{} ({})", w.name, exact_size(w.window.size));
}

class DescriptionDiff {
 public:
    DescriptionDiff(const Model& before, const Model& after) : before_(before), after_(after) {}

    std::string text() {
        for (const auto& guest : before_.guests) {
            if (const auto* now = guest_of(after_, guest.name)) {
                this->guest(guest, *now);
            } else {
                line("{} is gone; it had {}", guest.name, summary(before_, guest));
            }
        }
        for (const auto& guest : after_.guests) {
            if (guest_of(before_, guest.name) == nullptr) {
                line("{} is new; it has {}", guest.name, summary(after_, guest));
            }
        }
        return text_.empty() ? "no difference\n" : std::move(text_);
    }

 private:
    template <class... Args>
    void line(fmt::format_string<Args...> format, Args&&... args) {
        text_ += fmt::format(format, std::forward<Args>(args)...) + '\n';
    }

    static std::string summary(const Model& model, const GuestModel& guest) {
        auto words = harts(model, guest);
        std::ranges::transform(memory(guest), std::back_inserter(words), [](const auto* w) { return window_text(*w); });
        std::ranges::copy(devices(guest), std::back_inserter(words));
        return list(words);
    }

    void guest(const GuestModel& was, const GuestModel& is) {
        lists(was.name, harts(before_, was), harts(after_, is));
        lists(was.name, devices(was), devices(is));
        windows(was, is);
        for (const auto* name : {"kernel", "ramdisk"}) {
            image(name, was, is);
        }
        if (was.bootargs != is.bootargs) {
            line("{}: boot arguments change from \"{}\" to \"{}\"", was.name, was.bootargs, is.bootargs);
        }
        if (overlay(was) != overlay(is)) {
            line("{}: another overlay: {}, not {}", was.name, overlay(is), overlay(was));
        }
        if (was.entry != is.entry) {
            line("{}: is entered at {}, not at {}", was.name, hex(is.entry.value), hex(was.entry.value));
        }
        if (was.bus_masters.empty() != is.bus_masters.empty()) {
            line("{}: {} isolated against DMA by it", was.name, is.bus_masters.empty() ? "again" : "no longer");
        }
        if (was.verified != is.verified) {
            line("{}: its images are {} verified before every start", was.name, is.verified ? "now" : "no longer");
        }
        policy(was, is);
    }

    void policy(const GuestModel& was, const GuestModel& is) {
        if (start_text(was) != start_text(is)) {
            line("{}: starts {}, not {}", was.name, start_text(is), start_text(was));
        }
        for (const auto cause : {Cause::shutdown, Cause::reboot, Cause::crash, Cause::watchdog}) {
            if (was.policy.to(cause) != is.policy.to(cause)) {
                line("{}: {} changes from \"{}\" to \"{}\"", was.name, property_of(cause),
                     reaction_text(was.policy.to(cause)), reaction_text(is.policy.to(cause)));
            }
        }
        if (was.policy.stop != is.policy.stop) {
            line("{}: when the operator stops it: {}, not {}", was.name, stop_text(is.policy.stop),
                 stop_text(was.policy.stop));
        }
        for (const auto& row : emulated_kinds) {
            const bool has_one = is.device(row.kind).exists();
            if (row.is_asked_for() && was.device(row.kind).exists() != has_one) {
                line("{}: {} {}", was.name, has_one ? "gets a" : "loses its", row.name);
            }
        }
        if (was.policy.stop_on_dma_fault != is.policy.stop_on_dma_fault) {
            line("{}: {} stopped by a refused DMA", was.name, is.policy.stop_on_dma_fault ? "is now" : "is no longer");
        }
        if (was.policy.restart_with_dma != is.policy.restart_with_dma) {
            line("{}: {} start again in spite of DMA", was.name,
                 is.policy.restart_with_dma ? "may now" : "may no longer");
        }
    }

    void lists(const std::string& guest, const std::vector<std::string>& was, const std::vector<std::string>& is) {
        if (const auto lost = missing(was, is); !lost.empty()) {
            line("{}: loses {}", guest, list(lost));
        }
        if (const auto won = missing(is, was); !won.empty()) {
            line("{}: gets {}", guest, list(won));
        }
        if (was != is && std::ranges::is_permutation(was, is)) {
            line("{}: counts in another order: {}, not {}", guest, list(is), list(was));
        }
    }

    void windows(const GuestModel& was, const GuestModel& is) {
        const auto named = [](const auto& windows, const WindowModel& like) {
            const auto it = std::ranges::find_if(windows, [&](const auto* w) { return w->name == like.name; });
            return it == windows.end() ? nullptr : *it;
        };
        for (const auto* old : memory(was)) {
            if (const auto* now = named(memory(is), *old)) {
                window(was.name, *old, *now);
            } else {
                line("{}: loses {}", was.name, window_text(*old));
            }
        }
        for (const auto* now : memory(is)) {
            if (named(memory(was), *now) == nullptr) {
                line("{}: gets {}", is.name, window_text(*now));
            }
        }
    }

    void window(const std::string& guest, const WindowModel& was, const WindowModel& is) {
        if (was.window.size != is.window.size) {
            line("{}: {} {} from {} to {}", guest, was.name, is.window.size > was.window.size ? "grows" : "shrinks",
                 exact_size(was.window.size), exact_size(is.window.size));
        }
        if (was.window.rights != is.window.rights) {
            line("{}: {} is {}, not {}", guest, was.name, to_string(is.window.rights), to_string(was.window.rights));
        }
        if (was.window.at != is.window.at) {
            line("{}: {} begins at guest address {}, not at {}", guest, was.name, hex(is.window.at.value),
                 hex(was.window.at.value));
        }
        if (was.window.to != is.window.to) {
            line("{}: {} moves in host memory from {} to {}", guest, was.name, hex(was.window.to.value),
                 hex(is.window.to.value));
        }
    }

    void image(const std::string& name, const GuestModel& was, const GuestModel& is) {
        const auto* old = file(before_, was, name);
        const auto* now = file(after_, is, name);
        if (old == nullptr && now != nullptr) {
            line("{}: gets a {}, {}", is.name, name, now->name);
        } else if (old != nullptr && now == nullptr) {
            line("{}: loses its {}, {}", is.name, name, old->name);
        } else if (old != nullptr && old->bytes != now->bytes) {
            line("{}: another {}: {} ({}), not {} ({})", is.name, name, now->name, rough_size(now->bytes.size()),
                 old->name, rough_size(old->bytes.size()));
        }
    }

    /// Returns the file behind loads of a name. An ELF has several loads, but one file.
    static const ImageModel* file(const Model& model, const GuestModel& guest, const std::string& name) {
        const auto load = std::ranges::find(guest.loads, name, &LoadModel::name);
        return load == guest.loads.end() ? nullptr : &model.images.all()[load->load.image];
    }

    const Model& before_;
    const Model& after_;
    std::string text_;
};

}  // namespace

std::string differences(const Described& before, const Described& after) {
    return DescriptionDiff{before.model, after.model}.text();
}

Result diff(const Options& options, const std::string& after) {
    Diagnostics of_before;
    Diagnostics of_after;
    auto after_options = options;
    after_options.file = after;
    const auto old = describe(options, of_before);
    const auto now = describe(after_options, of_after);
    const bool ok = old && now;
    return {ok, of_before.text() + of_after.text(), ok ? differences(*old, *now) : ""};
}

}  // namespace mullion::partc
