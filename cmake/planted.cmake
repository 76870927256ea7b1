# SPDX-License-Identifier: Apache-2.0
# Links hypervisors with one text replaced, for tests that show what would be noticed: with the objects of one
# description, as build/PLATFORM/DESCRIPTION/planted/NAME.bin.

# add_planted(NAME PLATFORM DESCRIPTION FILE FROM TO [SOURCE...]): replaces FROM, which occurs once in that file of hv,
# by TO. A header is altered for the sources that are named: all that use the altered text, or the linker may keep
# another's.
function(add_planted name platform description file from to)
    set(folder ${CMAKE_BINARY_DIR}/planted/${name})
    alter(${CMAKE_SOURCE_DIR}/hv/${file} ${folder}/${file} "${from}" "${to}")

    set(replaced ${file})
    set(compiled ${folder}/${file})
    if(ARGN)
        set(replaced ${ARGN})
        list(TRANSFORM ARGN PREPEND ${CMAKE_SOURCE_DIR}/hv/ OUTPUT_VARIABLE compiled)
    endif()
    set(partitions partitions-${description})
    if(NOT platform STREQUAL qemu)
        set(partitions partitions+${platform}+${description})
    endif()
    set(target planted+${platform}+${name})
    set(of ${MULLION_BUILD}/${platform}/${description})
    list(JOIN replaced "|" pattern)
    string(REPLACE "." "\\." pattern "hv/(${pattern})")
    add_executable(${target} EXCLUDE_FROM_ALL ${compiled}
                   $<FILTER:$<TARGET_OBJECTS:${partitions}.elf>,EXCLUDE,${pattern}>
                   $<FILTER:$<TARGET_OBJECTS:hypervisor>,EXCLUDE,${pattern}>)
    target_include_directories(${target} PRIVATE ${folder} ${of} ${CMAKE_SOURCE_DIR}/hv)
    add_dependencies(${target} ${partitions}.partc)
    link_at_layout(${target} ${of})
    set_target_properties(${target} PROPERTIES
        OUTPUT_NAME ${name} SUFFIX .elf RUNTIME_OUTPUT_DIRECTORY ${of}/planted)
    add_custom_command(
        OUTPUT ${of}/planted/${name}.bin
        COMMAND ${CMAKE_OBJCOPY} -O binary ${of}/planted/${name}.elf ${of}/planted/${name}.bin
        DEPENDS ${target}
        VERBATIM)
    add_custom_target(${target}.bin DEPENDS ${of}/planted/${name}.bin)
    add_dependencies(partitions ${target}.bin)
endfunction()

# No defect: every instruction is fetched, as on harts that transform none (hypervisor chapter, htinst). QEMU's always
# do, and let nobody write htinst.
add_planted(no-transformed qemu one-probe run/exits.cpp "return arch::read<number>();"
            "const auto value = arch::read<number>(); return number != Csr::htinst || is_page_walk(value) ? value : 0;")

# Nor are these: the hart does not tell the guest physical address (htval), as without Shtvala; nor the virtual one
# (stval), as without Sstvala.
add_planted(no-htval qemu one-probe run/exits.cpp "return arch::read<number>();"
            "return number == Csr::stval ? arch::read<number>() : 0;")
add_planted(no-stval qemu one-probe run/exits.cpp "return arch::read<number>();"
            "return number == Csr::htval ? arch::read<number>() : 0;")
add_planted(no-address qemu one-probe run/exits.cpp "return arch::read<number>();" "return 0;")

# No defects, but machines that the manuals allow and QEMU is not (LawfulMachine in lawful_machine_test). A message
# that is found at the hundredth look:
add_planted(late-msi qemu two-probes arch/irq/aia.hpp "return await_machine<Wait::msi>(take,"
            "return await_machine<Wait::msi>([&, looks = 0]() mutable { return ++looks == 100 && take(); }," drivers.cpp)
# A WFI in HS-mode that does not see VSTIP:
add_planted(deaf-wfi qemu one-probe run/park.cpp
            "arch::timer::wait_with_guest_timer(arch::irq::wait_for_guest_interrupt)"
            "arch::timer::wait_with_guest_timer([] { const auto enabled = arch::read<arch::Csr::hie>(); arch::clear_bits<arch::Csr::hie>(csr::interrupt::vst); arch::irq::wait_for_guest_interrupt(); arch::write<arch::Csr::hie>(enabled); })")
# An APLIC whose firmware has kept the console's source (wrong_machine_test):
add_planted(kept-source qemu two-probes arch/irq/domain.cpp
            "return source_mode(get(aplic_offset_of_source(AplicRegister::sourcecfg, source)));"
            "return source == description.board.console.source ? SourceMode::inactive : source_mode(get(aplic_offset_of_source(AplicRegister::sourcecfg, source)));")
# A hart whose VMIDLEN is 0:
add_planted(no-vmid qemu two-probes arch/guest_hart.cpp "    write<number>(value);"
            "    write<number>(number == Csr::hgatp ? value & ~csr::hgatp::all_vmids : value);")

