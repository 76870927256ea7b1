// SPDX-License-Identifier: Apache-2.0
// A plugin of QEMU's TCG that follows what the hypervisor stores to a guest's memory, line by line, until a hart enters
// VS-mode. If these are more lines than any exit stores, a life begins, and it tells what was not flushed. Arguments:
// enter=ADDRESS of enter_guest, text=END of the hypervisor's text, out=FILE, and memory=FIRST-LAST for each window.
//
// QEMU's header is in no package of Debian, so its interface is declared here (QEMU docs/devel/tcg-plugins.rst).
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

extern "C" {
struct qemu_plugin_tb;
struct qemu_plugin_insn;
struct qemu_plugin_register;
using Id = std::uint64_t;
struct Array {
    char* data;
    unsigned size;
};
struct RegisterDescriptor {
    qemu_plugin_register* handle;
    const char* name;
    const char* feature;
};
std::size_t qemu_plugin_tb_n_insns(const qemu_plugin_tb*);
qemu_plugin_insn* qemu_plugin_tb_get_insn(const qemu_plugin_tb*, std::size_t);
std::uint64_t qemu_plugin_insn_vaddr(const qemu_plugin_insn*);
std::size_t qemu_plugin_insn_data(const qemu_plugin_insn*, void*, std::size_t);
unsigned qemu_plugin_mem_size_shift(std::uint32_t);
Array* qemu_plugin_get_registers();
int qemu_plugin_read_register(qemu_plugin_register*, Array*);
void qemu_plugin_register_vcpu_init_cb(Id, void (*)(Id, unsigned));
void qemu_plugin_register_vcpu_tb_trans_cb(Id, void (*)(Id, qemu_plugin_tb*));
void qemu_plugin_register_vcpu_insn_exec_cb(qemu_plugin_insn*, void (*)(unsigned, void*), int, void*);
void qemu_plugin_register_vcpu_mem_cb(qemu_plugin_insn*, void (*)(unsigned, std::uint32_t, std::uint64_t, void*), int,
                                      int, void*);
Array* g_byte_array_new();
Array* g_byte_array_set_size(Array*, unsigned);

[[gnu::visibility("default")]] int qemu_plugin_version = 4;
[[gnu::visibility("default")]] int qemu_plugin_install(Id, const void*, int, char**);
}

namespace {

constexpr std::uint64_t text_start = 0x8020'0000;
constexpr std::uint64_t line = 64;
constexpr std::size_t lines_of_a_life = 100'000;
constexpr int reads_registers = 1;
constexpr int stores = 2;

std::uint64_t enter_guest = 0;
std::uint64_t text_end = 0;
std::string out;
std::map<std::uint64_t, std::uint64_t> windows;  ///< last address by first

std::mutex mutex;
std::map<std::uint64_t, bool> stored;  ///< lines, and whether they were flushed since
std::array<qemu_plugin_register*, 32> registers{};

bool is_in_window(std::uint64_t at) {
    const auto after = windows.upper_bound(at);
    return after != windows.begin() && at <= std::prev(after)->second;
}

void note(std::uint64_t at, bool flushed) {
    const std::lock_guard guard(mutex);
    if (is_in_window(at) && (!flushed || stored.contains(at / line))) {
        stored[at / line] = flushed;
    }
}

void find_registers(Id, unsigned) {
    const std::lock_guard guard(mutex);
    const auto* all = qemu_plugin_get_registers();
    const auto* descriptors = reinterpret_cast<const RegisterDescriptor*>(all->data);
    for (unsigned i = 0; i < all->size && i < registers.size(); ++i) {
        registers[i] = descriptors[i].handle;
    }
}

std::uint64_t value_of(std::uint32_t number) {
    thread_local Array* bytes = g_byte_array_new();
    g_byte_array_set_size(bytes, 0);
    qemu_plugin_read_register(registers[number], bytes);
    return *reinterpret_cast<const std::uint64_t*>(bytes->data);
}

void store(unsigned, std::uint32_t, std::uint64_t at, void*) {
    note(at, false);
}

/// Follows cbo.zero or cbo.flush, by the encoding in `code`.
void manage(unsigned, void* code) {
    const auto instruction = reinterpret_cast<std::uintptr_t>(code);
    note(value_of(instruction >> 15 & 31), instruction >> 20 == 2);
}

void enter(unsigned, void*) {
    const std::lock_guard guard(mutex);
    const auto lines = std::exchange(stored, {});
    if (lines.size() < lines_of_a_life) {
        return;
    }
    const auto left = std::count_if(lines.begin(), lines.end(), [](const auto& one) { return !one.second; });
    if (auto* file = std::fopen(out.c_str(), "a")) {
        std::fprintf(file, "%zu lines were stored, %td of them were not flushed\n", lines.size(), left);
        std::fclose(file);
    }
}

void translate(Id, qemu_plugin_tb* block) {
    for (std::size_t i = 0; i < qemu_plugin_tb_n_insns(block); ++i) {
        auto* instruction = qemu_plugin_tb_get_insn(block, i);
        const auto at = qemu_plugin_insn_vaddr(instruction);
        if (at < text_start || at >= text_end) {
            continue;
        }
        std::uint32_t code = 0;
        qemu_plugin_insn_data(instruction, &code, sizeof code);
        const bool manages = (code & 0x7fff) == 0x200f && (code >> 20 == 2 || code >> 20 == 4);
        if (manages) {
            qemu_plugin_register_vcpu_insn_exec_cb(instruction, manage, reads_registers,
                                                   reinterpret_cast<void*>(std::uintptr_t{code}));
        } else {
            qemu_plugin_register_vcpu_mem_cb(instruction, store, 0, stores, nullptr);
        }
        if (at == enter_guest) {
            qemu_plugin_register_vcpu_insn_exec_cb(instruction, enter, 0, nullptr);
        }
    }
}

}  // namespace

int qemu_plugin_install(Id id, const void*, int count, char** arguments) {
    for (int i = 0; i < count; ++i) {
        const std::string_view argument = arguments[i];
        const auto value = argument.substr(argument.find('=') + 1);
        char* end = nullptr;
        const auto number = std::strtoull(value.data(), &end, 0);
        if (argument.starts_with("enter=")) {
            enter_guest = number;
        } else if (argument.starts_with("text=")) {
            text_end = number;
        } else if (argument.starts_with("memory=")) {
            windows[number] = std::strtoull(end + 1, nullptr, 0);
        } else {
            out = value;
        }
    }
    qemu_plugin_register_vcpu_init_cb(id, find_registers);
    qemu_plugin_register_vcpu_tb_trans_cb(id, translate);
    return 0;
}
