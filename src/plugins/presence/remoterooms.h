// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "plugins/presence/presencestore.h"

#include <QVarLengthArray>

#include <functional>
#include <unordered_map>
#include <vector>

namespace Rollcall::Presence {

/// What this node knows of the others: who else is in the rooms it watches, and how many people are
/// in all rooms.
///
/// A room is watched while this node holds a member of it. It is told which users are held here
/// too, so that nobody is counted twice.
class RemoteRooms
{
public:
    using IsLocal = std::function<bool(const UserId &)>;

    /// Until it is loaded, the room's last known count stands for its members.
    void watch(const RoomId &room);
    void unwatch(const RoomId &room);
    bool isLoaded(const RoomId &room) const;
    /// Every watched room must be loaded again; what is known of it stays.
    std::vector<RoomId> watched() const;

    /// Replaces what is known of the room, but for what unsettled nodes hold. True if that changed
    /// anything.
    bool load(const RoomId &room, const RoomMembers &members, const IsLocal &isLocal);
    enum class Taken {
        First, ///< no other node held the user
        Changed, ///< one did, and the member now looks different
        Known,
    };
    Taken take(const RoomId &room, const NodeId &node, const Member &member, bool isLocal);
    /// True if the member now looks different.
    bool update(const RoomId &room, const NodeId &node, const Member &member);
    /// True if no other node holds the user any more.
    bool release(const RoomId &room, const NodeId &node, const UserId &user);
    /// The user came to be held here, or is not any more.
    void setLocal(const RoomId &room, const UserId &user, bool isLocal);

    bool contains(const RoomId &room, const UserId &user) const;
    bool hasMembers(const RoomId &room) const;
    /// Members that only other nodes hold, each once.
    std::vector<Member> membersElsewhere(const RoomId &room) const;
    int countElsewhere(const RoomId &room) const;
    /// Of a loaded room: how many distinct users the node holds.
    int countOf(const RoomId &room, const NodeId &node) const;

    /// Distinct users of a room that is not watched. `sequence` orders what is set against what is
    /// known.
    bool setCount(const RoomId &room, int users, quint64 sequence);
    /// All rooms there are, as known at `sequence`: what changed after it stays. Returns the rooms
    /// that changed.
    std::vector<RoomId> setCounts(const std::vector<std::pair<RoomId, int>> &counts,
                                  quint64 sequence);
    int count(const RoomId &room) const;
    template <typename Visitor>
    void forEachCount(Visitor visit) const
    {
        for (const auto &[room, count] : m_counts) {
            if (count.users > 0)
                visit(room, count.users);
        }
    }

private:
    struct RemoteSeat
    {
        Member member;
        QVarLengthArray<NodeId, 1> nodes;
        bool isLocal = false;
    };
    struct Room
    {
        std::unordered_map<UserId, RemoteSeat> seats;
        QVarLengthArray<std::pair<NodeId, int>, 2> holders; ///< users of each node
        int shared = 0; ///< seats that are held here too

        void count(const NodeId &node, int change);
        int estimate = 0; ///< until loaded
        bool isLoaded = false;
    };
    struct Count
    {
        int users = 0;
        quint64 sequence = 0;
    };
    const Room *find(const RoomId &room) const;
    Room *find(const RoomId &room);

    std::unordered_map<RoomId, Room> m_rooms;
    std::unordered_map<RoomId, Count> m_counts; // of rooms that are not watched
};

} // namespace Rollcall::Presence
