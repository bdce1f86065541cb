// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/redis/redisoptions.h"

#include <QTest>

using namespace Rollcall;

class tst_RedisOptions : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void urlIsRead_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<int>("socket");
        QTest::addColumn<QString>("host");
        QTest::addColumn<int>("port");
        QTest::addColumn<QByteArray>("username");
        QTest::addColumn<QByteArray>("password");
        QTest::addColumn<int>("database");
        QTest::addColumn<QString>("displayName");
        const int tcp = int(RedisOptions::Socket::Tcp);
        const int tls = int(RedisOptions::Socket::Tls);
        const int local = int(RedisOptions::Socket::Unix);
        const auto row = [](const char *url, int socket, const char *host, int port,
                            const char *username, const char *password, int database,
                            const char *displayName) {
            QTest::newRow(url) << QString(url) << socket << QString(host) << port
                               << QByteArray(username) << QByteArray(password) << database
                               << QString(displayName);
        };
        row("redis://example.org", tcp, "example.org", 6379, "", "", 0, "redis://example.org:6379");
        row("redis://:s%40crt@h:7000/3", tcp, "h", 7000, "", "s@crt", 3, "redis://h:7000/3");
        row("redis://me:pw@[::1]:1", tcp, "::1", 1, "me", "pw", 0, "redis://me@[::1]:1");
        row("rediss://h/0", tls, "h", 6379, "", "", 0, "rediss://h:6379");
        row("redis://h?db=5", tcp, "h", 6379, "", "", 5, "redis://h:6379/5");
        row("unix:///run/a%20b.sock", local, "/run/a b.sock", 6379, "", "", 0,
            "unix:///run/a b.sock");
        row("unix:///r.sock?db=2", local, "/r.sock", 6379, "", "", 2, "unix:///r.sock?db=2");
    }
    void urlIsRead()
    {
        QFETCH(QString, url);
        const auto options = RedisOptions::fromUrl(url);
        QVERIFY2(options, options ? "" : qPrintable(options.error().logText));
        QTEST(int(options->socket), "socket");
        QTEST(options->host, "host");
        QTEST(int(options->port), "port");
        QTEST(options->username, "username");
        QTEST(options->password, "password");
        QTEST(options->database, "database");
        QTEST(options->displayName(), "displayName");
    }

    void wrongUrlIsRefusedWithoutQuotingIt_data()
    {
        QTest::addColumn<QString>("url");
        for (const char *url : {"", "redis", "redis:", "redis:///0", "http://h", "redis://h:0",
                                "redis://h:70000", "redis://h/x", "redis://h/-1", "redis://user:@h",
                                "redis://h#pw", "redis://h?password=pw", "unix://h/path",
                                "unix:", "redis://:pw@h:port", "redis://h/99999999999"})
            QTest::newRow(url) << QString(url);
    }
    void wrongUrlIsRefusedWithoutQuotingIt()
    {
        QFETCH(QString, url);
        const auto options = RedisOptions::fromUrl(url);
        QVERIFY(!options);
        QCOMPARE(options.error().code, ErrorCode::Configuration);
        QVERIFY(!options.error().logText.isEmpty());
        QVERIFY(!options.error().logText.contains("pw"));
    }

    void unixPathEndsAt107Bytes()
    {
        QVERIFY(RedisOptions::fromUrl("unix:///" + QString(106, 'a')));
        const auto tooLong = RedisOptions::fromUrl("unix:///" + QString(107, 'a'));
        QVERIFY(!tooLong);
        QVERIFY(tooLong.error().logText.contains("108 bytes"));
    }

    void loopbackAndUnixAreLocal()
    {
        RedisOptions options;
        QVERIFY(options.isLocal());
        for (const char *host : {"localhost", "127.0.0.5", "::1"}) {
            options.host = host;
            QVERIFY(options.isLocal());
        }
        options.host = "10.0.0.1";
        QVERIFY(!options.isLocal());
    }
};

QTEST_GUILESS_MAIN(tst_RedisOptions)
#include "tst_redisoptions.moc"
