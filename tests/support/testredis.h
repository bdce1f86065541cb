// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/redis/redisoptions.h"
#include "core/redis/redisreply.h"

#include <QProcess>
#include <QStringList>
#include <QTemporaryDir>

namespace Rollcall {

/// A redis-server of a test's own, on a unix socket in a temporary directory. Ends with this
/// object.
///
/// Blocks until the server does what it is told: for tests only. A failure is a qFatal.
class TestRedis
{
public:
    /// `arguments` are appended to the command line, as {"--requirepass", "x"}.
    explicit TestRedis(const QStringList &arguments = {});
    ~TestRedis();

    RedisOptions options() const;
    QString socketPath() const;
    /// "unix:///..."
    QString url() const;
    qint64 processId() const { return m_process.processId(); }

    /// SIGKILL.
    void kill();
    /// SIGSTOP: accepts connections, answers nothing.
    void stop();
    void resume();
    enum class Data { Kept, Lost };
    /// Kills it if it runs. Kept: the data is saved first, so the server must be answering or
    /// killed by saveAndKill().
    void restart(Data data);
    /// As a crash whose data survives: SAVE, then SIGKILL.
    void saveAndKill();

    /// Runs a command on a connection of its own.
    RedisReply command(const QByteArrayList &arguments);
    /// For servers with a password: used by command().
    void setPassword(const QByteArray &password) { m_password = password; }

private:
    void launch();
    bool answers();

    QTemporaryDir m_directory;
    QStringList m_arguments;
    QByteArray m_password;
    QProcess m_process;
};

} // namespace Rollcall
