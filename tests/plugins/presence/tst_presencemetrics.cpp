// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

// Every metric of presence, seen to change by what it measures.
#include "core/redis/jumpingclock.h"
#include "enginefixture.h"

using namespace Rollcall;
using namespace Rollcall::Presence;
using namespace std::chrono_literals;

namespace {

/// The value as GET /metrics shows it; -1: it is not there.
double valueOf(Metrics &metrics, const QByteArray &name)
{
    for (const QByteArray &line : metrics.render().split('\n')) {
        if (line.startsWith(name + ' '))
            return line.sliced(name.size() + 1).toDouble();
    }
    return -1;
}

} // namespace

class tst_PresenceMetrics : public QObject, private EngineFixture
{
    Q_OBJECT
private Q_SLOTS:
    void init() { reset(); }

    void peopleAndGracesAreCounted()
    {
        const auto node = makeNode("one.1");
        Metrics &metrics = node->host.metrics;
        QCOMPARE(valueOf(metrics, "presence_online_total"), 0.);
        node->join(1, UserId("alice"));
        node->join(2, UserId("alice"));
        node->join(3, UserId("bob"));
        QCOMPARE(valueOf(metrics, "presence_online_total"), 2.);
        QCOMPARE(valueOf(metrics, "presence_memberships"), 3.);
        QCOMPARE(valueOf(metrics, "presence_graces_pending"), 0.);
        node->lose(3);
        QCOMPARE(valueOf(metrics, "presence_graces_pending"), 1.);
        QCOMPARE(valueOf(metrics, "presence_graces_cancelled_total"), 0.);
        node->join(4, UserId("bob"));
        QCOMPARE(valueOf(metrics, "presence_graces_pending"), 0.);
        QCOMPARE(valueOf(metrics, "presence_graces_cancelled_total"), 1.);
    }

    void updatesAndHeartbeatsAreMeasured()
    {
        m_config.times[size_t(Dialect::Rooms)] = {100ms, 1500ms, 0ms};
        m_config.flushInterval = 20ms;
        const auto node = makeNode("one.1");
        Metrics &metrics = node->host.metrics;
        const auto value = [&metrics](const char *name) { return valueOf(metrics, name); };
        QCOMPARE(value("presence_update_latency_seconds_count"), 0.);
        node->join(1, UserId("alice"));
        QTRY_COMPARE(value("presence_update_latency_seconds_count"), 1.);
        QVERIFY(value("presence_update_latency_seconds_sum") > 0);
        QCOMPARE(value("presence_redis_commands_per_heartbeat"), 0.);
        int beats = 0;
        // The key's refresh waits for most of the TTL.
        QTRY_VERIFY((++beats, node->engine.touch(ConnectionId(1), RoomId("lobby")),
                     value("presence_flush_users_count") > 0));
        const double received = value("presence_heartbeat_received_total");
        QCOMPARE(received, double(beats));
        QVERIFY(value("presence_flush_seconds_count") > 0);
        const double commands = value("presence_flush_commands_total");
        QVERIFY2(commands >= 3, qPrintable(QString::number(commands))); // PEXPIREAT, two ZADD
        QCOMPARE(value("presence_redis_commands_per_heartbeat"), commands / received);
        QCOMPARE(value("presence_ttl_expired_total"), 0.);
        QTRY_COMPARE(value("presence_ttl_expired_total"), 1.); // nobody beats any more
        QTRY_COMPARE(value("presence_update_latency_seconds_count"), 2.); // and that is written
    }

    void resyncIsMeasured()
    {
        const auto node = makeNode("one.1");
        node->join(1, UserId("alice"));
        const double before = valueOf(node->host.metrics, "presence_resync_seconds_count");
        m_redis->restart(TestRedis::Data::Lost);
        QTRY_VERIFY_WITH_TIMEOUT(
            valueOf(node->host.metrics, "presence_resync_seconds_count") > before, 20000);
    }

    void lateSweepIsMeasured()
    {
        JumpingClock clock;
        Metrics metrics;
        PresenceEngine engine(m_config, clock, metrics, nullptr, NodeId("one.1"));
        Member member;
        member.user = UserId("alice");
        engine.join({ConnectionId(1), RoomId("lobby"), RoomKind::Room, Dialect::Rooms, member},
                    this, {});
        QCOMPARE(valueOf(metrics, "presence_sweep_lag_seconds"), 0.);
        clock.jump(m_config.timesOf(Dialect::Rooms).ttl + 250ms);
        const double lag = valueOf(metrics, "presence_sweep_lag_seconds");
        QVERIFY2(lag > 0.1 && lag <= 0.25, qPrintable(QString::number(lag)));
    }

    void driftIsFoundAndForgotten()
    {
        const auto node = makeNode("one.1");
        const auto drift = [&node] {
            return valueOf(node->host.metrics, "presence_drift_memberships");
        };
        const auto rooms = [&node] { return valueOf(node->host.metrics, "presence_drift_rooms"); };
        node->join(1, UserId("alice"));
        node->join(2, UserId("bob"), RoomId("garden"));
        const auto held = [this](const char *room) {
            return m_redis->command({"SCARD", QByteArray("room:") + room + ":node:one.1"}).integer;
        };
        QTRY_COMPARE(held("lobby") + held("garden"), 2);
        QCOMPARE(drift(), 0.);
        m_redis->command({"SREM", "room:lobby:node:one.1", "user:alice"});
        QTRY_COMPARE_WITH_TIMEOUT(drift(), 1., 15000);
        QCOMPARE(rooms(), 1.);
        // One too many elsewhere: the sum says nothing, the rooms do.
        m_redis->command({"SADD", "room:garden:node:one.1", "user:ghost"});
        QTRY_COMPARE_WITH_TIMEOUT(rooms(), 2., 15000);
        QCOMPARE(drift(), 0.);
        m_redis->command({"SADD", "room:lobby:node:one.1", "user:alice"});
        m_redis->command({"SREM", "room:garden:node:one.1", "user:ghost"});
        QTRY_COMPARE_WITH_TIMEOUT(rooms(), 0., 15000);
    }
};

QTEST_GUILESS_MAIN(tst_PresenceMetrics)
#include "tst_presencemetrics.moc"
