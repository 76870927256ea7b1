// SPDX-License-Identifier: Apache-2.0
#include "isa_string.hpp"

#include <algorithm>
#include <cctype>
#include <iterator>

namespace mullion::partc {
namespace {

bool is_digit(char c) {
    return std::isdigit(static_cast<unsigned char>(c)) != 0;
}

/// Removes a version ("2", "2p1") from the front.
void drop_version(std::string_view& text) {
    const auto digits = [&](std::size_t from) {
        while (from < text.size() && is_digit(text[from])) {
            ++from;
        }
        return from;
    };
    auto end = digits(0);
    if (end > 0 && end + 1 < text.size() && text[end] == 'p' && is_digit(text[end + 1])) {
        end = digits(end + 1);
    }
    text.remove_prefix(end);
}

/// Returns a name ("zicsr2p0") without its version.
std::string_view without_version(std::string_view name) {
    for (std::size_t at = 1; at < name.size(); ++at) {
        auto rest = name.substr(at);
        drop_version(rest);
        // Names may contain digits ("zve32x"); a version is major and minor at the end of the name.
        if (is_digit(name[at]) && rest.empty() && name.find('p', at) != std::string_view::npos) {
            return name.substr(0, at);
        }
    }
    return name;
}

void add_letters(std::string_view letters, std::vector<std::string>& names) {
    while (!letters.empty()) {
        const auto letter = letters.front();
        letters.remove_prefix(1);
        drop_version(letters);
        if (letter == 'g') {
            names.insert(names.end(), {"i", "m", "a", "f", "d", "zicsr", "zifencei"});
        } else {
            names.emplace_back(1, letter);
        }
    }
}

}  // namespace

std::vector<std::string> extensions_of(std::string_view isa) {
    std::vector<std::string> names;
    if (isa.size() < 5 || !(isa.starts_with("rv64") || isa.starts_with("rv32"))) {
        return names;
    }
    const auto end = std::min(isa.find('_'), isa.size());
    add_letters(isa.substr(4, end - 4), names);
    for (auto rest = isa.substr(end); !rest.empty();) {
        rest.remove_prefix(1);
        const auto name = rest.substr(0, rest.find('_'));
        rest.remove_prefix(name.size());
        if (name.size() == 1) {
            add_letters(name, names);
        } else if (!name.empty()) {
            names.emplace_back(without_version(name));
        }
    }
    // Each name once, where it is first.
    std::vector<std::string> unique;
    std::ranges::copy_if(names, std::back_inserter(unique),
                         [&](const auto& name) { return std::ranges::find(unique, name) == unique.end(); });
    return unique;
}

std::string isa_of(const std::vector<std::string>& extensions) {
    constexpr std::string_view canonical = "imafdqlcbkjtpvh";
    std::string isa = "rv64";
    for (const auto letter : canonical) {
        if (std::ranges::find(extensions, std::string{letter}) != extensions.end()) {
            isa += letter;
        }
    }
    for (const auto& name : extensions) {
        if (name.size() > 1) {
            isa += '_' + name;
        }
    }
    return isa;
}

}  // namespace mullion::partc