# Guest interrupt files with 63 identities, whose other registers read 0; the second description says so:
foreach(name IN ITEMS small-files-untold small-files)
    set(description two-probes)
    if(name STREQUAL small-files)
        set(description three-files)
    endif()
    add_planted(${name} qemu ${description} arch/irq/imsic.hpp "return clear(reg::eip0"
                "return (clear != clear_vsireg || identity < 64) && clear(reg::eip0" drivers.cpp)
endforeach()

# What guests/probe must find: a device of words that takes every width, a load whose register is not loaded, and a
# store of what its register was.
add_planted(every-width qemu one-probe vm/devices.hpp "return bytes == word && is_aligned_for(at);" "return true;" run/exits.cpp)
add_planted(stale-load qemu one-probe run/exits.cpp
            "return &context.gpr[destination];" "return nullptr;")
add_planted(stale-store qemu one-probe arch/trap.h "3:  save_preserved" "3:" arch/timer/sstc.S)

# What tests/target/channel_test.cpp must find: memory of an earlier boot in a channel.
add_planted(uncleared-channel qemu channels rooms/channels.cpp
            "arch::clear_memory(window.host(), blocks)" "arch::clear_memory({}, blocks)")

# An IOMMU that cannot send messages, for tests/target/pci_test.cpp.
add_planted(wires-alone qemu-iommu edu arch/iommu/driver.cpp "if (!has_messages(get<std::uint64_t>(capabilities))) {"
            "if (!has_messages(get<std::uint64_t>(capabilities)) || true) {")

# What tests/target/pci_test.cpp must find: a guest that goes on though its policy has it stop.
add_planted(fault-goes-on qemu-iommu fault-stops rooms/pci.cpp "if (guest.policy.stop_on_dma_fault) {"
            "if (guest.policy.stop_on_dma_fault && false) {")

# What tests/target/flush_test.cpp must find: images, or zeros, that may stay in caches.
add_planted(unflushed-images qemu one-probe.rva23s64 run/start.cpp "arch::flush_memory({to, load.size}, blocks)"
            "arch::flush_memory({to, load.size}, {})")
add_planted(unflushed-zeros qemu one-probe.rva23s64 arch/memory.cpp "return run_loop(clear_and_flush_cache_blocks,"
            "return run_loop(clear_cache_blocks,")
add_planted(unflushed-restart qemu one-probe.rva23s64 run/start.cpp "const auto blocks = cache_blocks(vm.guest);"
            "const auto blocks = *vm.has_lived ? arch::CacheBlocks{cache_blocks(vm.guest).zero, 0} : cache_blocks(vm.guest);")

# No defect: a board file that has larger blocks of cbo.flush than the hart; and the defect to believe it.
add_planted(larger-flush qemu one-probe.rva23s64 run/start.cpp "std::min(hart.cbom_block, measured)"
            "std::min(std::uint16_t{128}, measured)")
add_planted(unflushed-halves qemu one-probe.rva23s64 run/start.cpp "std::min(hart.cbom_block, measured)"
            "std::max(std::uint16_t{128}, measured)")

# What guests/siege must find.
add_planted(unchecked-memory qemu siege vm/guest_memory.hpp " && window.guest().contains(at)" "" run/sbi_port.cpp)
add_planted(unchecked-mask qemu siege vm/sbi/hart_mask.hpp
            "return base < count && (count - base >= 64 || bits >> (count - base) == 0)" "return base < count"
            run/exits.cpp rooms/legacy.cpp)
add_planted(foreign-hart qemu siege run/sbi_port.hpp
            "send(target, Message::software)"
            "arch::irq::send(description.board.harts[target.index], Message::software)" run/exits.cpp
            rooms/legacy.cpp)

# What tests/bench/interference.sh must find: who prints moves others' bytes as often as it prints.
add_planted(no-rest qemu whisper vm/console.hpp "now + pace_.rest_after(pump(owner), pump_limit)" "pump(owner) * 0"
            rooms/terminal.cpp run/machine_console.cpp)

# What tests/target/dma_test.cpp must find: an IOMMU that is left as firmware left it, and one that goes on by what it
# remembers of firmware's directory.
add_planted(iommu-left-alone qemu-iommu dma arch/iommu/driver.cpp "if (!step.done())"
            "if (static volatile bool does = false; does && !step.done())")
add_planted(directory-remembered qemu-iommu dma arch/iommu/driver.cpp "commands{inval_ddt, inval_gvma, fence_all,"
            "commands{fence_all, fence_all, fence_all,")

# PCI functions that go on with what firmware had them do:
add_planted(dma-goes-on qemu-iommu dma vm/pci_check.hpp "port.store_pci(number, command, 2, intx_disable);"
            "(void)intx_disable;" rooms/pci.cpp)

# No defect: a byte is typed while harts are still to enable their interrupt files, and guests to start.
set(await_byte [[uart::print_now("mullion| waits for a byte\r\n");
    while ((*reinterpret_cast<volatile std::uint8_t*>(description.board.console.base.value + 5) & 1) == 0) {
    }
    start_others(index);]])
foreach(platform IN ITEMS qemu qemu-plic qemu-aplic)
    add_planted(typed-at-boot ${platform} two-probes main.cpp "start_others(index);" "${await_byte}")
endforeach()
