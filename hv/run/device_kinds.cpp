// SPDX-License-Identifier: Apache-2.0
#include "run/device_kinds.hpp"

#include "vm/input_queue.hpp"

static_assert(mullion::InputQueue::line_break == mullion::uart::break_mark);

template class mullion::VirtualAplic<mullion::run::AplicDevicePort>;
template class mullion::VirtualPlic<mullion::run::DevicePort>;
template class mullion::Uart16550<mullion::run::DevicePort>;
template class mullion::Watchdog<mullion::run::DevicePort>;
template class mullion::VirtualPciHost<mullion::run::DevicePort>;
