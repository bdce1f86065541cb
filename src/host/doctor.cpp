// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "host/doctor.h"

#include "core/extension/dropinfolder.h"
#include "core/redis/redisclient.h"
#include "core/redis/redishub.h"
#include "host/configurationsource.h"
#include "host/descriptorlimit.h"
#include "host/exitcode.h"
#include "host/pluginhost.h"
#include "host/terminal.h"

#include <QEventLoop>
#include <QHostAddress>
#include <QTcpServer>
#include <QTimer>

#include <algorithm>
#include <array>

namespace Rollcall {

namespace {

using namespace std::chrono_literals;

constexpr auto kRedisDeadline = 5s;
constexpr qint64 kClockWarningMs = 500;
constexpr qint64 kClockFailureMs = 5000;
/// Files, Redis, the listener and what libraries keep open, beside the connections.
constexpr quint64 kOtherDescriptors = 100;

} // namespace

Doctor::Doctor(const CommandLine &line)
    : m_line(line)
{ }
Doctor::~Doctor() = default;

int Doctor::run()
{
    checkSettingsAndPlugins();
    checkDescriptors();
    checkPort();
    checkRedis();
    return m_hasFailure ? ExitCode::Failure : ExitCode::Success;
}

void Doctor::report(Verdict verdict, const char *check, const QString &found, const QString &hint)
{
    static constexpr std::array words{"ok", "warn", "fail"};
    m_hasFailure = m_hasFailure || verdict == Verdict::Failure;
    QString line = QStringLiteral("%1 %2 %3")
                       .arg(QLatin1String(words.at(size_t(verdict))), -4)
                       .arg(QLatin1String(check), -13)
                       .arg(found);
    if (!hint.isEmpty())
        line += QStringLiteral(" -> ") + hint;
    print(line + QLatin1Char('\n'));
}

void Doctor::checkSettingsAndPlugins()
{
    const ConfigurationSource source(m_line, QProcessEnvironment::systemEnvironment());
    Configuration configuration = source.load();
    m_settings = HostSettings::read(configuration);
    m_settings.log.level = LogLevel::Critical;
    installLogging(m_settings.log);
    QStringList problems;
    const auto plugins = findPlugins(m_settings.plugins, m_line.pluginPaths, problems);
    plugins->load();
    plugins->configure(configuration);
    configuration.finish();

    const QStringList errors = problems + configuration.errors();
    for (const QString &error : errors)
        report(Verdict::Failure, "settings", error);
    if (errors.isEmpty()) {
        report(Verdict::Ok, "settings",
               source.filePath().isEmpty() ? QStringLiteral("no file, defaults only")
                                           : source.filePath());
    }

    if (!m_settings.plugins.dropIn.isEmpty()) {
        const auto allowed = DropInFolder::checkPermissions(m_settings.plugins.dropIn);
        report(allowed ? Verdict::Ok : Verdict::Warning, "drop-in",
               allowed ? m_settings.plugins.dropIn : allowed.error().logText,
               allowed ? QString() : QStringLiteral("make the folder plugins.dropIn, mode 755"));
    }
    QStringList provided = hostServiceNames();
    for (const PluginSpec *spec : plugins->specs()) {
        const QString name = spec->id() + QLatin1Char(' ') + spec->metaData().version.toString();
        if (spec->state() == PluginState::Failed) {
            report(Verdict::Failure, "plugin",
                   name.trimmed() + QStringLiteral(": ") + spec->reason(),
                   QStringLiteral("rollcall --list-plugins shows them all"));
        } else if (spec->state() == PluginState::Loaded) {
            provided += spec->metaData().provides;
            report(Verdict::Ok, "plugin", name);
        } else {
            report(Verdict::Ok, "plugin", name + QStringLiteral(": ") + spec->reason());
        }
    }
    for (const QString &name : m_settings.plugins.required) {
        if (!provided.contains(name))
            report(Verdict::Failure, "plugin", QStringLiteral("nobody provides %1").arg(name),
                   QStringLiteral("install the plugin that does, or change plugins.required"));
    }
}

void Doctor::checkDescriptors()
{
    const DescriptorLimit limit = descriptorLimit();
    const quint64 needed = quint64(m_settings.edge.maxConnections) + kOtherDescriptors;
    const bool isEnough = limit.hard >= needed;
    report(
        isEnough ? Verdict::Ok : Verdict::Warning, "descriptors",
        QStringLiteral("%1 may be open, edge.maxConnections wants %2").arg(limit.hard).arg(needed),
        isEnough
            ? QString()
            : QStringLiteral(
                "raise the hard limit (ulimit -Hn, LimitNOFILE=) or lower edge.maxConnections"));
}

void Doctor::checkPort()
{
    const EdgeConfig &edge = m_settings.edge;
    const QHostAddress address = edge.host == QLatin1String("localhost")
        ? QHostAddress(QHostAddress::LocalHost)
        : QHostAddress(edge.host);
    const QString name = QStringLiteral("%1 port %2").arg(edge.host).arg(edge.port);
    QTcpServer server;
    if (server.listen(address, edge.port))
        report(Verdict::Ok, "listener", name + QStringLiteral(" is free"));
    else
        report(Verdict::Failure, "listener", name + QStringLiteral(": ") + server.errorString(),
               server.serverError() == QAbstractSocket::AddressInUseError
                   ? QStringLiteral("is a host running already? Otherwise change edge.port")
                   : QStringLiteral("change edge.host or edge.port"));
}

void Doctor::checkRedis()
{
    m_redis =
        std::make_unique<RedisHub>(m_settings.redis, m_clock, m_metrics, QByteArray("doctor"));
    const auto started = m_redis->start();
    if (!started) {
        report(Verdict::Failure, "redis", started.error().logText,
               QStringLiteral("change the redis section"));
        return;
    }
    if (!m_redis->isConfigured()) {
        report(Verdict::Warning, "redis", QStringLiteral("none: one node, state in memory only"),
               QStringLiteral("install redis-server or set redis.url"));
        return;
    }
    QEventLoop loop;
    QTimer::singleShot(kRedisDeadline, &loop, [&loop] { loop.exit(1); });
    connect(m_redis.get(), &RedisService::up, &loop, [this, &loop] {
        m_redis->client()->command(
            {"INFO", "memory"}, &loop, [this, &loop](const RedisReply &reply) {
                report(Verdict::Ok, "redis", m_redis->displayName() + QStringLiteral(" answers"));
                checkClock();
                checkEviction(reply);
                loop.exit(0);
            });
    });
    connect(m_redis.get(), &RedisHub::fatal, &loop, [&loop] { loop.exit(1); });
    if (loop.exec() != 0) {
        const QString reason =
            m_redis->fatalReason().isEmpty() ? m_redis->downReason() : m_redis->fatalReason();
        report(Verdict::Failure, "redis",
               QStringLiteral("%1: %2").arg(m_redis->displayName(), reason),
               QStringLiteral("is it running, and is redis.url right?"));
    }
    m_redis->stop();
}

void Doctor::checkClock()
{
    const qint64 offset = m_redis->clockOffsetMs();
    const qint64 distance = std::abs(offset);
    const Verdict verdict = distance >= kClockFailureMs ? Verdict::Failure
        : distance >= kClockWarningMs                   ? Verdict::Warning
                                                        : Verdict::Ok;
    report(verdict, "clock",
           QStringLiteral("Redis' clock is %1 ms %2")
               .arg(distance)
               .arg(offset < 0 ? QStringLiteral("behind") : QStringLiteral("ahead")),
           verdict == Verdict::Ok ? QString() : QStringLiteral("run NTP on both machines"));
}

void Doctor::checkEviction(const RedisReply &reply)
{
    QByteArray policy;
    for (const QByteArray &line : reply.text.split('\n')) {
        if (line.startsWith("maxmemory_policy:"))
            policy = line.mid(qstrlen("maxmemory_policy:")).trimmed();
    }
    const QString text = policy.isEmpty()
        ? QStringLiteral("not known: %1").arg(QString::fromUtf8(reply.text.left(100)))
        : QString::fromUtf8(policy);
    const bool isSafe = policy == "noeviction";
    report(isSafe ? Verdict::Ok : Verdict::Warning, "eviction", text,
           isSafe ? QString()
                  : QStringLiteral(
                      "set maxmemory-policy noeviction: Redis may throw away who is present"));
}

} // namespace Rollcall
