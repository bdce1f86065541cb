// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

// What heartbeats and a resync cost Redis and this host, beside the ways of others
// (docs/performance.md).
#include "bench/presence/benchoptions.h"
#include "bench/presence/heartbeatbench.h"
#include "bench/presence/resyncbench.h"
#include "core/base/epolldispatcher.h"

#include <QCoreApplication>
#include <QLoggingCategory>

#include <algorithm>

using namespace Rollcall;
using namespace Rollcall::Bench;

namespace {

constexpr int kRoundsOfOthers = 3; // of the shapes that are only reported

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication::setEventDispatcher(new EpollDispatcher); // as the host does
    const QCoreApplication application(argc, argv);
    QLoggingCategory::setFilterRules(QStringLiteral("rollcall.*.info=false"));
    const BenchOptions options = BenchOptions::parse(application.arguments());
    if (options.heartbeats && options.isQuick) {
        runHeartbeats({10, 100},
                      {.rounds = 1,
                       .compressedRounds = 1,
                       .warmUp = std::chrono::milliseconds(250),
                       .window = std::chrono::seconds(1)});
    } else if (options.shape.rooms > 0) {
        runHeartbeats(options.shape, {.rounds = options.rounds});
    } else if (options.heartbeats) {
        const int others = std::min(options.rounds, kRoundsOfOthers);
        runHeartbeats({1000, 100}, {.rounds = options.rounds, .compressedRounds = others});
        runHeartbeats({10'000, 10}, {.rounds = others});
        runHeartbeats({10, 10'000}, {.rounds = others});
    }
    if (options.resync && options.shape.rooms == 0)
        runResync(options.isQuick ? Crowd{10, 100} : Crowd{500, 100}, options.rounds);
    return 0;
}
