// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "enginenode.h"

#include <QSemaphore>
#include <QThread>

#include <atomic>
#include <map>
#include <set>

namespace Rollcall::Presence {

/// A node in a thread of its own, as a process: it can stand still while the others go on, and end
/// without a word. What it is told to do waits in its queue, as frames in a socket do.
class ModelNode
{
public:
    using Names = std::set<QByteArray>;
    using Action = std::function<void(EngineNode &)>;

    ModelNode(const TestRedis &redis, Clock &clock, const QByteArray &name,
              const PresenceConfig &config)
        : m_name(name)
    {
        m_anchor.moveToThread(&m_thread);
        m_thread.start();
        callAnchor([&] {
            m_node = std::make_unique<EngineNode>(redis, clock, name, config);
            follow();
        });
    }
    /// A crash: what is still in the queue is not done any more.
    ~ModelNode()
    {
        m_isEnding = true;
        resume();
        callAnchor([this] { m_node.reset(); });
        m_thread.quit();
        m_thread.wait();
    }

    const QByteArray &name() const { return m_name; }
    bool isPaused() const { return m_isPaused; }

    void post(Action action)
    {
        QMetaObject::invokeMethod(
            &m_anchor,
            [this, action = std::move(action)] {
                if (!m_isEnding)
                    action(*m_node);
            },
            Qt::QueuedConnection);
    }
    /// Waits until the node has done it and all before.
    void call(const Action &action)
    {
        callAnchor([&] { action(*m_node); });
    }
    /// From here on it does nothing at all, like a process under SIGSTOP.
    void pause()
    {
        m_isPaused = true;
        post([this](EngineNode &) { m_gate.acquire(); });
    }
    void resume()
    {
        if (std::exchange(m_isPaused, false))
            m_gate.release();
    }
    /// Runs `answered` when Redis has answered everything that the node has said so far.
    void afterReplies(std::function<void()> answered)
    {
        post([this, answered = std::move(answered)](EngineNode &node) {
            node.host.hub.client()->command({"PING"}, &m_anchor,
                                            [answered](const RedisReply &) { answered(); });
        });
    }

    /// Who is in the room according to what was announced, one event at a time, by room. In the
    /// node's thread.
    const std::map<QByteArray, Names> &announced() const { return m_announced; }
    /// Who is online, the same way.
    const Names &online() const { return m_online; }
    void show(const RoomSnapshot &snapshot)
    {
        Names &names = m_announced[snapshot.room.value()];
        names.clear();
        for (const Member &member : snapshot.members)
            names.insert(member.user.value());
    }

private:
    template <typename Function>
    void callAnchor(const Function &function)
    {
        QMetaObject::invokeMethod(&m_anchor, function, Qt::BlockingQueuedConnection);
    }
    void follow()
    {
        PresenceEngine *engine = &m_node->engine;
        QObject::connect(engine, &PresenceService::memberJoined, engine,
                         [this](const RoomId &room, const Member &member) {
                             m_announced[room.value()].insert(member.user.value());
                         });
        QObject::connect(engine, &PresenceService::memberLeft, engine,
                         [this](const RoomId &room, const UserId &user) {
                             m_announced[room.value()].erase(user.value());
                         });
        QObject::connect(engine, &PresenceService::userOnline, engine,
                         [this](const UserId &user) { m_online.insert(user.value()); });
        QObject::connect(engine, &PresenceService::userOffline, engine,
                         [this](const UserId &user) { m_online.erase(user.value()); });
        QObject::connect(engine, &PresenceService::roomResynchronized, engine,
                         [this, engine](const RoomId &room) { show(engine->snapshot(room)); });
    }

    QByteArray m_name;
    QThread m_thread;
    QObject m_anchor; // lives in the thread
    QSemaphore m_gate;
    std::atomic<bool> m_isEnding = false;
    bool m_isPaused = false;
    std::unique_ptr<EngineNode> m_node; // of the thread
    std::map<QByteArray, Names> m_announced; // of the thread
    Names m_online; // of the thread
};

} // namespace Rollcall::Presence
