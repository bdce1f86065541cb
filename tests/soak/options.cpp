// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "soak/options.h"

#include "bench/report.h"

#include <cstdlib>
#include <string_view>

namespace Rollcall::Soak {

Options Options::parse(int count, char **arguments)
{
    Options options;
    for (int i = 1; i < count; ++i) {
        const std::string_view name = arguments[i];
        if (name.substr(0, 2) != "--") {
            options.nodes.push_back(Bench::Target::parse(name));
            continue;
        }
        if (++i == count)
            Bench::fail(std::string(name) + " needs a value");
        const double value = std::strtod(arguments[i], nullptr);
        if (name == "--clients")
            options.clients = int(value);
        else if (name == "--seconds")
            options.seconds = value;
        else if (name == "--grace")
            options.grace = value;
        else if (name == "--act-every")
            options.actEvery = value;
        else if (name == "--seed")
            options.seed = std::strtoull(arguments[i], nullptr, 10);
        else
            Bench::fail("no option " + std::string(name));
    }
    if (options.nodes.empty() || options.clients < 20)
        Bench::fail("usage: rollcall-soak [--clients N] [--seconds S] [--grace S] [--act-every S] "
                    "[--seed N] ws://HOST:PORT/ws ...");
    return options;
}

} // namespace Rollcall::Soak
