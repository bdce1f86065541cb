// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "bench/churnscenario.h"
#include "bench/commandline.h"
#include "bench/fanoutscenario.h"
#include "bench/heartbeatscenario.h"
#include "bench/idlescenario.h"
#include "bench/limitserver.h"
#include "bench/reconnectscenario.h"
#include "bench/stormscenario.h"

#include <csignal>
#include <cstdio>
#include <memory>

using namespace Rollcall::Bench;

namespace {

std::unique_ptr<Scenario> makeScenario(const Options &options)
{
    if (options.scenario == "fanout")
        return std::make_unique<FanoutScenario>(options);
    if (options.scenario == "idle")
        return std::make_unique<IdleScenario>(options);
    if (options.scenario == "storm")
        return std::make_unique<StormScenario>(options);
    if (options.scenario == "heartbeat")
        return std::make_unique<HeartbeatScenario>(options);
    if (options.scenario == "reconnect")
        return std::make_unique<ReconnectScenario>(options);
    return std::make_unique<ChurnScenario>(options);
}

} // namespace

int main(int argc, char **argv)
{
    std::signal(SIGPIPE, SIG_IGN);
    const Options options = parseCommandLine(argc, argv);
    if (options.scenario == "serve-limit") {
        LimitServer server(options.port);
        std::printf("rollcall-bench: the limit listens on ws://127.0.0.1:%d/ws\n", server.port());
        std::fflush(stdout);
        server.run();
    }
    makeScenario(options)->run();
    return 0;
}
