// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "bench/presence/heartbeatway.h"

#include <QStringList>

namespace Rollcall::Bench {

/// What the command line of bench_presence asks for.
struct BenchOptions
{
    int rounds = 5;
    bool isQuick = false; ///< tiny numbers, to see that it works: its figures mean nothing
    bool heartbeats = true;
    bool resync = true;
    Crowd shape; ///< of heartbeats; without rooms: all shapes

    /// Exits with a message when an argument is wrong, and after --help.
    static BenchOptions parse(const QStringList &arguments);
};

} // namespace Rollcall::Bench
