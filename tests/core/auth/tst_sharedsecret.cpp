// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/auth/jwttokenservice.h"
#include "core/base/metrics.h"
#include "core/redis/redishub.h"

#include "support/testredis.h"

#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>

using namespace Rollcall;
using namespace std::chrono_literals;

class tst_SharedSecret : public QObject
{
    Q_OBJECT

    SystemClock m_clock;
    Metrics m_metrics;

    static RedisConfig configFor(const TestRedis &redis)
    {
        RedisConfig config;
        config.isEmbedded = false;
        config.options = redis.options();
        return config;
    }
    static AuthConfig withoutSecret()
    {
        AuthConfig config;
        config.operatorSecret = "operators only, please";
        return config;
    }
    static QByteArray issue(const JwtTokenService &service)
    {
        TokenClaims claims;
        claims.subject = UserId("alice");
        const auto token = service.issue(claims, 60s);
        return token ? *token : QByteArray();
    }

private Q_SLOTS:
    void nodesOfOneRedisAcceptEachOthersTokens()
    {
        TestRedis redis;
        RedisHub oneHub(configFor(redis), m_clock, m_metrics, "one");
        RedisHub otherHub(configFor(redis), m_clock, m_metrics, "other");
        JwtTokenService one(withoutSecret(), m_clock, &oneHub);
        JwtTokenService other(withoutSecret(), m_clock, &otherHub);
        QVERIFY(oneHub.start());
        QVERIFY(otherHub.start());
        QVERIFY(one.start());
        QVERIFY(other.start());
        QVERIFY2(!one.isReady(), "nothing is known before Redis answers");
        QTRY_VERIFY(one.isReady() && other.isReady());
        QVERIFY(other.verify(issue(one)).hasValue());
        QVERIFY(one.verify(issue(other)).hasValue());
        QCOMPARE(redis.command({"GET", "rollcall:secret"}).text.size(), 43);
    }

    void secretSurvivesARedisThatLostItsData()
    {
        TestRedis redis;
        RedisHub hub(configFor(redis), m_clock, m_metrics, "one");
        JwtTokenService service(withoutSecret(), m_clock, &hub);
        QVERIFY(hub.start());
        QVERIFY(service.start());
        QTRY_VERIFY(service.isReady());
        const QByteArray token = issue(service);
        const QByteArray secret = redis.command({"GET", "rollcall:secret"}).text;
        QSignalSpy down(&hub, &RedisService::down);
        redis.kill();
        QTRY_VERIFY(!down.isEmpty());
        QVERIFY2(service.verify(token).hasValue(), "tokens are checked without Redis");
        redis.restart(TestRedis::Data::Lost);
        QTRY_COMPARE(redis.command({"GET", "rollcall:secret"}).text, secret);
        QVERIFY(service.verify(token).hasValue());
    }

    void shortSecretIsNotUsed()
    {
        TestRedis redis;
        redis.command({"SET", "rollcall:secret", "guessme"});
        RedisHub hub(configFor(redis), m_clock, m_metrics, "one");
        JwtTokenService service(withoutSecret(), m_clock, &hub);
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression("no secret in rollcall:secret"));
        QVERIFY(hub.start());
        QVERIFY(service.start());
        QTRY_VERIFY(hub.isUp());
        QVERIFY(!service.isReady());
        redis.command({"DEL", "rollcall:secret"});
        QTRY_VERIFY(service.isReady());
    }
};

QTEST_GUILESS_MAIN(tst_SharedSecret)
#include "tst_sharedsecret.moc"
