// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/redis/redisclient.h"
#include "core/redis/redisoptions.h"
#include "core/redis/redissubscriber.h"
#include "support/testredis.h"

#include <QProcess>
#include <QSslSocket>
#include <QTcpServer>
#include <QTest>

using namespace Rollcall;
using namespace std::chrono_literals;

/// rediss:// against a redis-server with a certificate made for this test.
class tst_RedisTls : public QObject
{
    Q_OBJECT
private:
    SystemClock m_clock;
    QTemporaryDir m_directory;
    std::unique_ptr<TestRedis> m_redis;
    RedisOptions m_options;

    QString file(const char *name) const { return m_directory.filePath(QString::fromLatin1(name)); }

private Q_SLOTS:
    void initTestCase()
    {
        if (!QSslSocket::supportsSsl())
            QSKIP("Qt has no TLS here");
        QCOMPARE(QProcess::execute("openssl",
                                   {"req", "-x509", "-newkey", "ec", "-pkeyopt",
                                    "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
                                    "/CN=localhost", "-addext",
                                    "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout",
                                    file("key.pem"), "-out", file("cert.pem")}),
                 0);
        m_redis = std::make_unique<TestRedis>();
        for (const auto &[name, value] : std::initializer_list<std::pair<QByteArray, QByteArray>>{
                 {"tls-cert-file", file("cert.pem").toLocal8Bit()},
                 {"tls-key-file", file("key.pem").toLocal8Bit()},
                 {"tls-auth-clients", "no"}}) {
            if (const RedisReply reply = m_redis->command({"CONFIG", "SET", name, value});
                !reply.isOk())
                QSKIP("this redis-server has no TLS");
        }
        // redis-server cannot choose a free port itself: ask the system, and again if somebody was
        // faster.
        for (int attempt = 0; attempt < 10 && m_options.port == 6379; ++attempt) {
            QTcpServer probe;
            QVERIFY(probe.listen(QHostAddress::LocalHost));
            const quint16 port = probe.serverPort();
            probe.close();
            if (m_redis->command({"CONFIG", "SET", "tls-port", QByteArray::number(port)}).isOk())
                m_options.port = port;
        }
        QVERIFY(m_options.port != 6379);
        const auto options =
            RedisOptions::fromUrl(QStringLiteral("rediss://localhost:%1").arg(m_options.port));
        QVERIFY(options);
        m_options = *options;
    }

    void bothConnectionsWork()
    {
        RedisOptions options = m_options;
        options.tlsAuthorities = file("cert.pem");
        RedisClient client(options, m_clock);
        RedisSubscriber subscriber(options, m_clock);
        QByteArray message;
        subscriber.subscribe("a", this,
                             [&](const QByteArray &, const QByteArray &text) { message = text; });
        client.start();
        subscriber.start();
        QTRY_VERIFY2(client.isUp(), qPrintable(client.downReason()));
        QTRY_VERIFY(subscriber.isUp());
        const QByteArray large(1'000'000, 'x');
        client.send({"PUBLISH", "a", large});
        QTRY_COMPARE(message.size(), large.size());
        QByteArray value;
        client.send({"SET", "k", large});
        client.command({"GET", "k"}, this, [&](const RedisReply &reply) { value = reply.text; });
        QTRY_COMPARE(value.size(), large.size());
    }

    void unknownAuthorityIsRefused()
    {
        RedisClient client(m_options, m_clock);
        client.start();
        QTRY_VERIFY2(client.downReason().contains("self-signed", Qt::CaseInsensitive),
                     qPrintable(client.downReason()));
        QVERIFY(!client.isUp());
    }

    void missingFileOfAuthoritiesIsSaid()
    {
        RedisOptions options = m_options;
        options.tlsAuthorities = "/nonexistent/ca.pem";
        RedisClient client(options, m_clock);
        client.start();
        QVERIFY2(client.downReason().contains("/nonexistent/ca.pem"),
                 qPrintable(client.downReason()));
    }

    void plainConnectionToATlsPortIsNotUp()
    {
        RedisOptions options = m_options;
        options.socket = RedisOptions::Socket::Tcp;
        options.connectDeadline = 300ms;
        RedisClient client(options, m_clock);
        client.start();
        QTRY_VERIFY(!client.downReason().isEmpty() && client.downReason() != "connecting");
        QVERIFY(!client.isUp());
    }
};

QTEST_GUILESS_MAIN(tst_RedisTls)
#include "tst_redistls.moc"
