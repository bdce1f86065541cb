// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/redis/redishub.h"

#include "support/testredis.h"
#include "testnode.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>

using namespace Rollcall;
using namespace Rollcall::Rooms;
using namespace std::chrono_literals;

namespace {

RoomsConfig demo()
{
    RoomsConfig config;
    config.rooms = {roomOf("lobby", 2), roomOf("endless", 0)};
    return config;
}

/// "ok", an error's name, or empty while there is no answer.
class Answer
{
public:
    RoomDirectory::AdmissionCallback callback()
    {
        return [this](const Result<void> &result) {
            m_text = result ? QByteArray("ok")
                            : QByteArray(errorCodeInfo(result.error().code).name.data());
            ++m_count;
        };
    }
    const QByteArray &text() const { return m_text; }
    int count() const { return m_count; }

private:
    QByteArray m_text;
    int m_count = 0;
};

QByteArray admit(TestNode &node, const char *room, const char *user, RoomKind kind = RoomKind::Room)
{
    AdmissionRequest request;
    request.room = RoomId(room);
    request.kind = kind;
    request.user = UserId(user);
    Answer answer;
    QObject context;
    node.directory.admit(request, &context, answer.callback());
    return QTest::qWaitFor([&answer] { return answer.count() > 0; }) ? answer.text()
                                                                     : QByteArray("no answer");
}

std::unique_ptr<RedisHub> hubFor(const TestRedis &redis, SystemClock &clock, Metrics &metrics)
{
    RedisConfig config;
    config.isEmbedded = false;
    config.options = redis.options();
    auto hub = std::make_unique<RedisHub>(config, clock, metrics, "n");
    if (!hub->start() || !QTest::qWaitFor([&hub] { return hub->isUp(); }))
        qFatal("no Redis");
    return hub;
}

} // namespace

class tst_Directory : public QObject
{
    Q_OBJECT

    SystemClock m_clock;
    Metrics m_metrics;

    static HttpRequest with(const QByteArray &body)
    {
        HttpRequest request;
        request.body = body;
        request.isOperator = true;
        return request;
    }

private Q_SLOTS:
    void admissionFollowsTheCapacity()
    {
        TestNode node(demo());
        QCOMPARE(admit(node, "lobby", "alice"), QByteArray("ok"));
        QCOMPARE(admit(node, "lobby", "bob"), QByteArray("ok"));
        QCOMPARE(admit(node, "lobby", "carol"), QByteArray("room_full"));
        QCOMPARE(admit(node, "lobby", "alice"), QByteArray("ok"));
        QCOMPARE(admit(node, "nowhere", "alice"), QByteArray("room_not_found"));
        QCOMPARE(admit(node, "/docs", "alice", RoomKind::Page), QByteArray("ok"));
        QCOMPARE(admit(node, "group:a", "alice", RoomKind::Group), QByteArray("ok"));
        for (int i = 0; i < 100; ++i)
            QCOMPARE(admit(node, "endless", QByteArray::number(i).constData()), QByteArray("ok"));
        QVERIFY(!node.directory.find(RoomId("/docs")));
    }

    void automaticRoomsLiveWhileSomebodyIsThere()
    {
        RoomsConfig config = demo();
        config.autoCreate = true;
        config.defaultCapacity = 1;
        config.maxRooms = 3;
        TestNode node(config);
        QSignalSpy opened(&node.directory, &RoomDirectory::roomOpened);
        QSignalSpy closed(&node.directory, &RoomDirectory::roomClosed);
        QCOMPARE(admit(node, "new", "alice"), QByteArray("ok"));
        QCOMPARE(opened.size(), 1);
        QCOMPARE(node.directory.find(RoomId("new"))->capacity, 1);
        QCOMPARE(admit(node, "new", "bob"), QByteArray("room_full"));
        QCOMPARE(admit(node, "more", "alice"), QByteArray("room_not_found")); // rooms.maxRooms
        QCOMPARE(admit(node, "hottest", "alice"), QByteArray("room_not_found"));
        node.enter(1, "new", "alice");
        node.clock.advance(1min);
        QVERIFY(TestNode::idsOf(node.call("GET", "/rooms")).contains("new"));
        QCOMPARE(closed.size(), 0);
        node.presence.leave(ConnectionId(1), RoomId("new"), LeaveReason::Left);
        node.clock.advance(1min);
        QVERIFY(!TestNode::idsOf(node.call("GET", "/rooms")).contains("new"));
        QCOMPARE(closed.size(), 1);
        node.presence.fill(RoomId("from another node"), 1);
        node.clock.advance(1min);
        QVERIFY(TestNode::idsOf(node.call("GET", "/rooms")).contains("from another node"));
    }

