// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/base/manualclock.h"
#include "core/base/metrics.h"
#include "core/redis/redishub.h"
#include "core/redis/rediskeys.h"
#include "plugins/rooms/memoryseatstore.h"
#include "plugins/rooms/redisseatstore.h"

#include "support/fakepresenceservice.h"
#include "support/testredis.h"

#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>

#include <random>

using namespace Rollcall;
using namespace Rollcall::Rooms;
using namespace std::chrono_literals;

namespace {

const RoomId kRoom("plaza:1");
constexpr auto kHeld = 15s;

/// A node's seats, in memory or in a Redis. Redis' connections live in real time, reservations in
/// manual time.
struct Seats
{
    Seats(ManualClock &clock, TestRedis *redis)
        : memory(presence, clock)
    {
        if (!redis)
            return;
        RedisConfig config;
        config.isEmbedded = false;
        config.options = redis->options();
        config.requestDeadline = 5s;
        hub = std::make_unique<RedisHub>(config, system, metrics, "n");
        if (!hub->start())
            qFatal("no Redis");
        shared = std::make_unique<RedisSeatStore>(*hub, clock, memory);
        if (!QTest::qWaitFor([this] { return hub->isUp(); }))
            qFatal("Redis is not up");
    }
    SeatStore &store() { return shared ? static_cast<SeatStore &>(*shared) : memory; }
    /// "full", "held", "member", or the error's text.
    QByteArray reserve(const QByteArray &user, int capacity, const RoomId &room = kRoom)
    {
        std::optional<QByteArray> answer;
        QObject context;
        store().reserve(room, capacity, UserId(user), kHeld, &context,
                        [&answer](const Result<SeatDecision> &result) {
                            static const QByteArrayList kNames{"full", "held", "member"};
                            answer =
                                result ? kNames.at(int(*result)) : result.error().logText.toUtf8();
                        });
        return QTest::qWaitFor([&answer] { return answer.has_value(); }) ? *answer
                                                                         : QByteArray("no answer");
    }

    SystemClock system;
    Metrics metrics;
    FakePresenceService presence;
    MemorySeatStore memory;
    std::unique_ptr<RedisHub> hub;
    std::unique_ptr<RedisSeatStore> shared;
};

} // namespace

class tst_SeatStore : public QObject
{
    Q_OBJECT

    ManualClock m_clock;
    std::unique_ptr<TestRedis> m_redis;

    TestRedis *chosenRedis()
    {
        QFETCH_GLOBAL(bool, isShared);
        return isShared ? m_redis.get() : nullptr;
    }
    /// Someone becomes a member, as the JOIN script and the presence plugin do it.
    void join(Seats &seats, const QByteArray &user)
    {
        Member member;
        member.user = UserId(user);
        m_redis->command({"ZREM", "room:plaza%3A1:reserved", memberName(member.user)});
        m_redis->command({"SADD", "presence:page:plaza%3A1", memberName(member.user)});
        seats.presence.joinRemote(kRoom, member);
    }
    void leave(Seats &seats, const QByteArray &user)
    {
        m_redis->command({"SREM", "presence:page:plaza%3A1", memberName(UserId(user))});
        seats.presence.removeRemote(kRoom, UserId(user));
    }

private Q_SLOTS:
    void initTestCase_data()
    {
        QTest::addColumn<bool>("isShared");
        QTest::newRow("memory") << false;
        QTest::newRow("Redis") << true;
    }
    void initTestCase() { m_redis = std::make_unique<TestRedis>(); }
    void init() { m_redis->command({"FLUSHALL"}); }

    void seatsAreHeldUpToTheCapacity()
    {
        Seats seats(m_clock, chosenRedis());
        QCOMPARE(seats.reserve("alice", 2), QByteArray("held"));
        QCOMPARE(seats.reserve("bob", 2), QByteArray("held"));
        QCOMPARE(seats.reserve("carol", 2), QByteArray("full"));
        QCOMPARE(seats.reserve("carol", 2, RoomId("elsewhere")), QByteArray("held"));
        QCOMPARE(seats.memory.reserved(kRoom), 2);
    }

