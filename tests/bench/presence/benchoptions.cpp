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
    const QCommandLineOption shape(
        QStringLiteral("shape"),
        QStringLiteral("Heartbeats of this many rooms x members only, in real time only."),
        QStringLiteral("1000x100"));
    parser.addOptions({rounds, only, quick, shape});
    parser.process(arguments);
    BenchOptions options;
    options.rounds = parser.value(rounds).toInt();
    options.isQuick = parser.isSet(quick);
    const QString part = parser.value(only);
    options.heartbeats = part != QLatin1String("resync");
    options.resync = part != QLatin1String("heartbeats");
    const bool isPartKnown = part.isEmpty() || !options.heartbeats || !options.resync;
    const QStringList sizes = parser.value(shape).split(QLatin1Char('x'));
    const bool hasShape = parser.isSet(shape);
    if (hasShape)
        options.shape = {sizes.value(0).toInt(), sizes.value(1).toInt()};
    const bool isShapeGood = !hasShape || (options.shape.rooms > 0 && options.shape.members > 0);
    if (options.rounds < 1 || !isShapeGood || !isPartKnown
        || !parser.positionalArguments().isEmpty()) {
        std::fprintf(stderr, "%s", qPrintable(parser.helpText()));
        std::exit(2);
    }
    return options;
}

} // namespace Rollcall::Bench
