// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/services/presenceservice.h"

#include <QPointer>
#include <QSet>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

namespace Rollcall {

/// A PresenceService of one node in RAM, without time: nothing expires, nothing is in grace. What
/// it was told and what it answers about the other nodes are public.
class FakePresenceService : public PresenceService
{
public:
    struct Relayed
    {
        RoomId room;
        QByteArray payload;
    };
    struct Ended
    {
        ConnectionId connection;
        LeaveReason reason;
    };

    using PresenceService::PresenceService;

    bool fresh = true;
    qint64 asOf = 1'800'000'000'000;
    bool connectionLiveness = false;
    bool holdsJoins = false; ///< join()'s callback waits for finishJoins()
    LivenessTimes livenessTimes{std::chrono::seconds(25), std::chrono::seconds(75),
                                std::chrono::seconds(15)};
    std::vector<Relayed> relayed;
    std::vector<Ended> ended;
    std::vector<std::pair<ConnectionId, RoomId>> touched;

    void join(const MembershipRequest &request, QObject *context, JoinCallback done) override
    {
        Room &room = m_rooms[request.room];
        room.kind = request.kind;
        const bool isFirst = !room.contains(request.member.user);
        room.local[request.connection] = request.member;
        if (isFirst)
            announceJoin(request.room, request.member);
        auto finish = [this, id = request.room, context = QPointer<QObject>(context), done] {
            if (context && done)
                done(snapshot(id));
        };
        if (holdsJoins)
            m_heldJoins.push_back(finish);
        else
            finish();
    }
    void leave(ConnectionId connection, const RoomId &room, LeaveReason reason) override
    {
        removeLocal(connection, room, reason);
    }
    void connectionEnded(ConnectionId connection, LeaveReason reason) override
    {
        ended.push_back({connection, reason});
        std::vector<RoomId> rooms;
        for (const auto &[id, room] : m_rooms) {
            if (room.local.contains(connection))
                rooms.push_back(id);
        }
        for (const RoomId &room : rooms)
            removeLocal(connection, room, reason);
    }
    void evict(const RoomId &room, const UserId &user, LeaveReason reason) override
    {
        std::vector<ConnectionId> connections;
        for (const auto &[connection, member] : m_rooms[room].local) {
            if (member.user == user)
                connections.push_back(connection);
        }
        for (const ConnectionId connection : connections)
            expire(connection, room, reason);
        removeRemote(room, user, reason);
    }

    bool isMember(ConnectionId connection, const RoomId &room) const override
    {
        const auto it = m_rooms.find(room);
        return it != m_rooms.end() && it->second.local.contains(connection);
    }
    RoomSnapshot snapshot(const RoomId &id) const override
    {
        RoomSnapshot snapshot{id, 0, {}, !fresh, asOf};
        if (const auto it = m_rooms.find(id); it != m_rooms.end())
            snapshot.members = it->second.members();
        snapshot.users = int(snapshot.members.size());
        return snapshot;
    }
    int occupancy(const RoomId &room) const override
    {
        const auto it = m_rooms.find(room);
        return it == m_rooms.end() ? 0 : int(it->second.members().size());
    }
    bool containsUser(const RoomId &room, const UserId &user) const override
    {
        const auto it = m_rooms.find(room);
        return it != m_rooms.end() && it->second.contains(user);
    }
    std::vector<RoomOccupancy> occupancies() const override
    {
        std::vector<RoomOccupancy> all;
        for (const auto &[id, room] : m_rooms) {
            if (const int users = int(room.members().size()); users > 0)
                all.push_back({id, room.kind, users, int(room.local.size())});
        }
        return all;
    }

    /// What inspect() and purge() answer; the statuses of those who are in no room.
    Result<PresenceInspection> inspection = PresenceInspection();
    Result<PurgeReport> purged = PurgeReport();
    std::map<UserId, UserStatus> statuses;

    void fetchSnapshot(const RoomId &room, QObject *context, JoinCallback done) override
    {
        if (context)
            done(snapshot(room));
    }
    void fetchStatuses(const std::vector<UserId> &users, QObject *context,
                       StatusesCallback done) override
    {
        UserStatuses answer{.users = {}, .stale = !fresh, .asOfMs = asOf};
        for (const UserId &user : users) {
            UserStatus status{.user = user};
            if (const auto it = statuses.find(user); it != statuses.end())
                status = it->second;
            for (const auto &[id, room] : m_rooms)
                status.isOnline = status.isOnline || room.contains(user);
            answer.users.push_back(status);
        }
        if (context)
            done(answer);
    }
    std::vector<OpenNode> nodes; ///< what openNodes() says, of every room
    std::optional<OpenNode> home; ///< what findHome() says
    bool holdsHomes = false; ///< findHome()'s callback waits for finishHomes()
    bool draining = false;

