// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/clock.h"
#include "core/base/export.h"
#include "core/base/result.h"

#include <QObject>
#include <QProcess>
#include <QTemporaryDir>

#include <chrono>
#include <memory>

namespace Rollcall {

/// A redis-server of our own: a child on a unix socket in a private directory, without persistence.
///
/// A server that dies is started again with backoff, on the same path. It ends with this object,
/// with the host, and with the thread that called start() (PDEATHSIG follows threads): call it on
/// the main thread.
class ROLLCALL_CORE_EXPORT EmbeddedRedis : public QObject
{
    Q_OBJECT
public:
    EmbeddedRedis(const QString &binary, Clock &clock, QObject *parent = nullptr);
    /// Kills the server and removes the directory.
    ~EmbeddedRedis() override;

    /// Error: no such binary, or no directory. The server may take some milliseconds until it
    /// answers.
    Result<void> start();
    /// Asks the server to end; it is killed when it does not.
    void stop();

    /// Valid after start(); ends in ".sock".
    QString socketPath() const { return m_socketPath; }
    /// 0 while it is not running.
    qint64 processId() const { return m_process.processId(); }
    quint64 restarts() const { return m_restarts; }

Q_SIGNALS:
    /// The server died without being asked, and will be started again.
    void died(const QString &reason);

private:
    Result<void> createDirectory();
    void launch();
    void handleEnd(const QString &reason);
    void readOutput();

    const QString m_binary;
    Clock &m_clock;
    QString m_program; // absolute
    QString m_socketPath;
    std::unique_ptr<QTemporaryDir> m_directory;
    QProcess m_process;
    QByteArray m_lastLine; // of its log: why it died
    bool m_isStopping = true;
    quint64 m_restarts = 0;
    std::chrono::milliseconds m_backoff{0};
    Clock::SteadyTime m_launched;
    std::unique_ptr<ClockTimer> m_launchTimer;
    std::unique_ptr<ClockTimer> m_killTimer;
};

} // namespace Rollcall
