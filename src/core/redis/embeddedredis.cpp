// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/redis/embeddedredis.h"

#include "core/redis/redislogging_p.h"
#include "core/redis/redisoptions.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QStandardPaths>

#include <algorithm>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace Rollcall {

using namespace std::chrono_literals;

namespace {

constexpr auto kBackoffMin = 50ms;
constexpr auto kBackoffMax = 2000ms;
constexpr auto kSteadyAfter = 10s; // a server that lived so long was healthy
constexpr auto kEndDeadline = 2s;
constexpr qsizetype kMaxLogLine = 4096;
constexpr const char *kSocketName = "redis.sock";

/// Runs in the child between fork and exec: async-signal-safe calls only.
void prepareChild(pid_t parent)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none,
                nullptr); // the host may have blocked what it reads from a signalfd
    setsid(); // Ctrl-C in the host's terminal is for the host, which still needs Redis while it
              // stops
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) // the host has died before prctl()
        _exit(1);
}

/// Nobody listens behind this socket any more.
bool isAbandoned(const QString &socketPath)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const QByteArray path = socketPath.toLocal8Bit();
    if (path.size() >= qsizetype(sizeof(address.sun_path)))
        return false;
    memcpy(address.sun_path, path.constData(), size_t(path.size()));
    const int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0)
        return false;
    const int result =
        ::connect(descriptor, reinterpret_cast<const sockaddr *>(&address), sizeof(address));
    const bool isRefused = result < 0 && errno == ECONNREFUSED;
    close(descriptor);
    return isRefused;
}

/// A host that was killed could not clean up. Only what this class makes is removed, and only when
/// it is ours.
void removeAbandoned(const QString &parent)
{
    const QDir directory(parent);
    const auto candidates = directory.entryInfoList(
        {QStringLiteral("rollcall-??????")}, QDir::Dirs | QDir::NoSymLinks | QDir::NoDotAndDotDot);
    // A server that is starting has no listener yet, but a fresh directory.
    const QDateTime old = QDateTime::currentDateTime().addSecs(-60);
    for (const QFileInfo &candidate : candidates) {
        const QString socketPath =
            candidate.filePath() + QLatin1Char('/') + QLatin1String(kSocketName);
        if (candidate.ownerId() != getuid() || candidate.lastModified() > old
            || !isAbandoned(socketPath))
            continue;
        QFile::remove(socketPath);
        directory.rmdir(candidate.fileName()); // fails when there is anything else in it
    }
}

} // namespace

EmbeddedRedis::EmbeddedRedis(const QString &binary, Clock &clock, QObject *parent)
    : QObject(parent)
    , m_binary(binary)
    , m_clock(clock)
    , m_launchTimer(clock.createTimer([this] { launch(); }))
    , m_killTimer(clock.createTimer([this] { m_process.kill(); }))
{
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    m_process.setStandardInputFile(QProcess::nullDevice());
    connect(&m_process, &QProcess::readyRead, this, &EmbeddedRedis::readOutput);
    connect(&m_process, &QProcess::finished, this, [this](int code, QProcess::ExitStatus status) {
        readOutput();
        handleEnd(status == QProcess::CrashExit ? QStringLiteral("killed by a signal")
                                                : QStringLiteral("ended with code %1: %2")
                                                      .arg(code)
                                                      .arg(QString::fromUtf8(m_lastLine)));
    });
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            handleEnd(m_process.errorString());
    });
}

EmbeddedRedis::~EmbeddedRedis()
{
    m_isStopping = true;
    m_process.disconnect(this);
    if (m_process.state() == QProcess::NotRunning)
        return;
    // Without persistence there is nothing to save: SIGKILL, which also ends a stopped server at
    // once.
    m_process.kill();
    m_process.waitForFinished(1000);
}

Result<void> EmbeddedRedis::start()
{
    m_program = QStandardPaths::findExecutable(m_binary);
    if (m_program.isEmpty()) {
        return Error{ErrorCode::Configuration,
                     QStringLiteral("no program '%1' (redis.serverBinary)").arg(m_binary),
                     {}};
    }
    if (const auto created = createDirectory(); !created)
        return created;
    m_isStopping = false;
    launch();
    return {};
}

Result<void> EmbeddedRedis::createDirectory()
{
    const QString runtime = qEnvironmentVariable("XDG_RUNTIME_DIR");
    QString why;
    for (const QString &parent : {runtime, QDir::tempPath()}) {
        if (parent.isEmpty() || !QFileInfo(parent).isDir())
            continue;
        removeAbandoned(parent);
        // QTemporaryDir makes it 0700 and removes it at the end.
        auto directory =
            std::make_unique<QTemporaryDir>(parent + QStringLiteral("/rollcall-XXXXXX"));
        if (!directory->isValid()) {
            why = directory->errorString();
            continue;
        }
        const QString path = directory->filePath(QLatin1String(kSocketName));
        if (const auto fits = RedisOptions::checkUnixPath(path); !fits) {
            why = fits.error().logText;
            continue;
        }
        m_directory = std::move(directory);
        m_socketPath = path;
        return {};
    }
    return Error{ErrorCode::Configuration,
                 QStringLiteral("no directory for the socket of the embedded Redis: %1").arg(why),
                 {}};
}

void EmbeddedRedis::launch()
{
    if (m_isStopping || m_process.state() != QProcess::NotRunning)
        return;
    m_lastLine.clear();
    m_launched = m_clock.now();
    m_process.setChildProcessModifier([parent = getpid()] { prepareChild(parent); });
    m_process.start(m_program,
                    {
                        QStringLiteral("--port"),
                        QStringLiteral("0"),
                        QStringLiteral("--unixsocket"),
                        m_socketPath,
                        QStringLiteral("--unixsocketperm"),
                        QStringLiteral("700"),
                        QStringLiteral("--dir"),
                        m_directory->path(),
                        QStringLiteral("--save"),
                        QString(),
                        QStringLiteral("--appendonly"),
                        QStringLiteral("no"),
                        QStringLiteral("--daemonize"),
                        QStringLiteral("no"),
                        QStringLiteral("--maxmemory-policy"),
                        QStringLiteral("noeviction"),
                        QStringLiteral("--notify-keyspace-events"),
                        QStringLiteral("Ex"),
                        QStringLiteral("--loglevel"),
                        QStringLiteral("warning"),
                    });
}

void EmbeddedRedis::stop()
{
    m_isStopping = true;
    m_launchTimer->stop();
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.terminate();
    m_killTimer->startOnce(kEndDeadline);
}

void EmbeddedRedis::handleEnd(const QString &reason)
{
    m_killTimer->stop();
    if (m_isStopping)
        return;
    if (m_clock.now() - m_launched > kSteadyAfter)
        m_backoff = 0ms;
    m_backoff = std::clamp(m_backoff * 2, std::chrono::milliseconds(kBackoffMin),
                           std::chrono::milliseconds(kBackoffMax));
    ++m_restarts;
    qCWarning(lcRedis).noquote()
        << QStringLiteral("redis: the embedded server is gone (%1); starting it again in %2 ms")
               .arg(reason)
               .arg(m_backoff.count());
    m_launchTimer->startOnce(m_backoff);
    Q_EMIT died(reason);
}

void EmbeddedRedis::readOutput()
{
    while (m_process.canReadLine() || m_process.bytesAvailable() > kMaxLogLine) {
        const QByteArray line = m_process.readLine(kMaxLogLine).trimmed();
        if (line.isEmpty())
            continue;
        m_lastLine = line;
        qCDebug(lcRedis).noquote() << "redis-server:" << line;
    }
}

} // namespace Rollcall
