// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "host/tokencommand.h"

#include "core/auth/jwttokenservice.h"
#include "core/redis/redishub.h"
#include "host/configurationsource.h"
#include "host/exitcode.h"
#include "host/terminal.h"

#include <QEventLoop>
#include <QTimer>

namespace Rollcall {

namespace {

using namespace std::chrono_literals;

constexpr auto kRedisDeadline = 5s;

} // namespace

TokenCommand::TokenCommand(const CommandLine &line)
    : m_line(line)
{ }
TokenCommand::~TokenCommand() = default;

int TokenCommand::run()
{
    Configuration configuration =
        ConfigurationSource(m_line, QProcessEnvironment::systemEnvironment()).load();
    HostSettings settings = HostSettings::read(configuration);
    for (const QString &error : configuration.errors())
        printError(error);
    if (!configuration.errors().isEmpty())
        return ExitCode::Configuration;
    settings.log.level = LogLevel::Critical;
    installLogging(settings.log);

    if (settings.auth.secret.isEmpty()) {
        if (const int code = fetchSharedSecret(settings); code != ExitCode::Success)
            return code;
    } else {
        m_tokens = std::make_unique<JwtTokenService>(settings.auth, m_clock, nullptr);
    }
    if (const auto started = m_tokens->start(); !started) {
        printError(started.error().logText);
        return ExitCode::Configuration;
    }
    if (!m_tokens->isReady() && m_redis) {
        QEventLoop loop;
        QObject::connect(m_tokens.get(), &TokenService::ready, &loop, &QEventLoop::quit);
        QTimer::singleShot(kRedisDeadline, &loop, &QEventLoop::quit);
        loop.exec();
    }
    return printToken();
}

int TokenCommand::fetchSharedSecret(const HostSettings &settings)
{
    if (settings.redis.isEmbedded) {
        printError(QStringLiteral(
            "there is no auth.secret to sign with: give --secret, a --config that has it, or the "
            "Redis of a running host, --set redis.url=unix:///path"));
        return ExitCode::Configuration;
    }
    m_redis = std::make_unique<RedisHub>(settings.redis, m_clock, m_metrics, QByteArray("token"));
    if (const auto started = m_redis->start(); !started) {
        printError(started.error().logText);
        return ExitCode::Configuration;
    }
    m_tokens = std::make_unique<JwtTokenService>(settings.auth, m_clock, m_redis.get());
    return ExitCode::Success;
}

int TokenCommand::printToken()
{
    const TokenOptions &options = m_line.token;
    TokenClaims claims;
    claims.subject = UserId(options.subject.toUtf8());
    if (!options.room.isEmpty())
        claims.room = RoomId(options.room.toUtf8());
    claims.name = options.name.toUtf8();
    claims.avatar = options.avatar.toUtf8();
    claims.device = options.device.toUtf8();
    claims.role = options.role.toUtf8();
    claims.region = options.region.toUtf8();
    for (const QString &group : options.groups)
        claims.groups.append(group.toUtf8());

    const auto token = m_tokens->issue(claims, options.lifetime);
    if (!token) {
        printError(
            QStringLiteral("no token: %1")
                .arg(m_redis && !m_redis->isUp() ? m_redis->downReason() : token.error().logText));
        return ExitCode::Unavailable;
    }
    // A token that every host would refuse is worth nothing.
    if (const auto verified = m_tokens->verify(*token); !verified) {
        printError(
            QStringLiteral("hosts would refuse this token: %1").arg(verified.error().logText));
        return ExitCode::Usage;
    }
    print(QString::fromLatin1(*token) + QLatin1Char('\n'));
    return ExitCode::Success;
}

} // namespace Rollcall
