// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "host/hostconfig.h"

#include "core/base/configuration.h"

#include <QCryptographicHash>
#include <QHostAddress>
#include <QRegularExpression>
#include <QSysInfo>

#include <unistd.h>

namespace Rollcall {

namespace {

using namespace std::chrono_literals;

/// `<host name>-<6 digits>`: the digits tell apart the hosts of one machine by what they listen on.
QByteArray defaultNodeId(const EdgeConfig &edge)
{
    static const QRegularExpression others(QStringLiteral("[^A-Za-z0-9-]"));
    QString name = QSysInfo::machineHostName().section(QLatin1Char('.'), 0, 0).left(40);
    name.replace(others, QStringLiteral("-"));
    QCryptographicHash hash(QCryptographicHash::Sha256);
    hash.addData(QSysInfo::machineUniqueId());
    hash.addData(edge.host.toUtf8() + ':' + QByteArray::number(edge.port));
    if (edge.port == 0) // nothing that stays the same tells two of these apart
        hash.addData(QByteArray::number(::getpid()));
    return (name.isEmpty() ? QByteArray("node") : name.toUtf8()) + '-'
        + hash.result().toHex().left(6);
}

} // namespace

HostConfig HostConfig::read(Configuration &configuration, const EdgeConfig &edge)
{
    HostConfig config;
    ConfigurationReader host(configuration, QStringLiteral("host"));
    config.nodeId =
        host.text(QStringLiteral("nodeId"),
                  {.help = QStringLiteral("Name of this node in Redis, logs and metrics: letters, "
                                          "digits, - and _. The same after every "
                                          "restart, different for every host of one Redis. Empty: "
                                          "made of the machine's name and what "
                                          "the host listens on")})
            .toUtf8();
    static const QRegularExpression pattern(QStringLiteral("^[A-Za-z0-9_-]{1,64}$"));
    if (config.nodeId.isEmpty())
        config.nodeId = defaultNodeId(edge);
    else if (!pattern.match(QString::fromUtf8(config.nodeId)).hasMatch())
        host.addError(QStringLiteral("nodeId"),
                      QStringLiteral("must be 1 to 64 letters, digits, - or _"));
    config.startPatience = host.duration(
        QStringLiteral("startPatience"),
        {.fallback = 2s,
         .max = 1h,
         .help = QStringLiteral(
             "How long connections may wait to be accepted while the host starts, until Redis "
             "answers, there is a secret to sign tokens with, and what an earlier run of this "
             "host has left in Redis is gone")});
    config.stopDeadline = host.duration(
        QStringLiteral("stopDeadline"),
        {.fallback = 10s,
         .min = 0ms,
         .max = 1h,
         .onReload = OnReload::Applied,
         .help = QStringLiteral(
             "How long stopping may take before whoever has not finished is left behind")});

    ConfigurationReader http(configuration, QStringLiteral("http"));
    config.demo =
        http.boolean(QStringLiteral("demo"),
                     {.fallback = isLoopbackListener(edge),
                      .help = QStringLiteral(
                          "Serve the demo page at /; by default on a loopback address only")});
    config.demoRoot = http.text(
        QStringLiteral("demoRoot"),
        {.help = QStringLiteral(
             "Folder with the demo page. Empty: share/rollcall/web of the installation")});
    return config;
}

PluginsConfig PluginsConfig::read(Configuration &configuration)
{
    ConfigurationReader reader(configuration, QStringLiteral("plugins"));
    PluginsConfig config;
    config.path =
        reader.list(QStringLiteral("path"),
                    {.help = QStringLiteral(
                         "Folders with more plugins, besides the host's own and --plugin-path")});
    config.dropIn = reader.text(
        QStringLiteral("dropIn"),
        {.help = QStringLiteral(
             "Folder that is watched: a plugin put there is loaded into the running host")});
    config.disabled = reader.list(QStringLiteral("disabled"),
                                  {.help = QStringLiteral("Ids of plugins that shall not run")});
    config.providers = reader.map(
        QStringLiteral("provider"), OnReload::NeedsRestart,
        QStringLiteral(
            "Which plugin provides a service that several could: PresenceService = \"presence\""));
    config.required = reader.list(
        QStringLiteral("required"),
        {.fallback = {QStringLiteral("PresenceService"), QStringLiteral("RoomDirectory"),
                      QStringLiteral("RealtimeService")},
         .help = QStringLiteral("Services without which GET /ready says 503")});
    return config;
}

HostSettings HostSettings::read(Configuration &configuration)
{
    HostSettings settings;
    settings.log = LogConfig::read(configuration);
    settings.edge = EdgeConfig::read(configuration);
    settings.host = HostConfig::read(configuration, settings.edge);
    settings.plugins = PluginsConfig::read(configuration);
    settings.redis = RedisConfig::read(configuration);
    settings.auth = AuthConfig::read(configuration);
    if (const auto allowed = settings.auth.checkListener(isLoopbackListener(settings.edge));
        !allowed)
        configuration.addError(allowed.error().logText);
    return settings;
}

bool isLoopbackListener(const EdgeConfig &edge)
{
    return edge.host == QLatin1String("localhost") || QHostAddress(edge.host).isLoopback();
}

} // namespace Rollcall
