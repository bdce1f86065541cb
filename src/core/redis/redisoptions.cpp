// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/redis/redisoptions.h"

#include <QHostAddress>
#include <QUrl>
#include <QUrlQuery>

namespace Rollcall {

namespace {

/// sockaddr_un::sun_path without its terminating zero.
constexpr int kMaxUnixPath = 107;

Error configurationError(const QString &why) { return {ErrorCode::Configuration, why, {}}; }

Result<int> parseDatabase(const QString &text)
{
    bool isNumber = false;
    const int database = text.toInt(&isNumber);
    if (!isNumber || database < 0)
        return configurationError(QStringLiteral("'%1' is not a database number").arg(text));
    return database;
}

} // namespace

Result<void> RedisOptions::checkUnixPath(const QString &path)
{
    const qsizetype length = path.toLocal8Bit().size();
    if (length <= kMaxUnixPath)
        return {};
    return configurationError(
        QStringLiteral("the unix socket path has %1 bytes, more than the %2 that fit: %3")
            .arg(length)
            .arg(kMaxUnixPath)
            .arg(path));
}

Result<RedisOptions> RedisOptions::fromUrl(const QString &text)
{
    const QUrl url(text, QUrl::StrictMode);
    const QString scheme = url.scheme();
    RedisOptions options;
    // Messages never quote the URL: it may hold the password.
    if (!url.isValid())
        return configurationError(QStringLiteral("not a URL"));
    if (url.hasFragment())
        return configurationError(QStringLiteral("a Redis URL has no '#'"));
    options.username = url.userName(QUrl::FullyDecoded).toUtf8();
    options.password = url.password(QUrl::FullyDecoded).toUtf8();
    if (!options.username.isEmpty() && options.password.isEmpty())
        return configurationError(
            QStringLiteral("a user without a password (a password alone is ':password@')"));

    QString database;
    const auto queryItems = QUrlQuery(url).queryItems(QUrl::FullyDecoded);
    for (const auto &[name, value] : queryItems) {
        if (name != QLatin1String("db"))
            return configurationError(QStringLiteral("unknown parameter '%1'").arg(name));
        database = value;
    }

    if (scheme == QLatin1String("unix")) {
        options.socket = Socket::Unix;
        options.host = url.path(QUrl::FullyDecoded);
        if (!url.host().isEmpty() || options.host.isEmpty())
            return configurationError(QStringLiteral("expected unix:///path with three slashes"));
        if (const auto fits = checkUnixPath(options.host); !fits)
            return fits.error();
    } else if (scheme == QLatin1String("redis") || scheme == QLatin1String("rediss")) {
        options.socket = scheme == QLatin1String("redis") ? Socket::Tcp : Socket::Tls;
        options.host = url.host(QUrl::FullyDecoded);
        if (options.host.isEmpty())
            return configurationError(QStringLiteral("the host is missing"));
        if (url.port() == 0)
            return configurationError(QStringLiteral("the port must not be 0"));
        options.port = quint16(url.port(6379));
        if (const QString path = url.path().mid(1); !path.isEmpty())
            database = path;
    } else {
        return configurationError(
            QStringLiteral("expected redis://host:port/db, rediss://host:port/db or unix:///path"));
    }
    if (!database.isEmpty()) {
        const auto number = parseDatabase(database);
        if (!number)
            return number.error();
        options.database = *number;
    }
    return options;
}

QString RedisOptions::displayName() const
{
    if (socket == Socket::Unix) {
        const QString name = QStringLiteral("unix://") + host;
        return database == 0 ? name : name + QStringLiteral("?db=%1").arg(database);
    }
    QUrl url;
    url.setScheme(socket == Socket::Tls ? QStringLiteral("rediss") : QStringLiteral("redis"));
    url.setUserName(QString::fromUtf8(username));
    url.setHost(host);
    url.setPort(port);
    if (database != 0)
        url.setPath(QStringLiteral("/%1").arg(database));
    return url.toDisplayString();
}

bool RedisOptions::isLocal() const
{
    return socket == Socket::Unix || host == QLatin1String("localhost")
        || QHostAddress(host).isLoopback();
}

} // namespace Rollcall