    void changedConfigurationIsAnnounced()
    {
        TestNode node(demo());
        node.enter(1, "lobby", "alice");
        QSignalSpy opened(&node.directory, &RoomDirectory::roomOpened);
        QSignalSpy changed(&node.directory, &RoomDirectory::roomChanged);
        QSignalSpy closed(&node.directory, &RoomDirectory::roomClosed);
        RoomsConfig config;
        config.rooms = {roomOf("endless", 5), roomOf("new", 5)};
        node.directory.applyConfiguration(config);
        QCOMPARE(opened.size(), 1);
        QCOMPARE(changed.size(), 1);
        QCOMPARE(closed.size(), 1);
        QVERIFY2(!node.presence.containsUser(RoomId("lobby"), UserId("alice")),
                 "nobody stays in a closed room");
        QCOMPARE(admit(node, "lobby", "alice"), QByteArray("room_not_found"));
    }

    void operatorsMakeChangeAndCloseRooms()
    {
        TestNode node(demo());
        const auto call = [&node](const char *method, const char *target,
                                  const QByteArray &body = {}) {
            return node.http.call(method, target, with(body))->value();
        };
        for (const auto &[method, pattern] :
             {std::pair{"POST", "/rooms"}, {"PATCH", "/rooms/{id}"}, {"DELETE", "/rooms/{id}"}})
            QCOMPARE(node.http.accessOf(method, pattern), HttpAccess::Operator);
        const HttpResponse created =
            call("POST", "/rooms", "{\"id\":\"a/b\",\"name\":\"New\",\"capacity\":1}");
        QCOMPARE(created.status, 201);
        QCOMPARE(TestNode::headerOf(created, "Location"), QByteArray("/rooms/a%2Fb"));
        QCOMPARE(call("POST", "/rooms", "{\"id\":\"a/b\"}").status, 409);
        QCOMPARE(call("POST", "/rooms", "{\"id\":\"join\"}").status, 400);
        QCOMPARE(call("POST", "/rooms", "{\"capacity\":-1}").status, 400);
        QCOMPARE(call("POST", "/rooms", "{\"kapacity\":1}").status, 400);
        QCOMPARE(call("POST", "/rooms", "[]").status, 400);
        const QString made = TestNode::jsonOf(call("POST", "/rooms", "{}")).value("id").toString();
        QVERIFY(node.directory.find(RoomId(made.toUtf8())));
        QCOMPARE(call("PATCH", "/rooms/a%2Fb", "{\"capacity\":7}").status, 200);
        QCOMPARE(node.directory.find(RoomId("a/b"))->capacity, 7);
        QCOMPARE(node.directory.find(RoomId("a/b"))->name, QByteArray("New"));
        QCOMPARE(call("PATCH", "/rooms/a%2Fb", "{\"id\":\"c\"}").status, 400);
        QCOMPARE(call("PATCH", "/rooms/nowhere", "{}").status, 404);
        QCOMPARE(call("DELETE", "/rooms/nowhere").status, 404);
        node.enter(1, "lobby", "alice");
        QSignalSpy closed(&node.directory, &RoomDirectory::roomClosed);
        QCOMPARE(call("DELETE", "/rooms/lobby").status, 204);
        QCOMPARE(closed.size(), 1);
        QCOMPARE(node.presence.occupancy(RoomId("lobby")), 0);
        QVERIFY(!node.directory.find(RoomId("lobby")));
        QCOMPARE(call("POST", "/rooms", "{\"id\":\"lobby\",\"capacity\":3}").status, 201);
        QCOMPARE(node.directory.find(RoomId("lobby"))->capacity, 3);
    }

    void operatorsRoomsAreOnEveryNode()
    {
        TestRedis redis;
        const auto oneHub = hubFor(redis, m_clock, m_metrics);
        const auto otherHub = hubFor(redis, m_clock, m_metrics);
        TestNode one(demo(), oneHub.get());
        TestNode other(demo(), otherHub.get());
        QTRY_COMPARE(redis.command({"HLEN", "rooms:directory"}).integer, 2);
        auto answer = one.http.call("POST", "/rooms", with("{\"id\":\"new\",\"capacity\":3}"));
        QTRY_VERIFY(answer->has_value());
        QCOMPARE((*answer)->status, 201);
        QVERIFY(one.directory.find(RoomId("new")));
        QTRY_VERIFY(other.directory.find(RoomId("new")));
        answer = other.http.call("PATCH", "/rooms/lobby", with("{\"capacity\":9}"));
        QTRY_COMPARE(one.directory.find(RoomId("lobby"))->capacity, 9);
        answer = other.http.call("DELETE", "/rooms/new", with({}));
        QTRY_VERIFY(!one.directory.find(RoomId("new")));
        answer = one.http.call("DELETE", "/rooms/endless", with({}));
        QTRY_VERIFY(!other.directory.find(RoomId("endless")));

        const auto lateHub = hubFor(redis, m_clock, m_metrics);
        TestNode late(demo(), lateHub.get());
        QTRY_COMPARE(late.directory.find(RoomId("lobby"))->capacity, 9);
        QTRY_VERIFY(!late.directory.find(RoomId("endless")));
        QVERIFY2(
            redis.command({"HGET", "rooms:directory", "lobby"}).text.contains("\"capacity\":9"),
            "a configuration does not overwrite an operator");
    }

