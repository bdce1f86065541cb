// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "bench/presence/benchoptions.h"

#include <QCommandLineParser>

#include <cstdio>
#include <cstdlib>

namespace Rollcall::Bench {

BenchOptions BenchOptions::parse(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        QStringLiteral("What heartbeats and a resync cost Redis and this host."));
    parser.addHelpOption();
    const QCommandLineOption rounds(QStringLiteral("rounds"),
                                    QStringLiteral("Interleaved rounds (default 5)."),
                                    QStringLiteral("n"), QStringLiteral("5"));
    const QCommandLineOption only(QStringLiteral("only"), QStringLiteral("heartbeats or resync."),
                                  QStringLiteral("part"));
    const QCommandLineOption quick(
        QStringLiteral("quick"),
        QStringLiteral("Tiny numbers, to see that it works; the figures mean nothing."));
    parser.addOptions({rounds, only, quick});
    parser.process(arguments);
    BenchOptions options;
    options.rounds = parser.value(rounds).toInt();
    options.isQuick = parser.isSet(quick);
    const QString part = parser.value(only);
    options.heartbeats = part != QLatin1String("resync");
    options.resync = part != QLatin1String("heartbeats");
    const bool isPartKnown = part.isEmpty() || !options.heartbeats || !options.resync;
    if (options.rounds < 1 || !isPartKnown || !parser.positionalArguments().isEmpty()) {
        std::fprintf(stderr, "%s", qPrintable(parser.helpText()));
        std::exit(2);
    }
    return options;
}

} // namespace Rollcall::Bench
