// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/edge/edgeconfig.h"

#include "core/base/configuration.h"

#include <QHostAddress>
#include <QUrl>

namespace Rollcall {

using namespace std::chrono_literals;

namespace {

constexpr auto kApplied = OnReload::Applied;

HttpLimits readLimits(Configuration &configuration)
{
    ConfigurationReader http(configuration, QStringLiteral("http"));
    const HttpLimits defaults;
    HttpLimits limits;
    limits.maxHeadBytes =
        http.bytes(QStringLiteral("maxHeadBytes"),
                   {.fallback = defaults.maxHeadBytes,
                    .min = 1 << 10,
                    .max = 32 << 10,
                    .onReload = kApplied,
                    .help = QStringLiteral("Request line and headers of a request")});
    limits.maxTargetBytes = http.bytes(QStringLiteral("maxTargetBytes"),
                                       {.fallback = defaults.maxTargetBytes,
                                        .min = 256,
                                        .max = 32 << 10,
                                        .onReload = kApplied,
                                        .help = QStringLiteral("Path and query of a request")});
    limits.maxHeaders = http.integer(QStringLiteral("maxHeaders"),
                                     {.fallback = defaults.maxHeaders,
                                      .min = 8,
                                      .max = 1000,
                                      .onReload = kApplied,
                                      .help = QStringLiteral("Header lines of a request")});
    limits.maxBodyBytes = http.bytes(QStringLiteral("maxBodyBytes"),
                                     {.fallback = defaults.maxBodyBytes,
                                      .min = 0,
                                      .max = 64 << 20,
                                      .onReload = kApplied,
                                      .help = QStringLiteral("Body of a request")});
    const auto deadline = [&](const QString &key, std::chrono::milliseconds fallback,
                              const QString &help) {
        return http.duration(
            key,
            {.fallback = fallback, .min = 10ms, .max = 1h, .onReload = kApplied, .help = help});
    };
    limits.headDeadline =
        deadline(QStringLiteral("headDeadline"), defaults.headDeadline,
                 QStringLiteral("From the first byte of a request to the end of its headers"));
    limits.bodyDeadline =
        deadline(QStringLiteral("bodyDeadline"), defaults.bodyDeadline,
                 QStringLiteral("From the end of the headers to the end of the body"));
    limits.idleTimeout =
        deadline(QStringLiteral("idleTimeout"), defaults.idleTimeout,
                 QStringLiteral("How long a connection may wait between requests"));
    limits.handlerDeadline =
        deadline(QStringLiteral("handlerDeadline"), defaults.handlerDeadline,
                 QStringLiteral("How long an answer may take before it becomes a 504"));
    return limits;
}

void readAdmission(ConfigurationReader &edge, EdgeConfig &config)
{
    config.maxConnections =
        edge.integer(QStringLiteral("maxConnections"),
                     {.fallback = config.maxConnections,
                      .min = 1,
                      .max = 1'000'000,
                      .onReload = kApplied,
                      .help = QStringLiteral(
                          "Connections in total; more get 503. Never above the descriptor limit")});
    config.maxConnectionsPerAddress = edge.integer(
        QStringLiteral("maxConnectionsPerAddress"),
        {.fallback = config.maxConnectionsPerAddress,
         .onReload = kApplied,
         .help = QStringLiteral(
             "Connections of one address (IPv6: one /64); more get 429. 0: no limit. Behind a "
             "trusted proxy WebSockets count for the forwarded address")});
    config.acceptsPerSecond =
        edge.integer(QStringLiteral("acceptsPerSecond"),
                     {.fallback = config.acceptsPerSecond,
                      .onReload = kApplied,
                      .help = QStringLiteral(
                          "New connections per second; more wait in the backlog. 0: no limit")});
    config.maxBufferedBytes = edge.bytes(
        QStringLiteral("maxBufferedBytes"),
        {.fallback = config.maxBufferedBytes,
         .min = 1 << 20,
         .onReload = kApplied,
         .help = QStringLiteral(
             "Bytes waiting in buffers of all connections; above it new connections get 503 and "
             "those whose buffers grow are reset")});
    config.lingerDeadline =
        edge.duration(QStringLiteral("lingerDeadline"),
                      {.fallback = config.lingerDeadline,
                       .min = 10ms,
                       .max = 10min,
                       .onReload = kApplied,
                       .help = QStringLiteral("How long a closed connection may take to finish")});
}

void readTls(ConfigurationReader &edge, EdgeConfig &config)
{
    config.tlsCertificate =
        edge.text(QStringLiteral("tls.certificate"),
                  {.onReload = kApplied,
                   .help = QStringLiteral(
                       "PEM file with the certificate chain; turns TLS on, on the same port")});
    config.tlsKey =
        edge.text(QStringLiteral("tls.key"),
                  {.onReload = kApplied,
                   .help = QStringLiteral("PEM file with the certificate's private key")});
    config.tlsHandshakeDeadline =
        edge.duration(QStringLiteral("tls.handshakeDeadline"),
                      {.fallback = config.tlsHandshakeDeadline,
                       .min = 10ms,
                       .max = 10min,
                       .onReload = kApplied,
                       .help = QStringLiteral("How long a TLS handshake may take")});
    if (config.tlsCertificate.isEmpty() != config.tlsKey.isEmpty()) {
        const bool noKey = config.tlsKey.isEmpty();
        edge.addError(noKey ? QStringLiteral("tls.certificate") : QStringLiteral("tls.key"),
                      noKey ? QStringLiteral("needs edge.tls.key")
                            : QStringLiteral("needs edge.tls.certificate"));
    }
}

void readAddress(ConfigurationReader &edge, EdgeConfig &config)
{
    config.host = edge.text(
        QStringLiteral("host"),
        {.fallback = config.host,
         .help = QStringLiteral("Address to listen on; \"::\" is every address of both families")});
    if (config.host != QLatin1String("localhost") && QHostAddress(config.host).isNull())
        edge.addError(QStringLiteral("host"),
                      QStringLiteral("expected an IPv4 or IPv6 address or localhost"));
    config.port = quint16(edge.integer(
        QStringLiteral("port"),
        {.fallback = config.port,
         .max = 65535,
         .help = QStringLiteral("Port for HTTP and WebSocket; 0: the system chooses")}));
    config.backlog =
        int(edge.integer(QStringLiteral("backlog"),
                         {.fallback = config.backlog,
                          .min = 1,
                          .max = 65535,
                          .help = QStringLiteral("Connections that may wait to be accepted")}));
    config.publicUrl = edge.text(
        QStringLiteral("publicUrl"),
        {.onReload = kApplied,
         .help = QStringLiteral("What clients should use (\"https://play.example.org\"); empty: "
                                "made from what each client used")});
    while (config.publicUrl.endsWith(QLatin1Char('/')))
        config.publicUrl.chop(1);
    const QUrl url(config.publicUrl, QUrl::StrictMode);
    const bool isHttp =
        url.scheme() == QLatin1String("http") || url.scheme() == QLatin1String("https");
    if (!config.publicUrl.isEmpty()
        && (!isHttp || url.host().isEmpty() || url.hasQuery() || url.hasFragment()))
        edge.addError(QStringLiteral("publicUrl"),
                      QStringLiteral("expected an http:// or https:// URL"));
}

void readPolicies(ConfigurationReader &edge, EdgeConfig &config)
{
    config.trustedProxies =
        edge.list(QStringLiteral("trustedProxies"),
                  {.onReload = kApplied,
                   .help = QStringLiteral(
                       "Addresses or networks whose X-Forwarded-For and X-Forwarded-Proto count")});
    for (const QString &proxy : std::as_const(config.trustedProxies)) {
        const bool isNetwork = proxy.contains(QLatin1Char('/'));
        if (isNetwork ? QHostAddress::parseSubnet(proxy).second < 0 : QHostAddress(proxy).isNull())
            edge.addError(QStringLiteral("trustedProxies"),
                          QStringLiteral("'%1' is neither an address nor a network").arg(proxy));
    }
    config.allowedOrigins = edge.list(
        QStringLiteral("allowedOrigins"),
        {.onReload = kApplied,
         .help = QStringLiteral(
             "Web origins (\"https://app.example.org\") whose pages may call; empty: the same host "
             "only; \"*\": any")});
    for (const QString &origin : std::as_const(config.allowedOrigins)) {
        const QUrl url(origin, QUrl::StrictMode);
        const bool isOrigin =
            !url.scheme().isEmpty() && !url.host().isEmpty() && url.path().isEmpty();
        if (origin != QLatin1String("*") && origin != QLatin1String("null") && !isOrigin)
            edge.addError(
                QStringLiteral("allowedOrigins"),
                QStringLiteral("'%1' is not an origin (scheme://host[:port])").arg(origin));
    }
    config.allowedHosts = edge.list(
        QStringLiteral("allowedHosts"),
        {.onReload = kApplied,
         .help = QStringLiteral(
             "Names accepted in the Host header on loopback besides localhost and the address")});
}

} // namespace

EdgeConfig EdgeConfig::read(Configuration &configuration)
{
    ConfigurationReader edge(configuration, QStringLiteral("edge"));
    EdgeConfig config;
    readAddress(edge, config);
    readPolicies(edge, config);
    readAdmission(edge, config);
    readTls(edge, config);
    config.http = readLimits(configuration);
    return config;
}

} // namespace Rollcall