    void changesMissedDuringAnOutageAreSeenAfterIt()
    {
        TestRedis redis;
        const auto hub = hubFor(redis, m_clock, m_metrics);
        TestNode node(demo(), hub.get());
        QTRY_COMPARE(redis.command({"HLEN", "rooms:directory"}).integer, 2);
        redis.command({"HSET", "rooms:directory", "quiet", "{\"name\":\"Quiet\",\"capacity\":4}"});
        redis.command({"HSET", "rooms:directory", "broken", "{\"capacity\":"});
        redis.command({"HSET", "rooms:directory", "hottest", "{\"name\":\"x\"}"});
        redis.saveAndKill();
        QTRY_VERIFY(!hub->isUp());
        auto answer = node.http.call("POST", "/rooms", with("{\"id\":\"new\"}"));
        QCOMPARE(answer->value().status, 503);
        QVERIFY(!TestNode::headerOf(answer->value(), "Retry-After").isEmpty());
        redis.restart(TestRedis::Data::Kept);
        QTRY_VERIFY(node.directory.find(RoomId("quiet")));
        QVERIFY(!node.directory.find(RoomId("broken")));
        QVERIFY(!node.directory.find(RoomId("hottest")));
        QVERIFY(node.directory.find(RoomId("lobby")));
    }

    void withoutRedisSessionsGoOnAndNewJoinsWait()
    {
        TestRedis redis;
        const auto hub = hubFor(redis, m_clock, m_metrics);
        TestNode node(demo(), hub.get());
        QCOMPARE(admit(node, "lobby", "alice"), QByteArray("ok"));
        redis.kill();
        QTRY_VERIFY(!hub->isUp());
        const HttpResponse refused = node.call("POST", "/rooms/join", "{\"roomId\":\"lobby\"}");
        QCOMPARE(refused.status, 503);
        QCOMPARE(TestNode::jsonOf(refused).value("code").toString(), QString("unavailable"));
        QCOMPARE(TestNode::headerOf(refused, "Retry-After"), QByteArray("1"));
        QCOMPARE(admit(node, "lobby", "alice"), QByteArray("ok"));
        QCOMPARE(admit(node, "lobby", "bob"), QByteArray("ok"));
        QCOMPARE(admit(node, "lobby", "carol"), QByteArray("room_full"));
        QCOMPARE(admit(node, "endless", "carol"), QByteArray("ok"));
    }

    void silentRedisIsNotWaitedFor()
    {
        TestRedis redis;
        const auto hub = hubFor(redis, m_clock, m_metrics);
        TestNode node(demo(), hub.get());
        QCOMPARE(admit(node, "lobby", "alice"), QByteArray("ok"));
        redis.stop();
        QElapsedTimer timer;
        timer.start();
        QCOMPARE(admit(node, "lobby", "bob"), QByteArray("ok")); // from RAM
        QVERIFY2(timer.elapsed() < 3000, QByteArray::number(timer.elapsed()).constData());
        QCOMPARE(node.metrics.counter("rooms_seat_decisions_in_memory_total", "").Value(), 1.0);
        const auto answer = node.http.call("POST", "/rooms/join", with("{\"roomId\":\"lobby\"}"));
        QTRY_VERIFY(answer->has_value());
        QCOMPARE((*answer)->status, 503);
        redis.resume();
    }

    void membersThatRedisHasForgottenKeepTheirSeats()
    {
        TestRedis redis;
        const auto hub = hubFor(redis, m_clock, m_metrics);
        TestNode node(demo(), hub.get());
        node.presence.fresh = false; // Redis came back empty, and nobody has been written to it yet
        node.enter(1, "lobby", "alice");
        QCOMPARE(admit(node, "lobby", "bob"), QByteArray("ok"));
        QCOMPARE(admit(node, "lobby", "carol"), QByteArray("room_full"));
        QCOMPARE(admit(node, "lobby", "alice"), QByteArray("ok"));
        QCOMPARE(redis.command({"ZSCORE", "room:lobby:reserved", "user:carol"}).type,
                 RedisReply::Type::Null);
        node.presence.fresh = true; // from here on Redis knows better
        node.clock.advance(15s);
        QCOMPARE(admit(node, "lobby", "dave"), QByteArray("ok"));
        QCOMPARE(admit(node, "lobby", "erin"), QByteArray("ok"));
    }

    void answersWhoseAskerIsGoneAreDropped()
    {
        TestRedis redis;
        const auto hub = hubFor(redis, m_clock, m_metrics);
        TestNode node(demo(), hub.get());
        QCOMPARE(admit(node, "lobby", "bob"), QByteArray("ok"));
        Answer answer;
        AdmissionRequest request;
        request.room = RoomId("lobby");
        request.user = UserId("alice");
        auto context = std::make_unique<QObject>();
        node.directory.admit(request, context.get(), answer.callback());
        context.reset();
        QTRY_COMPARE(redis.command({"ZCARD", "room:lobby:reserved"}).integer, 2);
        QCOMPARE(admit(node, "lobby", "bob"), QByteArray("ok"));
        QCOMPARE(answer.count(), 0);
    }
};

QTEST_GUILESS_MAIN(tst_Directory)
#include "tst_directory.moc"
