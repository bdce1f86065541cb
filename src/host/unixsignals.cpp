// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "host/unixsignals.h"

#include "host/exitcode.h"

#include <QSocketNotifier>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <unistd.h>

namespace Rollcall {

namespace {

// A signal handler can reach nothing but these. (A signalfd would need the signals blocked, and
// child processes would inherit that.)
std::array<int, 2> pipeEnds{-1, -1};
std::atomic<int> stops{0};
static_assert(std::atomic<int>::is_always_lock_free);

void handleSignal(int number)
{
    const int savedError = errno;
    if (number != SIGHUP && stops.fetch_add(1) >= 2)
        ::_exit(ExitCode::Failure);
    const char byte = number == SIGHUP ? 'h' : 's';
    [[maybe_unused]] const ssize_t written = ::write(pipeEnds[1], &byte, 1);
    errno = savedError;
}

void setHandler(int number, void (*handler)(int))
{
    struct sigaction action = {};
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    ::sigaction(number, &action, nullptr);
}

} // namespace

UnixSignals::UnixSignals(QObject *parent)
    : QObject(parent)
{
    if (::pipe2(pipeEnds.data(), O_CLOEXEC | O_NONBLOCK) != 0)
        qFatal("cannot make a pipe: %s", strerror(errno));
    m_notifier = new QSocketNotifier(pipeEnds[0], QSocketNotifier::Read, this);
    connect(m_notifier, &QSocketNotifier::activated, this, [this] { handleReadable(); });
    for (const int number : {SIGTERM, SIGINT, SIGHUP})
        setHandler(number, handleSignal);
    setHandler(SIGPIPE, SIG_IGN);
}

UnixSignals::~UnixSignals()
{
    for (const int number : {SIGTERM, SIGINT, SIGHUP})
        setHandler(number, SIG_DFL);
    delete m_notifier; // before its descriptor
    for (int &end : pipeEnds) {
        ::close(end);
        end = -1;
    }
}

void UnixSignals::handleReadable()
{
    std::array<char, 64> bytes;
    const ssize_t size = ::read(pipeEnds[0], bytes.data(), bytes.size());
    bool mustReload = false;
    for (ssize_t i = 0; i < size; ++i) {
        if (bytes[size_t(i)] == 's')
            Q_EMIT stopRequested();
        else
            mustReload = true;
    }
    if (mustReload)
        Q_EMIT reloadRequested();
}

} // namespace Rollcall
