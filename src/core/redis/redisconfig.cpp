// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/redis/redisconfig.h"

#include <QUrl>

namespace Rollcall {

using namespace std::chrono_literals;

namespace {

/// redis.url, or redis.host and its companions, or neither (embedded).
void readAddress(ConfigurationReader &reader, RedisConfig &config)
{
    const QString url = reader.text(
        "url",
        {.help = QStringLiteral(
             "redis://[user:password@]host[:port][/db], rediss://... (TLS) or unix:///path[?db=n]. "
             "Empty, and no redis.host either: the host starts an embedded redis-server"),
         .environment = {{"REDIS_URL"}},
         .secret = true});
    const QString host =
        reader.text("host",
                    {.help = QStringLiteral("Host of a Redis over TCP, when redis.url is empty"),
                     .environment = {{"REDIS_HOST"}}});
    const qint64 port = reader.integer("port",
                                       {.fallback = 6379,
                                        .min = 1,
                                        .max = 65535,
                                        .help = QStringLiteral("Port that goes with redis.host"),
                                        .environment = {{"REDIS_PORT"}}});
    const qint64 database =
        reader.integer("database",
                       {.fallback = 0,
                        .max = 1'000'000,
                        .help = QStringLiteral("Database that goes with redis.host")});
    const QString username = reader.text(
        "username",
        {.help = QStringLiteral("ACL user, unless redis.url names one; empty: the default user")});
    const QString password =
        reader.text("password",
                    {.help = QStringLiteral("Password, unless redis.url has one"),
                     .environment = {{"REDIS_PASSWORD"}},
                     .secret = true});

    if (!url.isEmpty()) {
        const auto parsed = RedisOptions::fromUrl(url);
        if (parsed)
            config.options = *parsed;
        else
            reader.addError("url", parsed.error().logText);
        config.isEmbedded = false;
    } else if (!host.isEmpty()) {
        config.options.host = host;
        config.options.port = quint16(port);
        config.options.database = int(database);
        config.isEmbedded = false;
    }
    if (config.isEmbedded)
        return;
    if (config.options.password.isEmpty()) {
        config.options.username = username.toUtf8();
        config.options.password = password.toUtf8();
    }
    if (!config.options.username.isEmpty() && config.options.password.isEmpty())
        reader.addError("username", QStringLiteral("needs redis.password"));
}

void readTimes(ConfigurationReader &reader, RedisConfig &config)
{
    RedisOptions &options = config.options;
    config.requestDeadline = reader.duration(
        "requestDeadline",
        {.fallback = config.requestDeadline,
         .min = 1ms,
         .max = 60s,
         .help = QStringLiteral(
             "How long a question of a user waits for Redis before RAM alone answers")});
    options.commandDeadline =
        reader.duration("commandDeadline",
                        {.fallback = options.commandDeadline,
                         .min = 10ms,
                         .max = 5min,
                         .help = QStringLiteral("How long any other command may take")});
    options.connectDeadline = reader.duration(
        "connectDeadline",
        {.fallback = options.connectDeadline,
         .min = 10ms,
         .max = 60s,
         .help = QStringLiteral("From the start of an attempt to connect until the first PONG")});
    options.pingInterval =
        reader.duration("pingInterval",
                        {.fallback = options.pingInterval,
                         .min = 10ms,
                         .max = 60s,
                         .help = QStringLiteral("How often each connection sends PING")});
    options.pingDeadline = reader.duration(
        "pingDeadline",
        {.fallback = options.pingDeadline,
         .min = 10ms,
         .max = 60s,
         .help = QStringLiteral(
             "A connection that says nothing for so long after a PING is made anew")});
    options.backoffMin = reader.duration(
        "backoffMin",
        {.fallback = options.backoffMin,
         .min = 1ms,
         .max = 60s,
         .help = QStringLiteral(
             "Wait before the first attempt to reconnect; doubles, with half jitter")});
    options.backoffMax = reader.duration(
        "backoffMax",
        {.fallback = options.backoffMax,
         .min = 1ms,
         .max = 5min,
         .help = QStringLiteral(
             "Longest wait between attempts (on loopback and unix sockets at most 500ms)")});
    options.refusedBackoff = reader.duration(
        "refusedBackoff",
        {.fallback = options.refusedBackoff,
         .min = 100ms,
         .max = 1h,
         .help = QStringLiteral("Wait after a wrong password or a missing permission")});
    config.loopbackAfter = reader.duration(
        "loopbackAfter",
        {.fallback = config.loopbackAfter,
         .min = 100ms,
         .max = 1h,
         .help = QStringLiteral(
             "After so long without a message the node publishes to itself, to prove that "
             "subscriptions arrive")});
    config.loopbackDeadline = reader.duration(
        "loopbackDeadline",
        {.fallback = config.loopbackDeadline,
         .min = 10ms,
         .max = 60s,
         .help = QStringLiteral(
             "How long that message may take before the subscriptions are made anew")});
    if (options.backoffMax < options.backoffMin)
        reader.addError("backoffMax", QStringLiteral("must not be less than redis.backoffMin"));
}

void readLimits(ConfigurationReader &reader, RedisConfig &config)
{
    RedisOptions &options = config.options;
    options.maxReplyBytes =
        reader.bytes("maxReplyBytes",
                     {.fallback = options.maxReplyBytes,
                      .min = 1 << 10,
                      .max = qint64(1) << 30,
                      .help = QStringLiteral("A larger reply costs Redis its connection")});
    options.maxReplyElements = reader.integer(
        "maxReplyElements",
        {.fallback = options.maxReplyElements,
         .min = 16,
         .max = 1 << 26,
         .help = QStringLiteral("A reply with more elements costs Redis its connection")});
    options.maxCommandsInFlight =
        reader.integer("maxCommandsInFlight",
                       {.fallback = options.maxCommandsInFlight,
                        .min = 16,
                        .max = 1 << 26,
                        .help = QStringLiteral("Commands without an answer; more fail at once")});
    options.maxBufferedBytes =
        reader.bytes("maxBufferedBytes",
                     {.fallback = options.maxBufferedBytes,
                      .min = 1 << 10,
                      .max = qint64(4) << 30,
                      .help = QStringLiteral(
                          "Commands that Redis does not take off the socket; more fail at once")});
}

} // namespace

RedisConfig RedisConfig::read(Configuration &configuration)
{
    ConfigurationReader reader(configuration, QStringLiteral("redis"));
    RedisConfig config;
    readAddress(reader, config);
    config.prefix =
        reader
            .text("prefix",
                  {.help = QStringLiteral("Put before the name of every key and channel")})
            .toUtf8();
    config.options.tlsAuthorities =
        reader.text("tlsAuthorities",
                    {.help = QStringLiteral(
                         "PEM file of authorities to trust beside the system's (rediss:// only)")});
    config.serverBinary =
        reader.text("serverBinary",
                    {.fallback = config.serverBinary,
                     .help = QStringLiteral("The redis-server to start when none is configured")});
    readTimes(reader, config);
    readLimits(reader, config);
    return config;
}

} // namespace Rollcall
