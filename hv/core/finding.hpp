// SPDX-License-Identifier: Apache-2.0
// The rules of core/check.hpp, and where one was broken. A comment below says what the rule demands, and what a
// Finding's `item`, `other` and `other_guest` are.
#pragma once

#include <cstdint>
#include <limits>

namespace mullion {

enum class Rule : std::uint8_t {
    load_address_unaligned,   ///< the image starts on a 2 MiB border
    board_too_high,           ///< the board's RAM or a controller; beyond the hypervisor's Sv39 identity map
    hypervisor_outside_ram,   ///< the whole layout is in RAM that nothing else keeps
    ram_overlaps,             ///< item, other: of the board's RAM
    hart_id_taken,            ///< item, other: harts of the board
    hart_sizes_invalid,       ///< item: hart of the board; Sv39, Sv48 or Sv57, blocks that divide a page
    timebase_invalid,         ///< the timebase frequency is not 0
    console_invalid,          ///< its registers are within its size, `1 << reg_shift` apart, and of 1 or 4 bytes
    iommu_invalid,            ///< if there is one: a page of registers on a page, in whole pages
    pci_invalid,              ///< if there is a host bridge: whole buses of configuration space on a border of a MiB
    imsic_bits_invalid,       ///< the index bits of AIA 3.6 fit into an address
    no_guest_file,            ///< the IMSIC has a guest interrupt file for every hart
    imsic_index_taken,        ///< item, other: harts of the board
    interrupt_files_outside,  ///< item: hart of the board
    no_controller,            ///< the board has a PLIC, or an APLIC with or without an IMSIC
    board_sources_invalid,    ///< its PLIC or APLIC has 1..1023 sources
    console_source_invalid,   ///< outside 1..num_sources of the board
    context_outside,          ///< item: hart of the board; its registers in the PLIC or APLIC
    context_taken,            ///< item, other: harts of the board
    no_guest,                 ///< a description has at least one
    name_invalid,             ///< [a-z][a-z0-9-]{0,11}
    name_reserved,            ///< see is_reserved()
    name_of_file,             ///< see file_names
    name_taken,               ///< other_guest
    no_hart,                  ///< a guest has at least one
    hart_unknown,             ///< item: position in the guest
    hart_taken,               ///< item: position in the guest, other_guest, other: position in that one
    hart_cannot_flush,        ///< item: position in the guest, which reads around caches: all harts have Zicbom
    window_not_pages,         ///< item: window; whole pages, at least one
    window_guest_too_high,    ///< item: window; beyond Sv57x4
    window_host_too_high,     ///< item: window; beyond the hypervisor's Sv39 identity map
    window_beyond_mode,       ///< item: window, other: hart of the board, which has no G-stage mode that wide
    windows_overlap,          ///< item, other: windows in guest addresses (or not in ascending order)
    memory_outside_ram,       ///< item: window
    host_is_kept,             ///< item: window, other: row of the board's KeptList (core/kept.hpp)
    host_is_reserved,         ///< item: window, other: one of Board::reserved
    host_is_hypervisor,       ///< item: window
    host_shared,              ///< item: window, other_guest, other: its window
    dma_elsewhere,            ///< item: window; a guest with unprotected DMA has memory at another host address
    device_over_ram,          ///< item: window
    device_executable,        ///< item: window
    wrong_interrupt_file,     ///< item: the guest's hart; its file is missing, out of place or another hart's
    virtual_devices_meet,     ///< item, other: positions in `devices`, whose registers overlap
    virtual_device_twice,     ///< item, other: positions in `devices`; they are of one kind
    virtual_device_invalid,   ///< item: position in `devices`; it is behind address 0, in whole words of 32 bits
    virtual_device_too_high,  ///< item: position in `devices`; it ends beyond guest_address_end
    virtual_uart_too_small,   ///< the guest has a 16550, whose eight registers are within its size
    virtual_device_overlaps,  ///< item: window, other: position in `devices`; they meet
    wrong_controller,         ///< an APLIC where the board has an IMSIC, else a PLIC
    contexts_outside_plic,    ///< the guest's PLIC has registers for each of its harts
    too_many_sources,         ///< the guest's controller has 1..1023 sources
    source_invalid,           ///< item: position in `sources`; outside 1..num_sources of guest or board
    source_is_uarts,          ///< item: position in `sources`
    virtual_source_invalid,   ///< item: position in `devices`; outside 1..num_sources of the guest, or another device's
    source_taken,             ///< item: position in `sources`, other_guest, other
    reset_outside_device,     ///< item: position in `resets`; 1, 2 or 4 bytes, aligned, that the guest may write
    function_without_iommu,   ///< a guest has functions only where the board has a host bridge, an IOMMU and an IMSIC
    function_taken,           ///< item: position in `functions`, other_guest, other; one number or one device id
    function_id_too_wide,     ///< item: position in `functions`; its device id has 24 bits at most
    function_unfound,         ///< item: position in `functions`; function 0 of its device is not the guest's
    bar_invalid,              ///< item: position in `functions`, other: its BAR; a power of two, aligned to itself
    bar_outside,              ///< item: position in `functions`, other: its BAR; outside what the bridge hands on
    bar_not_granted,          ///< item: position in `functions`, other: its BAR; its pages are no window at its address
    memory_on_bus,            ///< item: window of memory where the bridge has bus addresses, which DMA would not leave
    pci_host_missing,         ///< the guest has an emulated pci_host exactly if it has functions
    image_unknown,            ///< item: load
    load_outside_image,       ///< item: load
    load_outside_memory,      ///< item: load
    loads_overlap,            ///< item, other: loads
    entry_outside_memory,     ///< in executable memory, on an even address
    tree_outside_memory,      ///< in memory, 8-byte aligned
    seed_outside_tree,        ///< the place of the seed is a property's, and within what is loaded as the tree
    limit_without_restart,    ///< item: cause
    limit_invalid,            ///< item: cause; 1..16 restarts in 1..86400 seconds
    stop_timeout_invalid,     ///< 3..600 seconds, or 0 without a stop request
    start_contradicts,        ///< either the operator starts it, or a start order does
    start_after_unknown,      ///< the guest after which it starts exists
    start_in_a_ring,          ///< no guest waits for its own start
    channel_size_invalid,     ///< item: channel; a power of two in bytes, at least a page
    channel_name_taken,       ///< item: channel; a guest or an earlier channel has its name
    channel_alone,            ///< item: channel; at least two guests have all of it
    channel_unwritten,        ///< item: channel; at least one guest may write to it
    channels_meet,            ///< item, other: channels, in host memory
    channel_executable,       ///< item: window of a channel; R, or R and W
    window_no_channel,        ///< item: window of kind channel, which does not lead to all of one
    service_left_out,         ///< item: the Service that the guest needs
};

/// A breach of a rule. Indices that the rule does not name are 0.
struct Finding {
    static constexpr std::uint32_t board = std::numeric_limits<std::uint32_t>::max();

    Rule rule{};
    std::uint32_t guest = board;
    std::uint32_t item = 0;
    std::uint32_t other_guest = 0;
    std::uint32_t other = 0;

    constexpr bool operator==(const Finding&) const = default;
};

}  // namespace mullion
