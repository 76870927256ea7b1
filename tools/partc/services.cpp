// SPDX-License-Identifier: Apache-2.0
#include "services.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string>
#include <vector>

#include "text.hpp"

namespace mullion::partc {

Services read_services(const Property& property, Diagnostics& diagnostics) {
    Services services;
    const auto names = property.value.empty() ? std::vector<std::string>{} : property.strings();
    if (!names) {
        diagnostics.error(property.at, "partitions: services is a list of strings, or empty");
        return Services::all();
    }
    for (const auto& name : *names) {
        const auto* known = std::ranges::find(service_names, name);
        if (known == service_names.end()) {
            diagnostics.error(property.at,
                              fmt::format("partitions: services: there is no '{}'{}; there are {}", name,
                                          did_you_mean(name, service_names), fmt::join(service_names, ", ")));
            continue;
        }
        services = services.with(static_cast<Service>(known - service_names.begin()));
    }
    return services;
}

void leave_out_features(Model& model) {
    if (!model.services.has(Service::pmu)) {
        for (auto& hart : model.board.harts) {
            hart.features = hart.features.without(Extension::sscofpmf);
        }
    }
}

}  // namespace mullion::partc
