// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/metrics.h"

namespace Rollcall::Presence {

/// The plugin's metrics by name.
struct PresenceMetrics
{
    explicit PresenceMetrics(Metrics &metrics);

    prometheus::Gauge &online;
    prometheus::Gauge &memberships;
    prometheus::Counter &heartbeats;
    prometheus::Counter &expired;
    prometheus::Gauge &gracesPending;
    prometheus::Counter &gracesCancelled;
    prometheus::Gauge &sweepLag;
    prometheus::Histogram &flushSize;
    prometheus::Histogram &flushDuration;
    prometheus::Counter &flushCommands;
    prometheus::Gauge &commandsPerHeartbeat;
    prometheus::Histogram &updateLatency;
    prometheus::Histogram &resyncDuration;
    prometheus::Counter &recreated;
    prometheus::Counter &reaped;
    prometheus::Counter &storeErrors;
    prometheus::Counter &publishes;
    prometheus::Counter &gaps;
};

} // namespace Rollcall::Presence
