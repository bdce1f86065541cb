// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "plugins/presence/presencestore.h"
#include "plugins/presence/roomevent.h"
#include "plugins/presence/storecontext.h"

#include <unordered_map>

namespace Rollcall::Presence {

/// The channels room:<r>:events of the rooms this node watches: subscribing, loading what other
/// nodes hold without missing or repeating an event, and what this node has to say.
///
/// MEMBERS publishes a mark on the channel. Events before the mark are part of its answer, events
/// after it are newer: they are kept back until the answer is here.
class RoomChannels final : public QObject
{
    Q_OBJECT
public:
    explicit RoomChannels(StoreContext &context, QObject *parent = nullptr);

    void watch(const RoomId &room);
    void unwatch(const RoomId &room);
    /// Runs the action when the channel is subscribed, at once if it is. Not if the room is
    /// unwatched before, or the connection is lost.
    void whenSubscribed(const RoomId &room, std::function<void()> action);

    void reload(const RoomId &room);
    void reloadAll();
    /// Loads again what failed or got no answer.
    void retry();
    bool isLoading() const;

    void publish(const RoomId &room, const QByteArray &payload);
    /// Sends what publish() has collected: before a join or a leave of the room.
    void flush(const RoomId &room);
    void evict(const RoomId &room, const UserId &user, LeaveReason reason);

    /// Every channel is subscribed again.
    void handleUp();
    void handleDown();

Q_SIGNALS:
    /// Of another node.
    void eventReceived(const Rollcall::RoomId &room, const Rollcall::Presence::RoomEvent &event);
    void loaded(const Rollcall::RoomId &room,
                const std::vector<Rollcall::Presence::HeldMember> &members);
    /// A message of another node got lost.
    void eventsMissed(const Rollcall::RoomId &room);
    /// Another node took this one for dead.
    void ownNodeReaped();

private:
    struct Room
    {
        quint64 subscription = 0;
        bool isSubscribed = false;
        bool hasLoaded = false;
        bool mustLoad = false;
        std::vector<std::function<void()>> held; // until subscribed
        quint64 loading = 0; // the mark; 0: not loading
        Clock::SteadyTime loadingSince;
        bool isMarkSeen = false;
        std::optional<std::vector<HeldMember>> answer;
        std::vector<RoomEvent> later; // after the mark, while there is no answer
        QHash<NodeId, quint64> sequences; // of the last relay of each node
        std::vector<QByteArray> outgoing;
        quint64 sentSequence = 0;
    };

    Room *find(const RoomId &room);
    void handleSubscribed(const RoomId &id, Room &room);
    void handleMembers(const RoomId &id, quint64 mark, const RedisReply &reply);
    void finishLoad(const RoomId &id, Room &room);
    void handleMessage(const RoomId &id, const QByteArray &message);
    void deliver(const RoomId &id, const RoomEvent &event);
    void checkSequence(const RoomId &id, const RoomEvent &event);
    void flushAll();

    StoreContext &m_context;
    std::unordered_map<RoomId, Room> m_rooms;
    std::vector<RoomId> m_outgoing; // rooms with something to send
    quint64 m_lastNumber = 0; // of subscriptions and marks
};

} // namespace Rollcall::Presence
