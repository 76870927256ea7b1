// SPDX-License-Identifier: Apache-2.0
// Writes report.txt: who owns what.
#pragma once

#include <string>

#include "model.hpp"

namespace mullion::partc {

std::string report(const Model& model);

}  // namespace mullion::partc