    std::vector<OpenNode> openNodes(const RoomId &) const override { return nodes; }
    void findHome(const RoomId &room, QObject *context, HomeCallback done) override
    {
        homesAsked.push_back(room);
        auto finish = [this, context = QPointer<QObject>(context), done] {
            if (context)
                done(home ? &*home : nullptr);
        };
        if (holdsHomes)
            m_heldHomes.push_back(finish);
        else
            finish();
    }
    void finishHomes()
    {
        for (const auto &finish : std::exchange(m_heldHomes, {}))
            finish();
    }
    std::vector<RoomId> homesAsked;
    void beginDraining() override { draining = true; }
    bool isDraining() const override { return draining; }
    void inspect(const PresenceSubject &, QObject *, InspectionCallback done) override
    {
        done(inspection);
    }
    void purge(const PresenceSubject &, QObject *, PurgeCallback done) override { done(purged); }

    bool isFresh() const override { return fresh; }
    qint64 asOfMs() const override { return asOf; }
    LivenessTimes times(Dialect) const override { return livenessTimes; }
    bool livenessIsConnection() const override { return connectionLiveness; }

    bool hasRemoteMembers(const RoomId &room) const override
    {
        const auto it = m_rooms.find(room);
        return it != m_rooms.end() && !it->second.remote.empty();
    }
    void relay(const RoomId &room, const QByteArray &payload) override
    {
        if (hasRemoteMembers(room))
            relayed.push_back({room, payload});
    }
    void touch(ConnectionId connection, const RoomId &room) override
    {
        touched.emplace_back(connection, room);
    }
    void setState(ConnectionId connection, const RoomId &room, MemberState state) override
    {
        if (!isMember(connection, room))
            return;
        Member &member = m_rooms[room].local[connection];
        member.state = state;
        Q_EMIT
        memberUpdated(room, member);
    }

    /// Someone joins through another node.
    void joinRemote(const RoomId &id, const Member &member, RoomKind kind = RoomKind::Room)
    {
        Room &room = m_rooms[id];
        room.kind = kind;
        const bool isFirst = !room.contains(member.user);
        room.remote[member.user] = member;
        if (isFirst)
            announceJoin(id, member);
    }
    void removeRemote(const RoomId &id, const UserId &user, LeaveReason reason = LeaveReason::Left)
    {
        Room &room = m_rooms[id];
        if (room.remote.erase(user) > 0 && !room.contains(user))
            announceLeave(id, user, reason);
    }
    /// The membership ends by itself: TTL or evict().
    void expire(ConnectionId connection, const RoomId &room,
                LeaveReason reason = LeaveReason::Expired)
    {
        if (!isMember(connection, room))
            return;
        removeLocal(connection, room, reason);
        Q_EMIT
        membershipEnded(connection, room, reason);
    }
    void finishJoins()
    {
        for (const auto &finish : std::exchange(m_heldJoins, {}))
            finish();
    }
    /// Fills the room with `count` members of another node, "filler-0" and so on.
    void fill(const RoomId &room, int count, RoomKind kind = RoomKind::Room)
    {
        for (int i = 0; i < count; ++i) {
            Member member;
            member.user = UserId("filler-" + QByteArray::number(i));
            member.displayName = "Filler";
            joinRemote(room, member, kind);
        }
    }

private:
    struct Room
    {
        RoomKind kind = RoomKind::Room;
        std::map<ConnectionId, Member> local;
        std::map<UserId, Member> remote;

        bool contains(const UserId &user) const
        {
            return remote.contains(user)
                || std::any_of(local.begin(), local.end(),
                               [&user](const auto &entry) { return entry.second.user == user; });
        }
        std::vector<Member> members() const
        {
            std::map<UserId, Member> users = remote;
            for (const auto &[connection, member] : local)
                users.insert_or_assign(member.user, member);
            std::vector<Member> list;
            for (const auto &[user, member] : users)
                list.push_back(member);
            return list;
        }
    };

    void removeLocal(ConnectionId connection, const RoomId &id, LeaveReason reason)
    {
        if (!isMember(connection, id))
            return;
        Room &room = m_rooms[id];
        const UserId user = room.local[connection].user;
        room.local.erase(connection);
        if (!room.contains(user))
            announceLeave(id, user, reason);
    }
    void announceJoin(const RoomId &room, const Member &member)
    {
        Q_EMIT
        memberJoined(room, member);
        Q_EMIT
        occupancyChanged(room, occupancy(room));
    }
    void announceLeave(const RoomId &room, const UserId &user, LeaveReason reason)
    {
        Q_EMIT
        memberLeft(room, user, reason);
        Q_EMIT
        occupancyChanged(room, occupancy(room));
    }

    std::map<RoomId, Room> m_rooms;
    std::vector<std::function<void()>> m_heldJoins;
    std::vector<std::function<void()>> m_heldHomes;
};

} // namespace Rollcall