    void whoHoldsASeatNeedsNoOther()
    {
        Seats seats(m_clock, chosenRedis());
        QCOMPARE(seats.reserve("alice", 1), QByteArray("held"));
        QCOMPARE(seats.reserve("alice", 1), QByteArray("held"));
        QCOMPARE(seats.memory.reserved(kRoom), 1);
        join(seats, "alice");
        QCOMPARE(seats.reserve("alice", 1), QByteArray("member"));
        QCOMPARE(seats.reserve("bob", 1), QByteArray("full"));
        QCOMPARE(seats.memory.reserved(kRoom), 0);
    }

    void membersAndReservationsCountTogether()
    {
        Seats seats(m_clock, chosenRedis());
        join(seats, "alice");
        join(seats, "anon:x");
        QCOMPARE(seats.reserve("bob", 3), QByteArray("held"));
        QCOMPARE(seats.reserve("carol", 3), QByteArray("full"));
        leave(seats, "anon:x");
        QCOMPARE(seats.reserve("carol", 3), QByteArray("held"));
    }

    void memberWhoKeptTheReservationCountsOnce()
    {
        Seats seats(m_clock, chosenRedis());
        QCOMPARE(seats.reserve("alice", 2), QByteArray("held"));
        m_redis->command({"SADD", "presence:page:plaza%3A1", "user:alice"});
        seats.presence.joinRemote(kRoom, [] {
            Member member;
            member.user = UserId("alice");
            return member;
        }());
        QCOMPARE(seats.reserve("bob", 2), QByteArray("held"));
        QCOMPARE(seats.reserve("carol", 2), QByteArray("full"));
    }

    void reservationExpires()
    {
        Seats seats(m_clock, chosenRedis());
        QCOMPARE(seats.reserve("alice", 1), QByteArray("held"));
        m_clock.advance(kHeld - 1ms);
        QCOMPARE(seats.reserve("bob", 1), QByteArray("full"));
        QSignalSpy changed(&seats.memory, &MemorySeatStore::reservedChanged);
        m_clock.advance(1ms);
        seats.memory.expire();
        QCOMPARE(changed.size(), 1);
        QCOMPARE(seats.memory.reserved(kRoom), 0);
        QCOMPARE(seats.reserve("bob", 1), QByteArray("held"));
        QCOMPARE(seats.reserve("alice", 1), QByteArray("full"));
    }

    void renewalStartsAnew()
    {
        Seats seats(m_clock, chosenRedis());
        QCOMPARE(seats.reserve("alice", 1), QByteArray("held"));
        m_clock.advance(10s);
        QCOMPARE(seats.reserve("alice", 1), QByteArray("held"));
        m_clock.advance(10s);
        QCOMPARE(seats.reserve("bob", 1), QByteArray("full"));
        m_clock.advance(5s);
        QCOMPARE(seats.reserve("bob", 1), QByteArray("held"));
    }

    void releasedSeatIsFree()
    {
        Seats seats(m_clock, chosenRedis());
        QCOMPARE(seats.reserve("alice", 1), QByteArray("held"));
        seats.store().release(kRoom, UserId("alice"));
        QCOMPARE(seats.memory.reserved(kRoom), 0);
        QCOMPARE(seats.reserve("bob", 1), QByteArray("held"));
        seats.store().release(kRoom, UserId("nobody"));
        QCOMPARE(seats.reserve("carol", 1), QByteArray("full"));
    }

    void smallerCapacityLetsNobodyIn()
    {
        Seats seats(m_clock, chosenRedis());
        for (const char *user : {"a", "b", "c"})
            QCOMPARE(seats.reserve(user, 5), QByteArray("held"));
        QCOMPARE(seats.reserve("d", 2), QByteArray("full"));
        QCOMPARE(seats.reserve("a", 2), QByteArray("held"));
    }

