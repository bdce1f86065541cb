// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/base/metrics.h"
#include "core/redis/redisclient.h"
#include "core/redis/redishub.h"
#include "core/redis/redissubscriber.h"
#include "support/testredis.h"

#include <QSignalSpy>
#include <QTest>

#include <csignal>

using namespace Rollcall;
using namespace std::chrono_literals;

class tst_RedisHub : public QObject
{
    Q_OBJECT
private:
    SystemClock m_clock;
    Metrics m_metrics;

    static RedisConfig configFor(const TestRedis &redis)
    {
        RedisConfig config;
        config.isEmbedded = false;
        config.options = redis.options();
        config.options.pingInterval = 50ms;
        config.options.pingDeadline = 200ms;
        return config;
    }

private Q_SLOTS:
    void comesUpAndAgainAfterKillAndRestart()
    {
        TestRedis redis;
        RedisHub hub(configFor(redis), m_clock, m_metrics, "n1.1");
        QSignalSpy up(&hub, &RedisHub::up);
        QSignalSpy down(&hub, &RedisHub::down);
        QVERIFY(hub.start());
        QTRY_COMPARE(up.size(), 1);
        QVERIFY(hub.isUp());
        QCOMPARE(hub.downReason(), QString());
        QVERIFY(qAbs(hub.clockOffsetMs()) < 1000);
        redis.kill();
        QTRY_COMPARE(down.size(), 1);
        QVERIFY(!hub.downReason().isEmpty());
        redis.restart(TestRedis::Data::Lost);
        QTRY_COMPARE(up.size(), 2);
        QCOMPARE(redis.command({"GET", "rollcall:schema"}).text, QByteArray("1"));
    }

    void embeddedServerIsStartedAgainAfterKill()
    {
        RedisHub hub(RedisConfig(), m_clock, m_metrics, "n1.1");
        QSignalSpy up(&hub, &RedisHub::up);
        QVERIFY(hub.start());
        QVERIFY(hub.embeddedSocketPath().endsWith(".sock"));
        QTRY_COMPARE(up.size(), 1);
        qint64 pid = 0;
        hub.client()->command({"INFO", "server"}, this, [&](const RedisReply &reply) {
            const qsizetype at = reply.text.indexOf("process_id:") + 11;
            pid = reply.text.mid(at, reply.text.indexOf('\r', at) - at).toLongLong();
        });
        QTRY_VERIFY(pid > 1);
        ::kill(pid_t(pid), SIGKILL);
        QTRY_COMPARE(up.size(), 2);
        QCOMPARE(hub.embeddedRestarts(), quint64(1));
    }
};

QTEST_GUILESS_MAIN(tst_RedisHub)
#include "tst_redishub.moc"
