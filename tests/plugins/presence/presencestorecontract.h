// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "heldseats.h"

#include <QObject>

#include <memory>

namespace Rollcall::Presence {

/// What every PresenceStore keeps. A test class of a store derives from it and says how a node gets
/// one.
class PresenceStoreContract : public QObject
{
    Q_OBJECT
protected:
    struct Node
    {
        explicit Node(NodeId nodeId, Clock &clock)
            : id(std::move(nodeId))
            , held(clock)
        { }
        NodeId id;
        HeldSeats held;
        std::unique_ptr<QObject> host; ///< what the store needs; dies after it
        std::unique_ptr<PresenceStore> store;
        QByteArray log;
        std::map<RoomId, RoomMembers> loaded;
        std::map<RoomId, int> counts;
    };
    /// A started store of a new node that meets those of the other nodes of this test, reachable.
    virtual std::unique_ptr<Node> makeNode(const QByteArray &id) = 0;
    static void listen(Node &node);

    /// Both run until the store has answered.
    static SeatChange join(Node &node, const RoomId &room, const UserId &user,
                           const QByteArray &name = {});
    static SeatChange leave(Node &node, const RoomId &room, const UserId &user,
                            LeaveReason reason = LeaveReason::Left);
    static void watch(Node &node, const RoomId &room);
    static std::map<RoomId, int> occupancies(Node &node);

private Q_SLOTS:
    void joinTellsWhoIsFirst();
    void repeatedCallsChangeNothing();
    void userOnTwoNodesCountsOnce();
    void userIsOnlineWhileAnyNodeHoldsThem();
    void roomIsLoadedWithWhatOthersHold();
    void watchersSeeChangesOfOthersInOrder();
    void nobodySeesWhatTheyDoNotWatch();
    void payloadsKeepTheirOrderAmongJoinsAndLeaves();
    void evictionReachesTheOthers();
    void strangeIdsAndNamesSurvive();
    void everybodyWhoIsOnlineIsKnownWhoeverHoldsThem();
    void nodeHearsOfItsOwnUsersAsOthersDo();
    void graceIsToldToNobodyAndBringsNobodyBack();
};

} // namespace Rollcall::Presence