    void thousandAtOnceNeverOverfill()
    {
        Seats one(m_clock, chosenRedis());
        Seats other(m_clock, chosenRedis());
        TestRedis *redis = chosenRedis();
        const unsigned seed = std::random_device()();
        qInfo("seed %u", seed);
        std::mt19937 random(seed);
        constexpr int kCapacity = 10;
        int held = 0;
        int full = 0;
        QObject context;
        for (int i = 0; i < 1000; ++i) {
            // In memory there is one node only.
            Seats &seats = redis && random() % 2 ? other : one;
            seats.store().reserve(kRoom, kCapacity, UserId("user-" + QByteArray::number(i)), kHeld,
                                  &context, [&](const Result<SeatDecision> &result) {
                                      QVERIFY(result.hasValue());
                                      *result == SeatDecision::Held ? ++held : ++full;
                                  });
            if (random() % 16 == 0)
                QCoreApplication::processEvents();
        }
        QTRY_COMPARE(held + full, 1000);
        QCOMPARE(held, kCapacity);
        if (redis) {
            QCOMPARE(redis->command({"ZCARD", "room:plaza%3A1:reserved"}).integer, kCapacity);
            QTRY_COMPARE(one.memory.reserved(kRoom), kCapacity);
            QTRY_COMPARE(other.memory.reserved(kRoom), kCapacity);
        }
    }

    void everyNodeHearsOfSeats()
    {
        TestRedis *redis = chosenRedis();
        if (!redis)
            return;
        Seats one(m_clock, redis);
        Seats other(m_clock, redis);
        QCOMPARE(one.reserve("alice", 2), QByteArray("held"));
        QTRY_COMPARE(other.memory.reserved(kRoom), 1);
        one.store().release(kRoom, UserId("alice"));
        QTRY_COMPARE(other.memory.reserved(kRoom), 0);
        redis->command({"PUBLISH", "rooms:reservations", "rubbish"});
        redis->command({"PUBLISH", "rooms:reservations", "[\"plaza:1\",\"alice\",1e15]"});
        QCOMPARE(other.reserve("bob", 2), QByteArray("held"));
        QCOMPARE(other.memory.reserved(kRoom), 1);
    }

    void reservationsInRedisDoNotStay()
    {
        TestRedis *redis = chosenRedis();
        if (!redis)
            return;
        Seats seats(m_clock, redis);
        QCOMPARE(seats.reserve("alice", 2), QByteArray("held"));
        const qint64 ttl = redis->command({"PTTL", "room:plaza%3A1:reserved"}).integer;
        QVERIFY2(ttl > 10'000 && ttl <= 15'000, QByteArray::number(ttl).constData());
    }

    void unreachableRedisIsAnError()
    {
        if (!chosenRedis())
            return;
        TestRedis redis;
        Seats seats(m_clock, &redis);
        redis.kill();
        QTRY_VERIFY(!seats.hub->isUp());
        QVERIFY(seats.reserve("alice", 1).startsWith("Redis is down"));
        QCOMPARE(seats.memory.reserved(kRoom), 0);
    }

    void takenKeyIsAnErrorThatNamesIt()
    {
        TestRedis *redis = chosenRedis();
        if (!redis)
            return;
        Seats seats(m_clock, redis);
        redis->command({"SET", "room:plaza%3A1:reserved", "something else"});
        QTest::ignoreMessage(QtWarningMsg,
                             QRegularExpression("room:plaza%3A1:reserved.*WRONGTYPE"));
        QVERIFY(seats.reserve("alice", 1).contains("WRONGTYPE"));
        QCOMPARE(redis->command({"GET", "room:plaza%3A1:reserved"}).text,
                 QByteArray("something else"));
    }
};

QTEST_GUILESS_MAIN(tst_SeatStore)
#include "tst_seatstore.moc"
