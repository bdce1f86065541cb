// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/edge/edgeserver.h"

#include "core/base/metrics.h"
#include "core/edge/edgelog.h"
#include "core/edge/plaintransport.h"
#include "core/edge/tlsidentity.h"
#include "core/edge/tlstransport.h"

#include <algorithm>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

namespace Rollcall {

namespace {

// For Redis, files, the listener and the reserve.
constexpr qint64 kOtherDescriptors = 64;
constexpr std::chrono::minutes kWarningInterval{1};

qint64 descriptorLimit()
{
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return std::numeric_limits<qint64>::max();
    return qint64(limit.rlim_cur);
}

QHostAddress listenAddress(const QString &host)
{
    return host == QLatin1String("localhost") ? QHostAddress(QHostAddress::LocalHost)
                                              : QHostAddress(host);
}

} // namespace

EdgeServer::EdgeServer(const EdgeConfig &config, Clock &clock, Metrics &metrics,
                       TokenService &tokens)
    : m_clock(clock)
    , m_metrics(metrics)
    , m_context(clock, metrics)
    , m_http(clock, m_context.deadlines(), tokens, metrics)
    , m_requests(m_http, m_metrics, m_policies)
    , m_upgradeDispatcher(m_upgrades, m_http, m_metrics, m_context, m_policies)
    , m_listener(
          clock,
          [this](int descriptor, const QHostAddress &peer, quint16 port) {
              accept(descriptor, peer, port);
          },
          [this] { handleExhaustion(); })
{
    takeOver(config);
}

EdgeServer::~EdgeServer() = default;

void EdgeServer::takeOver(const EdgeConfig &config)
{
    m_config = config;
    m_policies.proxies = ProxyPolicy(config.trustedProxies);
    m_policies.origins =
        OriginPolicy(config.allowedOrigins, config.publicUrl, config.allowedHosts, config.host);
    const qint64 connections =
        std::min(config.maxConnections, descriptorLimit() - kOtherDescriptors);
    m_admission.setLimits(std::max<qint64>(connections, 1), config.maxConnectionsPerAddress);
    m_context.setMaxBufferedBytes(config.maxBufferedBytes);
    m_listener.setAcceptsPerSecond(config.acceptsPerSecond);
    m_http.setPublicUrl(config.publicUrl);
    m_http.setHandlerDeadline(config.http.handlerDeadline);
}

Result<void> EdgeServer::applyConfiguration(const EdgeConfig &config)
{
    EdgeConfig next = config;
    next.host = m_config.host; // these need a restart
    next.port = m_config.port;
    next.backlog = m_config.backlog;
    takeOver(next);
    return readTlsIdentity(next);
}

// Connections that are open keep what they have.
Result<void> EdgeServer::readTlsIdentity(const EdgeConfig &config)
{
    if (config.tlsCertificate.isEmpty()) {
        m_tls.reset();
        return {};
    }
    Result<QSslConfiguration> identity = loadTlsIdentity(config.tlsCertificate, config.tlsKey);
    if (!identity)
        return identity.error();
    m_tls = *identity;
    return {};
}

Result<void> EdgeServer::listen()
{
    const QHostAddress address = listenAddress(m_config.host);
    if (address.isNull()) {
        return Error{ErrorCode::Configuration,
                     QStringLiteral("edge.host: '%1' is not an address").arg(m_config.host),
                     {}};
    }
    if (Result<void> tls = readTlsIdentity(m_config); !tls)
        return tls;
    Result<void> listening = m_listener.listen(address, m_config.port, m_config.backlog);
    const bool isV6 = address.protocol() == QHostAddress::IPv6Protocol;
    const QByteArray host = address.toString().toLatin1();
    m_policies.ownAuthority = (isV6 ? '[' + host + ']' : host) + ':' + QByteArray::number(port());
    return listening;
}

void EdgeServer::accept(int descriptor, const QHostAddress &peer, quint16 port)
{
    const bool isProxy = m_policies.proxies.isTrusted(peer);
    const Admission::Verdict verdict = m_admission.verdict(peer, isProxy);
    if (verdict == Admission::Verdict::TooMany)
        return reject(descriptor, EdgeMetrics::Rejection::Connections);
    if (verdict == Admission::Verdict::TooManyOfAddress)
        return reject(descriptor, EdgeMetrics::Rejection::Address);
    if (m_context.isOverBuffered())
        return reject(descriptor, EdgeMetrics::Rejection::Buffers);
    m_metrics.countAccepted();
    AdmissionTicket ticket = m_admission.admit(peer, isProxy);
    if (!m_tls) {
        addConnection(
            std::make_unique<PlainTransport>(m_context, std::move(ticket), descriptor, peer, port));
        return;
    }
    auto first = std::make_unique<FirstByte>(
        m_context.deadlines(), std::move(ticket), descriptor, peer, port,
        m_config.http.headDeadline,
        [this](FirstByte &known, FirstByte::Kind kind) { handleFirstByte(known, kind); });
    FirstByte *key = first.get();
    m_unknown.emplace(key, std::move(first));
}

void EdgeServer::handleFirstByte(FirstByte &first, FirstByte::Kind kind)
{
    const auto found = m_unknown.find(&first);
    const std::unique_ptr<FirstByte> known = std::move(found->second);
    m_unknown.erase(found);
    if (kind == FirstByte::Kind::Tls && m_tls) {
        addConnection(std::make_unique<TlsTransport>(
            m_context, known->takeTicket(), known->takeDescriptor(), known->peer(),
            known->peerPort(), *m_tls, m_config.tlsHandshakeDeadline));
    } else if (kind != FirstByte::Kind::Gone) {
        addConnection(std::make_unique<PlainTransport>(m_context, known->takeTicket(),
                                                       known->takeDescriptor(), known->peer(),
                                                       known->peerPort()));
    }
}

void EdgeServer::handleExhaustion()
{
    m_metrics.countRejection(EdgeMetrics::Rejection::Descriptors);
    const Clock::SteadyTime now = m_clock.now();
    if (m_exhaustionSaid && now - *m_exhaustionSaid < kWarningInterval)
        return;
    m_exhaustionSaid = now;
    qCWarning(
        lcEdge,
        "no free descriptor: connections are dropped (%lld open; raise the limit of open files)",
        qlonglong(m_admission.connections()));
}

// Costs one system call or two and no memory. A client that has sent its request already sees the
// answer if that has been read before the descriptor is closed, else perhaps only the reset.
void EdgeServer::reject(int descriptor, EdgeMetrics::Rejection reason)
{
    m_metrics.countRejection(reason);
    const bool isAddress = reason == EdgeMetrics::Rejection::Address;
    static constexpr std::string_view kTooManyOfAddress =
        "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 5\r\nContent-Length: 0\r\nConnection: "
        "close\r\n\r\n";
    static constexpr std::string_view kTooMany =
        "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\nConnection: "
        "close\r\n\r\n";
    const std::string_view answer = isAddress ? kTooManyOfAddress : kTooMany;
    char request[4096];
    [[maybe_unused]] const ssize_t read = ::recv(descriptor, request, sizeof request, MSG_DONTWAIT);
    [[maybe_unused]] const ssize_t sent =
        ::send(descriptor, answer.data(), answer.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    ::close(descriptor);
}

void EdgeServer::addConnection(std::unique_ptr<BufferedTransport> transport)
{
    auto connection = std::make_unique<EdgeConnection>(static_cast<EdgeConnectionOwner &>(*this),
                                                       m_context, std::move(transport));
    EdgeConnection *key = connection.get();
    m_connections.emplace(key, std::move(connection));
}

void EdgeServer::handleRequest(EdgeConnection &connection)
{
    m_requests.dispatch(connection, dateHeader());
}

void EdgeServer::handleUpgrade(EdgeConnection &connection)
{
    UpgradeDispatcher::Adoption adoption = m_upgradeDispatcher.dispatch(connection, dateHeader());
    if (!adoption.endpoint)
        return;
    m_connections.erase(&connection);
    adoption.endpoint->adopt(std::move(adoption.transport), adoption.request);
}

void EdgeServer::handleConnectionEnd(EdgeConnection &connection)
{
    m_requests.forget(connection);
    m_connections.erase(&connection);
}

QByteArray EdgeServer::dateHeader()
{
    const qint64 now = m_clock.wallMs();
    if (now / 1000 != m_dateSecond) {
        m_dateSecond = now / 1000;
        m_date = httpDate(now);
    }
    return m_date;
}

} // namespace Rollcall
