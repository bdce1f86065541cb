// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/realtime/realtimeconfig.h"

namespace Rollcall::Realtime {

using namespace std::chrono_literals;

namespace {

constexpr OnReload kApplied = OnReload::Applied;

struct LimitDefault
{
    RateKind kind;
    const char *key; ///< of the rate: <key>PerSecond, of the burst: <key>Burst
    double perSecond;
    int burst;
    const char *what;
};

constexpr LimitDefault kLimitDefaults[] = {
    {RateKind::Chat, "chat", 5, 10, "chat messages"},
    {RateKind::Join, "join", 2, 10, "joins and leaves"},
    {RateKind::Heartbeat, "heartbeat", 2, 5, "heartbeats"},
    {RateKind::Emote, "emote", 2, 5, "emotes"},
    {RateKind::State, "state", 2, 5, "changes between away and active"},
    {RateKind::Refresh, "refresh", 2, 5, "token refreshes"},
    {RateKind::Other, "other", 20, 40, "messages of types that plugins add"},
    {RateKind::Ping, "ping", 10, 50, "WebSocket pings"},
    {RateKind::Malformed, "malformed", 1, 50,
     "messages that are not understood, before a close with 4504"},
};

RateLimit readTransforms(ConfigurationReader &reader, const QString &key, double fallback,
                         const QString &who)
{
    RateLimit limit;
    limit.perSecond = reader.number(
        key,
        {.fallback = fallback,
         .max = 100'000,
         .onReload = kApplied,
         .help =
             QStringLiteral("Movements per second of a connection (%1); 0 = no limit").arg(who)});
    // One second's worth may come at once, so that a stall of the network costs nothing.
    limit.burst = std::max(1, int(limit.perSecond));
    return limit;
}

void readLimits(Configuration &configuration, RealtimeConfig &config)
{
    ConfigurationReader reader(configuration, QStringLiteral("limits"));
    RateLimits &rates = config.rates;
    rates.byKind[size_t(RateKind::Transform)] = readTransforms(
        reader, QStringLiteral("transformsPerSecond"), 20, QStringLiteral("desktop and vr"));
    rates.mobileTransform = readTransforms(reader, QStringLiteral("transformsPerSecondMobile"), 15,
                                           QStringLiteral("mobile"));
    for (const LimitDefault &limit : kLimitDefaults) {
        const QString key = QString::fromLatin1(limit.key);
        const QString what = QString::fromLatin1(limit.what);
        rates.byKind[size_t(limit.kind)] = {
            reader.number(
                key + QLatin1String("PerSecond"),
                {.fallback = limit.perSecond,
                 .max = 100'000,
                 .onReload = kApplied,
                 .help = QStringLiteral("Per second and connection: %1; 0 = no limit").arg(what)}),
            int(reader.integer(key + QLatin1String("Burst"),
                               {.fallback = limit.burst,
                                .min = 1,
                                .max = 100'000,
                                .onReload = kApplied,
                                .help = QStringLiteral("At once: %1").arg(what)}))};
    }
    rates.abuseFactor =
        reader.number(QStringLiteral("abuseFactor"),
                      {.fallback = 10,
                       .min = 1,
                       .max = 1e6,
                       .onReload = kApplied,
                       .help = QStringLiteral(
                           "How many times over its limit a connection must be to be abusive")});
    rates.abuseTime = std::chrono::duration_cast<std::chrono::seconds>(reader.duration(
        QStringLiteral("abuseTime"),
        {.fallback = 10s,
         .min = 1s,
         .max = 1h,
         .onReload = kApplied,
         .help = QStringLiteral("For how long it must be so, before it is closed with 4505")}));
    config.session.message = size_t(reader.bytes(
        QStringLiteral("messageBytes"),
        {.fallback = 4096,
         .min = 256,
         .max = 1024 * 1024,
         .onReload = kApplied,
         .help =
             QStringLiteral("Largest message (and frame) of a client; more is closed with 1009")}));
    config.client.chatCharacters =
        int(reader.integer(QStringLiteral("chatCharacters"),
                           {.fallback = 240,
                            .min = 1,
                            .max = 4096,
                            .onReload = kApplied,
                            .help = QStringLiteral("Longest chat message in characters")}));
    config.client.coordinate = reader.number(
        QStringLiteral("coordinate"),
        {.fallback = 1e6,
         .min = 1,
         .max = 1e15,
         .onReload = kApplied,
         .help = QStringLiteral("Largest absolute value of a coordinate or rotation")});
}

void readWebSocket(ConfigurationReader &reader, RealtimeConfig &config)
{
    config.pingInterval =
        reader.duration(QStringLiteral("pingInterval"),
                        {.fallback = 25s,
                         .max = 1h,
                         .onReload = kApplied,
                         .help = QStringLiteral("How often a connection is pinged; 0 = never")});
    config.pongDeadline =
        reader.duration(QStringLiteral("pongDeadline"),
                        {.fallback = 10s,
                         .max = 1h,
                         .onReload = kApplied,
                         .help = QStringLiteral(
                             "How long a pong may take before a close with 4001; 0 = for ever")});
    config.authDeadline = reader.duration(
        QStringLiteral("authDeadline"),
        {.fallback = 10s,
         .min = 100ms,
         .max = 1h,
         .onReload = kApplied,
         .help = QStringLiteral(
             "How long a connection may go without a valid token before a close with 4004")});
    config.closeDeadline =
        reader.duration(QStringLiteral("closeDeadline"),
                        {.fallback = 5s,
                         .min = 100ms,
                         .max = 1min,
                         .onReload = kApplied,
                         .help = QStringLiteral("How long the closing handshake may take")});
    config.session.closeDeadline = config.closeDeadline;
    config.maxRoomsPerConnection = int(reader.integer(
        QStringLiteral("maxRoomsPerConnection"),
        {.fallback = 1,
         .min = 1,
         .max = 64,
         .onReload = kApplied,
         .help = QStringLiteral("Rooms a connection may be in; a join beyond leaves the oldest")}));
}

void readFanOut(ConfigurationReader &reader, RealtimeConfig &config)
{
    config.tick = reader.duration(
        QStringLiteral("tick"),
        {.fallback = 0ms,
         .max = 1s,
         .onReload = kApplied,
         .help = QStringLiteral("How often movement goes out, latest per member; 0 = at "
                                "the end of the loop turn, every one")});
    config.batchInterval = reader.duration(
        QStringLiteral("batchInterval"),
        {.fallback = 50ms,
         .min = 5ms,
         .max = 1s,
         .onReload = kApplied,
         .help = QStringLiteral(
             "How often clients with `batch` get one frame with all movement of a room")});
    config.movementMark = size_t(reader.bytes(
        QStringLiteral("movementHighWater"),
        {.fallback = 64 * 1024,
         .min = 1024,
         .max = 64 * 1024 * 1024,
         .onReload = kApplied,
         .help = QStringLiteral(
             "Unsent bytes above which movement to a connection is replaced by newer")}));
    config.closeMark = size_t(reader.bytes(
        QStringLiteral("closeHighWater"),
        {.fallback = 1024 * 1024,
         .min = 4096,
         .max = 256 * 1024 * 1024,
         .onReload = kApplied,
         .help = QStringLiteral("Unsent bytes above which a connection is closed with 4002")}));
    config.transformsInterval = reader.duration(
        QStringLiteral("transformsInterval"),
        {.fallback = 1s,
         .min = 100ms,
         .max = 20s,
         .help = QStringLiteral("How often a room's latest positions are written to Redis")});
    config.drainWindow = reader.duration(
        QStringLiteral("drainWindow"),
        {.fallback = 2s,
         .max = 10min,
         .onReload = kApplied,
         .help = QStringLiteral("At shutdown: over how long the connections are closed")});
    if (config.closeMark < config.movementMark) {
        reader.addError(QStringLiteral("closeHighWater"),
                        QStringLiteral("must not be below realtime.movementHighWater"));
    }
}

void readLargeRooms(ConfigurationReader &reader, RealtimeConfig &config)
{
    constexpr int kMostMembers = 1'000'000;
    config.fullPresenceMembers = int(reader.integer(
        QStringLiteral("fullPresenceMembers"),
        {.fallback = 100,
         .max = kMostMembers,
         .onReload = kApplied,
         .help = QStringLiteral(
             "Up to so many members a room's clients are told of every join and leave at once")}));
    config.deltaPresenceMembers = int(reader.integer(
        QStringLiteral("deltaPresenceMembers"),
        {.fallback = 1'000,
         .max = kMostMembers,
         .onReload = kApplied,
         .help = QStringLiteral("Up to so many members they are told in one message per interval; "
                                "above, only how many there are")}));
    config.presenceHysteresis = int(reader.integer(
        QStringLiteral("presenceHysteresis"),
        {.fallback = 10,
         .max = 90,
         .onReload = kApplied,
         .help = QStringLiteral("Percent by which a room must fall below a threshold before it "
                                "is treated as the smaller room again")}));
    config.presenceDeltaInterval = reader.duration(
        QStringLiteral("presenceDeltaInterval"),
        {.fallback = 2s,
         .min = 50ms,
         .max = 1min,
         .onReload = kApplied,
         .help = QStringLiteral("How often joins and leaves of a large room are told")});
    config.presenceCountInterval = reader.duration(
        QStringLiteral("presenceCountInterval"),
        {.fallback = 5s,
         .min = 50ms,
         .max = 1min,
         .onReload = kApplied,
         .help = QStringLiteral("How often the count of a very large room is told")});
    if (config.deltaPresenceMembers < config.fullPresenceMembers) {
        reader.addError(QStringLiteral("deltaPresenceMembers"),
                        QStringLiteral("must not be below realtime.fullPresenceMembers"));
    }
}

} // namespace

RealtimeConfig RealtimeConfig::read(Configuration &configuration)
{
    RealtimeConfig config;
    ConfigurationReader realtime(configuration, QStringLiteral("realtime"));
    readWebSocket(realtime, config);
    readFanOut(realtime, config);
    readLargeRooms(realtime, config);
    readLimits(configuration, config);
    ConfigurationReader rateLimit(configuration, QStringLiteral("rateLimit"));
    config.sharesLimits = rateLimit.boolean(
        QStringLiteral("shared"),
        {.fallback = true,
         .onReload = kApplied,
         .help = QStringLiteral("Count what a user sends through all connections of all nodes, in "
                                "Redis; only of users above half of a limit")});
    config.notifiesRateLimit =
        rateLimit.boolean(QStringLiteral("notify"),
                          {.fallback = false,
                           .onReload = kApplied,
                           .help = QStringLiteral("Tell clients what was dropped (rate_limited)")});
    config.explainsDrops =
        rateLimit.boolean(QStringLiteral("debug"),
                          {.fallback = false,
                           .onReload = kApplied,
                           .help = QStringLiteral("Log every drop with its limit"),
                           .environment = {{"REALTIME_RATE_LIMIT_DEBUG"}}});
    return config;
}

void RealtimeConfig::reloadFrom(const RealtimeConfig &next)
{
    const Milliseconds interval = transformsInterval;
    *this = next;
    transformsInterval = interval;
}

} // namespace Rollcall::Realtime
