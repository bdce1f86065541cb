// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/presence/presenceconfig.h"

#include "core/base/configuration.h"

namespace Rollcall::Presence {

namespace {

using namespace std::chrono_literals;
using Milliseconds = std::chrono::milliseconds;

// Below this a time-out says more about the network than about the client.
constexpr Milliseconds kShortestTtl = 200ms;
constexpr Milliseconds kLongestTtl = 24h * 30;

struct Shared
{
    std::optional<Milliseconds> heartbeat;
    std::optional<Milliseconds> ttl;
    std::optional<Milliseconds> grace;
};

std::optional<Milliseconds> ifGiven(const ConfigurationReader &reader, const QString &key,
                                    Milliseconds value)
{
    return reader.isGiven(key) ? std::optional(value) : std::nullopt;
}

Shared readShared(ConfigurationReader &reader)
{
    const LivenessTimes rooms = PresenceConfig::defaultTimes()[size_t(Dialect::Rooms)];
    const QString heartbeat = QStringLiteral("heartbeat");
    const QString ttl = QStringLiteral("ttl");
    const QString grace = QStringLiteral("grace");
    Shared shared;
    shared.heartbeat = ifGiven(
        reader, heartbeat,
        reader.duration(heartbeat,
                        {.fallback = rooms.heartbeat,
                         .min = 50ms,
                         .max = kLongestTtl,
                         .onReload = OnReload::Applied,
                         .help = QStringLiteral("How often a client should beat. When given, the "
                                                "default of every dialect but socketio's"),
                         .environment = {{"PRESENCE_HEARTBEAT_INTERVAL_MS", 1ms}}}));
    shared.ttl = ifGiven(
        reader, ttl,
        reader.duration(ttl,
                        {.fallback = rooms.ttl,
                         .min = kShortestTtl,
                         .max = kLongestTtl,
                         .onReload = OnReload::Applied,
                         .help = QStringLiteral("How long one heartbeat lasts. When given, "
                                                "the default of every dialect but socketio's"),
                         .environment = {{"PRESENCE_TTL_MS", 1ms}, {"PRESENCE_TTL", 1s}}}));
    shared.grace =
        ifGiven(reader, grace,
                reader.duration(grace,
                                {.fallback = rooms.grace,
                                 .max = 24h,
                                 .onReload = OnReload::Applied,
                                 .help = QStringLiteral(
                                     "How long a lost connection keeps its seat. When given, the "
                                     "default of every dialect but socketio's")}));
    return shared;
}

LivenessTimes readDialect(ConfigurationReader &reader, Dialect dialect,
                          const LivenessTimes &fallback)
{
    const QString name = QString::fromLatin1(dialectName(dialect));
    const QString heartbeat = name + QStringLiteral(".heartbeat");
    const QString ttl = name + QStringLiteral(".ttl");
    const LivenessTimes times{
        .heartbeat = reader.duration(
            heartbeat,
            {.fallback = fallback.heartbeat,
             .min = 50ms,
             .max = kLongestTtl,
             .onReload = OnReload::Applied,
             .help = QStringLiteral("presence.heartbeat for the dialect %1").arg(name)}),
        .ttl =
            reader.duration(ttl,
                            {.fallback = fallback.ttl,
                             .min = kShortestTtl,
                             .max = kLongestTtl,
                             .onReload = OnReload::Applied,
                             .help = QStringLiteral("presence.ttl for the dialect %1").arg(name)}),
        .grace = reader.duration(
            name + QStringLiteral(".grace"),
            {.fallback = fallback.grace,
             .max = 24h,
             .onReload = OnReload::Applied,
             .help = QStringLiteral("presence.grace for the dialect %1").arg(name)})};
    // Only what somebody wrote can be wrong: a short presence.ttl for all leaves default heartbeats
    // behind.
    if (times.heartbeat >= times.ttl && (reader.isGiven(heartbeat) || reader.isGiven(ttl)))
        reader.addError(heartbeat, QStringLiteral("must be shorter than presence.%1").arg(ttl));
    return times;
}

} // namespace

PresenceConfig::Times PresenceConfig::defaultTimes()
{
    Times times;
    times[size_t(Dialect::Rooms)] = {25s, 75s, 15s};
    times[size_t(Dialect::Pages)] = {30s, 60s, 15s};
    times[size_t(Dialect::VoicePing)] = {30s, 60s, 0s};
    times[size_t(Dialect::SocketIo)] = {25s, 6h, 15s};
    return times;
}

PresenceConfig PresenceConfig::read(Configuration &configuration)
{
    ConfigurationReader reader(configuration, QStringLiteral("presence"));
    PresenceConfig config;
    config.enabled = reader.boolean(
        QStringLiteral("enabled"),
        {.fallback = true,
         .help = QStringLiteral("false: connections alone count, nothing is written to Redis"),
         .environment = {{"PRESENCE_ENABLED"}}});
    config.livenessIsConnection =
        reader.text(QStringLiteral("liveness"),
                    {.fallback = QStringLiteral("heartbeat"),
                     .choices = {QStringLiteral("heartbeat"), QStringLiteral("connection")},
                     .onReload = OnReload::Applied,
                     .help = QStringLiteral("What proves life: client heartbeats only, or any "
                                            "frame or pong of the connection")})
        == QLatin1String("connection");
    config.profile =
        reader.text(QStringLiteral("profile"),
                    {.fallback = QStringLiteral("full"),
                     .choices = {QStringLiteral("full"), QStringLiteral("lean")},
                     .help = QStringLiteral(
                         "What is written to Redis. lean: neither room:<r>:user:<u> nor "
                         "presence:meta:<u>, so nothing is left of who went offline. The same on "
                         "all nodes")})
            == QLatin1String("lean")
        ? Profile::Lean
        : Profile::Full;
    config.idleTtl =
        reader.duration(QStringLiteral("idleTtl"),
                        {.fallback = config.idleTtl,
                         .min = 1min,
                         .max = kLongestTtl,
                         .help = QStringLiteral(
                             "Life of room:<r>:user:<u> in Redis, and the TTL of socketio rooms")});

    const Shared shared = readShared(reader);
    for (const Dialect dialect :
         {Dialect::Rooms, Dialect::Pages, Dialect::VoicePing, Dialect::SocketIo}) {
        LivenessTimes &times = config.times[size_t(dialect)];
        if (dialect == Dialect::SocketIo) {
            times.ttl = config.idleTtl;
        } else {
            times.ttl = shared.ttl.value_or(times.ttl);
            times.grace = shared.grace.value_or(times.grace);
            // A TTL for all that is shorter than a dialect's own beat would expire everybody who is
            // on time.
            times.heartbeat = shared.heartbeat.value_or(std::min(times.heartbeat, times.ttl / 3));
        }
        times = readDialect(reader, dialect, times);
    }
    if (shared.heartbeat && shared.ttl && *shared.heartbeat >= *shared.ttl)
        reader.addError(QStringLiteral("heartbeat"),
                        QStringLiteral("must be shorter than presence.ttl"));

    const auto interval = [&reader](const char *key, Milliseconds fallback, const char *help) {
        return reader.duration(
            QLatin1String(key),
            {.fallback = fallback, .min = 10ms, .max = 5min, .help = QString::fromLatin1(help)});
    };
    config.flushInterval =
        interval("flushInterval", config.flushInterval,
                 "How long heartbeats are collected before they are written to Redis");
    config.lease = interval("lease", config.lease, "Life of the node's lease in Redis");
    config.leaseInterval =
        interval("leaseInterval", config.leaseInterval, "How often the lease is refreshed");
    config.drainingLease =
        interval("drainingLease", config.drainingLease,
                 "The lease of a node that shuts down: time for its users to come back elsewhere");
    config.sweepInterval =
        interval("sweepInterval", config.sweepInterval,
                 "How often expired users of dead nodes are looked for in Redis");
    config.reconcileInterval = interval("reconcileInterval", config.reconcileInterval,
                                        "How often the occupancy of all rooms is read from Redis");
    if (config.leaseInterval * 2 > config.lease)
        reader.addError(QStringLiteral("leaseInterval"),
                        QStringLiteral("must be at most half of presence.lease"));
    return config;
}

} // namespace Rollcall::Presence
