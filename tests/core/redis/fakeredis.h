// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/redis/redisoptions.h"

#include <QByteArrayList>
#include <QLocalServer>
#include <QObject>
#include <QTemporaryDir>

#include <functional>
#include <map>
#include <optional>
#include <set>

class QLocalSocket;

namespace Rollcall {

/// A server that says what a test tells it to say, on a unix socket.
class FakeRedis : public QObject
{
    Q_OBJECT
public:
    /// The bytes to answer a command with; nullopt: as a real server would.
    using Script = std::function<std::optional<QByteArray>(const QByteArrayList &command)>;

    explicit FakeRedis(Script script = {});
    ~FakeRedis() override;

    RedisOptions options() const;
    void setScript(Script script) { m_script = std::move(script); }
    /// Accepts, reads, says nothing.
    void setSilent(bool isSilent) { m_isSilent = isSilent; }
    /// To every connection, unasked.
    void say(const QByteArray &bytes);
    /// To those that have subscribed to something.
    void sayToSubscribers(const QByteArray &bytes);
    void closeConnections();

    int accepted() const { return m_accepted; }
    const QList<QByteArrayList> &commands() const { return m_commands; }
    int count(const QByteArray &command) const;

    static QByteArray array(const QByteArrayList &elements);

private:
    void handleConnection();
    void handleBytes(QLocalSocket *socket);
    QByteArray answer(const QByteArrayList &command) const;

    QTemporaryDir m_directory;
    QLocalServer m_server;
    Script m_script;
    bool m_isSilent = false;
    int m_accepted = 0;
    std::map<QLocalSocket *, QByteArray> m_received;
    std::set<QLocalSocket *> m_subscribers;
    QList<QByteArrayList> m_commands;
};

} // namespace Rollcall
