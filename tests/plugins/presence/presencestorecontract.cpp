// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "presencestorecontract.h"

#include <QTest>

namespace Rollcall::Presence {

namespace {

const RoomId kRoom("lobby");
const RoomId kOther("/a/b");
const UserId kAlice("alice");
const UserId kBob("bob");

} // namespace

void PresenceStoreContract::listen(Node &node)
{
    PresenceStore *store = node.store.get();
    QObject::connect(
        store, &PresenceStore::roomLoaded, store,
        [&node](const RoomId &room, const RoomMembers &members) { node.loaded[room] = members; });
    QObject::connect(store, &PresenceStore::seatTaken, store,
                     [&node](const RoomId &room, const NodeId &from, const Member &member) {
                         node.log += '+' + from.value() + '/' + room.value() + '/'
                             + member.user.value() + ' ';
                     });
    QObject::connect(store, &PresenceStore::seatUpdated, store,
                     [&node](const RoomId &, const NodeId &from, const Member &member) {
                         node.log += '~' + from.value() + '/' + member.displayName + ' ';
                     });
    QObject::connect(
        store, &PresenceStore::seatReleased, store,
        [&node](const RoomId &room, const NodeId &from, const UserId &user, LeaveReason reason) {
            node.log += '-' + from.value() + '/' + room.value() + '/' + user.value() + ':'
                + leaveReasonName(reason).toByteArray() + ' ';
        });
    QObject::connect(store, &PresenceStore::payloadReceived, store,
                     [&node](const RoomId &, const NodeId &, const QByteArray &payload) {
                         node.log += '"' + payload + "\" ";
                     });
    QObject::connect(store, &PresenceStore::evictionRequested, store,
                     [&node](const RoomId &, const UserId &user, LeaveReason reason) {
                         node.log += "evict:" + user.value() + ':'
                             + leaveReasonName(reason).toByteArray() + ' ';
                     });
    QObject::connect(store, &PresenceStore::userStatusReported, store,
                     [&node](const UserId &user, bool isOnline) {
                         node.log += (isOnline ? "on:" : "off:") + user.value() + ' ';
                     });
    QObject::connect(store, &PresenceStore::occupancyReported, store,
                     [&node](const RoomId &room, int users) { node.counts[room] = users; });
}

SeatChange PresenceStoreContract::join(Node &node, const RoomId &room, const UserId &user,
                                       const QByteArray &name)
{
    std::optional<SeatChange> answer;
    node.store->join(node.held.hold(room, user, name),
                     [&](const Result<SeatChange> &change) { answer = *change; });
    [&] { QTRY_VERIFY_WITH_TIMEOUT(answer.has_value(), 5000); }();
    return answer.value_or(SeatChange{});
}

SeatChange PresenceStoreContract::leave(Node &node, const RoomId &room, const UserId &user,
                                        LeaveReason reason)
{
    std::optional<SeatChange> answer;
    node.held.drop(room, user);
    node.store->leave(room, user, reason,
                      [&](const Result<SeatChange> &change) { answer = *change; });
    [&] { QTRY_VERIFY_WITH_TIMEOUT(answer.has_value(), 5000); }();
    return answer.value_or(SeatChange{});
}

void PresenceStoreContract::watch(Node &node, const RoomId &room)
{
    node.store->watch(room);
    [&] { QTRY_VERIFY_WITH_TIMEOUT(node.loaded.contains(room), 5000); }();
}

std::map<RoomId, int> PresenceStoreContract::occupancies(Node &node)
{
    std::optional<std::map<RoomId, int>> answer;
    node.store->fetchOccupancies([&](const Result<std::vector<std::pair<RoomId, int>>> &counts) {
        answer.emplace(counts->begin(), counts->end());
    });
    [&] { QTRY_VERIFY_WITH_TIMEOUT(answer.has_value(), 5000); }();
    return answer.value_or(std::map<RoomId, int>());
}

void PresenceStoreContract::joinTellsWhoIsFirst()
{
    const auto one = makeNode("one.1");
    watch(*one, kRoom);
    SeatChange change = join(*one, kRoom, kAlice);
    QVERIFY(change.isFirstOrLast);
    QVERIFY(change.userChanged);
    QCOMPARE(change.users, 1);
    change = join(*one, kRoom, kBob);
    QVERIFY(change.isFirstOrLast);
    QCOMPARE(change.users, 2);
    change = leave(*one, kRoom, kAlice);
    QVERIFY(change.isFirstOrLast);
    QVERIFY(change.userChanged);
    QCOMPARE(change.users, 1);
    QCOMPARE(occupancies(*one), (std::map<RoomId, int>{{kRoom, 1}}));
    leave(*one, kRoom, kBob);
    QCOMPARE(occupancies(*one), (std::map<RoomId, int>()));
}

void PresenceStoreContract::repeatedCallsChangeNothing()
{
    const auto one = makeNode("one.1");
    watch(*one, kRoom);
    join(*one, kRoom, kAlice);
    SeatChange change = join(*one, kRoom, kAlice, "Alice");
    QVERIFY(!change.isFirstOrLast);
    QVERIFY(!change.userChanged);
    QCOMPARE(change.users, 1);
    leave(*one, kRoom, kAlice);
    change = leave(*one, kRoom, kAlice);
    QVERIFY(!change.isFirstOrLast);
    QVERIFY(!change.userChanged);
    QCOMPARE(change.users, 0);
    change = leave(*one, RoomId("never"), UserId("nobody"));
    QVERIFY(!change.isFirstOrLast);
    QVERIFY(occupancies(*one).empty());
}

void PresenceStoreContract::userOnTwoNodesCountsOnce()
{
    const auto one = makeNode("one.1");
    const auto two = makeNode("two.1");
    watch(*one, kRoom);
    watch(*two, kRoom);
    join(*one, kRoom, kAlice);
    SeatChange change = join(*two, kRoom, kAlice);
    QVERIFY(!change.isFirstOrLast);
    QCOMPARE(change.users, 1);
    change = leave(*one, kRoom, kAlice);
    QVERIFY(!change.isFirstOrLast);
    QCOMPARE(change.users, 1);
    QCOMPARE(occupancies(*one), (std::map<RoomId, int>{{kRoom, 1}}));
    change = leave(*two, kRoom, kAlice);
    QVERIFY(change.isFirstOrLast);
    QCOMPARE(change.users, 0);
}

void PresenceStoreContract::userIsOnlineWhileAnyNodeHoldsThem()
{
    const auto one = makeNode("one.1");
    const auto two = makeNode("two.1");
    watch(*one, kRoom);
    watch(*one, kOther);
    watch(*two, kOther);
    QVERIFY(join(*one, kRoom, kAlice).userChanged);
    QVERIFY(!join(*one, kOther, kAlice).userChanged);
    QVERIFY(!join(*two, kOther, kAlice).userChanged);
    QVERIFY(!leave(*one, kRoom, kAlice).userChanged);
    QVERIFY(!leave(*one, kOther, kAlice).userChanged);
    QVERIFY(leave(*two, kOther, kAlice).userChanged);
    QTRY_VERIFY(one->log.contains("off:alice"));
    QTRY_VERIFY(two->log.contains("on:alice"));
}

void PresenceStoreContract::roomIsLoadedWithWhatOthersHold()
{
    const auto one = makeNode("one.1");
    const auto two = makeNode("two.1");
    watch(*one, kRoom);
    join(*one, kRoom, kAlice, "Alice A.");
    join(*one, kRoom, kBob);
    watch(*two, kRoom);
    std::map<UserId, QByteArray> names;
    for (const HeldMember &held : two->loaded[kRoom].members) {
        QCOMPARE(held.node, one->id);
        names[held.member.user] = held.member.displayName;
    }
    QCOMPARE(names, (std::map<UserId, QByteArray>{{kAlice, "Alice A."}, {kBob, "bob"}}));
    QVERIFY(one->loaded[kRoom].members.empty());
    one->loaded.clear();
    join(*two, kRoom, kBob);
    one->store->reload(kRoom);
    QTRY_VERIFY(one->loaded.contains(kRoom));
    QCOMPARE(one->loaded[kRoom].members.size(), size_t(1)); // its own are not told
}

void PresenceStoreContract::watchersSeeChangesOfOthersInOrder()
{
    const auto one = makeNode("one.1");
    const auto two = makeNode("two.1");
    watch(*one, kRoom);
    watch(*two, kRoom);
    one->log.clear();
    join(*two, kRoom, kAlice);
    join(*two, kRoom, kAlice, "Alice");
    leave(*two, kRoom, kAlice, LeaveReason::Kicked);
    leave(*two, kRoom, kAlice);
    join(*two, kRoom, kBob);
    QTRY_VERIFY(one->log.contains("+two.1/lobby/bob"));
    QByteArray log = one->log;
    log.replace("on:alice ", "").replace("off:alice ", "").replace("on:bob ", "");
    QCOMPARE(log, "+two.1/lobby/alice ~two.1/Alice -two.1/lobby/alice:kicked +two.1/lobby/bob ");
    QTRY_COMPARE(one->counts[kRoom], 1);
}

void PresenceStoreContract::nobodySeesWhatTheyDoNotWatch()
{
    const auto one = makeNode("one.1");
    const auto two = makeNode("two.1");
    watch(*one, kRoom);
    watch(*two, kRoom);
    watch(*two, kOther);
    one->store->unwatch(kRoom);
    one->log.clear();
    join(*two, kRoom, kAlice);
    join(*two, kOther, kBob);
    QTRY_COMPARE(one->counts.size(), size_t(2)); // counts are for everybody
    QVERIFY(!one->log.contains('+'));
}

void PresenceStoreContract::payloadsKeepTheirOrderAmongJoinsAndLeaves()
{
    const auto one = makeNode("one.1");
    const auto two = makeNode("two.1");
    watch(*one, kRoom);
    watch(*two, kRoom);
    one->log.clear();
    join(*two, kRoom, kAlice);
    two->store->publish(kRoom, "hello");
    two->store->publish(kRoom, "{\"a\":\n1}");
    two->store->publish(kRoom, "");
    leave(*two, kRoom, kAlice);
    QTRY_VERIFY(one->log.contains("-two.1"));
    QByteArray log = one->log;
    log.replace("on:alice ", "").replace("off:alice ", "");
    QCOMPARE(log, "+two.1/lobby/alice \"hello\" \"{\"a\":\n1}\" \"\" -two.1/lobby/alice:left ");
}

void PresenceStoreContract::evictionReachesTheOthers()
{
    const auto one = makeNode("one.1");
    const auto two = makeNode("two.1");
    watch(*one, kRoom);
    watch(*two, kRoom);
    two->log.clear();
    one->store->evict(kRoom, kAlice, LeaveReason::Kicked);
    QTRY_COMPARE(two->log, "evict:alice:kicked ");
    QVERIFY(!one->log.contains("evict"));
}

void PresenceStoreContract::everybodyWhoIsOnlineIsKnownWhoeverHoldsThem()
{
    const auto one = makeNode("one.1");
    const auto two = makeNode("two.1");
    watch(*one, kRoom);
    join(*one, kRoom, kAlice);
    join(*one, kRoom, kBob);
    leave(*one, kRoom, kBob);
    std::optional<std::vector<UserId>> online;
    two->store->fetchOnline([&](const Result<std::vector<UserId>> &users) { online = *users; });
    QTRY_VERIFY(online.has_value());
    QCOMPARE(*online, std::vector<UserId>{kAlice});
    std::optional<bool> isOnline;
    const auto take = [&isOnline](const Result<bool> &answer) { isOnline = *answer; };
    two->store->fetchIsOnline(kAlice, take);
    QTRY_COMPARE(isOnline, std::optional(true));
    two->store->fetchIsOnline(kBob, take);
    QTRY_COMPARE(isOnline, std::optional(false));
}

void PresenceStoreContract::nodeHearsOfItsOwnUsersAsOthersDo()
{
    const auto one = makeNode("one.1");
    watch(*one, kRoom);
    watch(*one, kOther);
    join(*one, kRoom, kAlice);
    join(*one, kOther, kAlice);
    leave(*one, kRoom, kAlice);
    leave(*one, kOther, kAlice);
    QTRY_COMPARE(one->log, "on:alice off:alice ");
}

void PresenceStoreContract::graceIsToldToNobodyAndBringsNobodyBack()
{
    using namespace std::chrono_literals;
    const auto one = makeNode("one.1");
    const auto two = makeNode("two.1");
    watch(*one, kRoom);
    watch(*two, kRoom);
    join(*one, kRoom, kAlice);
    QTRY_VERIFY(two->log.contains("+one.1/lobby/alice") && two->log.contains("on:alice"));
    two->log.clear();
    const SeatRecord seat = *one->held.seat(kRoom, kAlice);
    SeatRecord lost = seat;
    lost.graceEnd = lost.deadline;
    one->store->noteGrace(lost);
    one->store->noteGrace(lost);
    one->store->noteGrace(seat);
    one->store->publish(kRoom, "later");
    QTRY_COMPARE(two->log, "\"later\" ");
    QVERIFY(leave(*one, kRoom, kAlice).isFirstOrLast);
    one->store->noteGrace(lost);
    QVERIFY(occupancies(*one).empty());
    std::optional<bool> isOnline;
    one->store->fetchIsOnline(kAlice,
                              [&isOnline](const Result<bool> &answer) { isOnline = *answer; });
    QTRY_COMPARE(isOnline, std::optional(false));
}

void PresenceStoreContract::strangeIdsAndNamesSurvive()
{
    const auto one = makeNode("one.1");
    const auto two = makeNode("two.1");
    const RoomId room("a:b {c} %25 /\xc3\xbc");
    const UserId guest("anon:s:1");
    const UserId user("user:anon:{x}");
    watch(*one, room);
    join(*one, room, guest, "\"quoted\" \xf0\x9f\x98\x80");
    join(*one, room, user);
    QCOMPARE(occupancies(*one), (std::map<RoomId, int>{{room, 2}}));
    watch(*two, room);
    std::map<UserId, QByteArray> names;
    for (const HeldMember &held : two->loaded[room].members)
        names[held.member.user] = held.member.displayName;
    QCOMPARE(names,
             (std::map<UserId, QByteArray>{{guest, "\"quoted\" \xf0\x9f\x98\x80"},
                                           {user, user.value()}}));
    leave(*one, room, guest);
    leave(*one, room, user);
    QVERIFY(occupancies(*one).empty());
}

} // namespace Rollcall::Presence
