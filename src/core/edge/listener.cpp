// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/edge/listener.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace Rollcall {

using namespace std::chrono_literals;

namespace {

constexpr int kAcceptsPerTurn = 64; // who is in comes first; the kernel's backlog keeps the others
constexpr auto kPause = 50ms;

int openReserve() { return ::open("/dev/null", O_RDONLY | O_CLOEXEC); }

socklen_t fill(sockaddr_storage &storage, const QHostAddress &address, quint16 port)
{
    std::memset(&storage, 0, sizeof storage);
    if (address.protocol() == QHostAddress::IPv4Protocol) {
        auto *v4 = reinterpret_cast<sockaddr_in *>(&storage);
        v4->sin_family = AF_INET;
        v4->sin_port = htons(port);
        v4->sin_addr.s_addr = htonl(address.toIPv4Address());
        return sizeof *v4;
    }
    auto *v6 = reinterpret_cast<sockaddr_in6 *>(&storage);
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(port);
    const Q_IPV6ADDR bytes = address.toIPv6Address();
    std::memcpy(&v6->sin6_addr, &bytes, sizeof bytes);
    return sizeof *v6;
}

quint16 portOf(const sockaddr_storage &storage)
{
    return storage.ss_family == AF_INET
        ? ntohs(reinterpret_cast<const sockaddr_in &>(storage).sin_port)
        : ntohs(reinterpret_cast<const sockaddr_in6 &>(storage).sin6_port);
}

Error systemError(const QHostAddress &address, quint16 port, int number)
{
    return {number == EADDRINUSE || number == EACCES ? ErrorCode::Unavailable
                                                     : ErrorCode::Configuration,
            QStringLiteral("cannot listen on %1 port %2: %3")
                .arg(address.toString())
                .arg(port)
                .arg(QString::fromLocal8Bit(std::strerror(number))),
            {}};
}

} // namespace

Listener::Listener(Clock &clock, AcceptHandler accepted, ExhaustionHandler exhausted)
    : m_clock(clock)
    , m_accepted(std::move(accepted))
    , m_exhausted(std::move(exhausted))
    , m_resume(clock.createTimer([this] {
        if (m_notifier)
            m_notifier->setEnabled(!m_isHeld);
    }))
    , m_allowanceSince(clock.now())
{ }

Listener::~Listener() { close(); }

Result<void> Listener::listen(const QHostAddress &address, quint16 port, int backlog)
{
    const bool isV4 = address.protocol() == QHostAddress::IPv4Protocol;
    m_descriptor =
        ::socket(isV4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (m_descriptor < 0)
        return systemError(address, port, errno);
    const int on = 1;
    const int off = 0;
    ::setsockopt(m_descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    // What is accepted inherits it.
    ::setsockopt(m_descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (!isV4)
        ::setsockopt(m_descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    sockaddr_storage storage;
    socklen_t size = fill(storage, address, port);
    if (::bind(m_descriptor, reinterpret_cast<sockaddr *>(&storage), size) != 0
        || ::listen(m_descriptor, backlog) != 0) {
        const Error error = systemError(address, port, errno);
        close();
        return error;
    }
    size = sizeof storage;
    ::getsockname(m_descriptor, reinterpret_cast<sockaddr *>(&storage), &size);
    m_port = portOf(storage);
    m_reserve = openReserve();
    m_notifier = std::make_unique<QSocketNotifier>(m_descriptor, QSocketNotifier::Read);
    QObject::connect(m_notifier.get(), &QSocketNotifier::activated, m_notifier.get(),
                     [this] { acceptAll(); });
    m_notifier->setEnabled(!m_isHeld);
    return {};
}

void Listener::close()
{
    m_notifier.reset();
    m_resume->stop();
    for (int *descriptor : {&m_descriptor, &m_reserve}) {
        if (*descriptor >= 0)
            ::close(std::exchange(*descriptor, -1));
    }
    m_port = 0;
}

void Listener::acceptAll()
{
    for (int i = 0; i < kAcceptsPerTurn && m_descriptor >= 0; ++i) {
        if (!takeAllowance()) {
            pause(kPause);
            return;
        }
        sockaddr_storage storage;
        socklen_t size = sizeof storage;
        const int accepted = ::accept4(m_descriptor, reinterpret_cast<sockaddr *>(&storage), &size,
                                       SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (accepted >= 0) {
            m_accepted(accepted, QHostAddress(reinterpret_cast<sockaddr *>(&storage)),
                       portOf(storage));
            continue;
        }
        if (errno == EINTR || errno == ECONNABORTED || errno == EPROTO)
            continue;
        if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
            // The connection stays in the backlog and the descriptor readable: without this the
            // loop would spin.
            const Drop drop = dropOne();
            if (drop == Drop::NoReserve)
                pause(kPause);
            if (drop != Drop::NobodyWaits)
                m_exhausted();
        }
        return;
    }
}

// So that a client hears at once that it is not served, instead of waiting in a backlog that nobody
// reads. accept() finds out about descriptors before it looks for a connection, so that there may
// be none.
Listener::Drop Listener::dropOne()
{
    if (m_reserve < 0)
        m_reserve = openReserve();
    if (m_reserve < 0)
        return Drop::NoReserve;
    ::close(std::exchange(m_reserve, -1));
    const int victim = ::accept4(m_descriptor, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    const int error = errno;
    if (victim >= 0) {
        const linger reset{1, 0};
        ::setsockopt(victim, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
        ::close(victim);
    }
    m_reserve = openReserve();
    if (victim >= 0)
        return Drop::Done;
    return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM
        ? Drop::NoReserve
        : Drop::NobodyWaits;
}

void Listener::setHeld(bool isHeld)
{
    m_isHeld = isHeld;
    if (m_notifier)
        m_notifier->setEnabled(!isHeld);
}

void Listener::pause(std::chrono::milliseconds duration)
{
    m_notifier->setEnabled(false);
    m_resume->startOnce(duration);
}

void Listener::setAcceptsPerSecond(qint64 rate)
{
    m_acceptsPerSecond = rate;
    m_allowance = burst();
}

// A tenth of a second's worth: bursts pass, floods wait in the kernel's backlog.
double Listener::burst() const { return std::max(1.0, double(m_acceptsPerSecond) / 10); }

bool Listener::takeAllowance()
{
    if (m_acceptsPerSecond <= 0)
        return true;
    const Clock::SteadyTime now = m_clock.now();
    const double elapsed = std::chrono::duration<double>(now - m_allowanceSince).count();
    m_allowanceSince = now;
    m_allowance = std::min(m_allowance + elapsed * double(m_acceptsPerSecond), burst());
    if (m_allowance < 1)
        return false;
    m_allowance -= 1;
    return true;
}

} // namespace Rollcall
