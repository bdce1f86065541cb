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
        runHeartbeats({10, 100}, 1);
    } else if (options.heartbeats) {
        runHeartbeats({1000, 100}, options.rounds);
        runHeartbeats({10'000, 10}, std::min(options.rounds, kRoundsOfOthers));
        runHeartbeats({10, 10'000}, std::min(options.rounds, kRoundsOfOthers));
    }
    if (options.resync)
        runResync(options.isQuick ? Crowd{10, 100} : Crowd{500, 100}, options.rounds);
    return 0;
}
