// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/redis/embeddedredis.h"
#include "core/redis/redisclient.h"
#include "core/redis/redisoptions.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>

using namespace Rollcall;
using namespace std::chrono_literals;

static const QString kHostArgument = QStringLiteral("--as-host");

class tst_EmbeddedRedis : public QObject
{
    Q_OBJECT
private:
    SystemClock m_clock;

    static RedisOptions optionsFor(const EmbeddedRedis &redis)
    {
        RedisOptions options;
        options.socket = RedisOptions::Socket::Unix;
        options.host = redis.socketPath();
        return options;
    }
    static bool isAlive(qint64 pid)
    {
        const QString process = QStringLiteral("/proc/%1").arg(pid);
        QFile status(process + "/stat");
        if (!status.open(QIODevice::ReadOnly))
            return false;
        // A zombie whose other threads still end keeps its sockets.
        return !status.readAll().contains(") Z ")
            || QDir(process + "/task").entryList(QDir::Dirs | QDir::NoDotAndDotDot).size() > 1;
    }

private Q_SLOTS:
    void answersOnAPrivateSocketWithoutPersistence()
    {
        EmbeddedRedis redis("redis-server", m_clock);
        QVERIFY(redis.start());
        QVERIFY(redis.socketPath().endsWith(".sock"));
        struct stat directory
        { };
        QCOMPARE(::stat(QFileInfo(redis.socketPath()).path().toLocal8Bit().constData(), &directory),
                 0);
        QCOMPARE(int(directory.st_mode & 0777), 0700);
        RedisClient client(optionsFor(redis), m_clock);
        client.start();
        QTRY_VERIFY(client.isUp());
        QByteArrayList settings;
        for (const char *name :
             {"save", "appendonly", "notify-keyspace-events", "port", "maxmemory-policy"}) {
            client.command({"CONFIG", "GET", name}, this, [&](const RedisReply &reply) {
                settings.append(reply.elements.at(1).text);
            });
        }
        QTRY_COMPARE(settings.size(), 5);
        QCOMPARE(settings, QByteArrayList({"", "no", "xE", "0", "noeviction"}));
    }

    void directoryFollowsXdgRuntimeDirUnlessItIsTooLong()
    {
        const QByteArray before = qgetenv("XDG_RUNTIME_DIR");
        QTemporaryDir runtime("/tmp/rollcall-xdg-XXXXXX");
        qputenv("XDG_RUNTIME_DIR", runtime.path().toLocal8Bit());
        {
            EmbeddedRedis redis("redis-server", m_clock);
            QVERIFY(redis.start());
            QVERIFY(redis.socketPath().startsWith(runtime.path() + "/rollcall-"));
        }
        const QString deep = runtime.path() + '/' + QString(100, 'd');
        QVERIFY(QDir().mkpath(deep));
        qputenv("XDG_RUNTIME_DIR", deep.toLocal8Bit());
        {
            EmbeddedRedis redis("redis-server", m_clock);
            QVERIFY(redis.start());
            QVERIFY(redis.socketPath().startsWith(QDir::tempPath() + "/rollcall-"));
        }
        qputenv("XDG_RUNTIME_DIR", before);
        QCOMPARE(QDir(deep).entryList(QDir::AllEntries | QDir::NoDotAndDotDot), QStringList());
    }

    void killedServerIsStartedAgainOnTheSamePath()
    {
        EmbeddedRedis redis("redis-server", m_clock);
        QSignalSpy died(&redis, &EmbeddedRedis::died);
        QVERIFY(redis.start());
        RedisClient client(optionsFor(redis), m_clock);
        QSignalSpy up(&client, &RedisClient::up);
        client.start();
        QTRY_COMPARE(up.size(), 1);
        for (int i = 1; i <= 2; ++i) {
            const qint64 pid = redis.processId();
            ::kill(pid_t(pid), SIGKILL);
            QTRY_COMPARE(died.size(), i);
            QTRY_COMPARE(up.size(), 1 + i);
            QVERIFY(redis.processId() != pid);
        }
        QCOMPARE(redis.restarts(), quint64(2));
    }

    void stopEndsTheServerForGood()
    {
        EmbeddedRedis redis("redis-server", m_clock);
        QSignalSpy died(&redis, &EmbeddedRedis::died);
        QVERIFY(redis.start());
        const qint64 pid = redis.processId();
        QTRY_VERIFY(QFile::exists(redis.socketPath()));
        redis.stop();
        QTRY_COMPARE(redis.processId(), 0);
        QVERIFY(!isAlive(pid));
        QCOMPARE(died.size(), 0);
    }

    void destructionEndsAStoppedServerAndRemovesTheDirectory()
    {
        auto redis = std::make_unique<EmbeddedRedis>("redis-server", m_clock);
        QVERIFY(redis->start());
        const qint64 pid = redis->processId();
        const QString directory = QFileInfo(redis->socketPath()).path();
        QTRY_VERIFY(QFile::exists(redis->socketPath()));
        ::kill(pid_t(pid), SIGSTOP);
        redis.reset();
        QVERIFY(!isAlive(pid));
        QVERIFY(!QFile::exists(directory));
    }

    void missingProgramIsAnError()
    {
        EmbeddedRedis redis("/nonexistent/redis-server", m_clock);
        const auto started = redis.start();
        QVERIFY(!started);
        QVERIFY(started.error().logText.contains("redis.serverBinary"));
        QCOMPARE(redis.socketPath(), QString());
    }

    void serverThatCannotRunIsTriedAgainWithBackoff()
    {
        EmbeddedRedis redis("false", m_clock);
        QSignalSpy died(&redis, &EmbeddedRedis::died);
        QVERIFY(redis.start());
        QTRY_VERIFY(died.size() >= 3);
        QVERIFY(died.first().first().toString().contains("ended with code 1"));
        redis.stop();
    }

    void diesWithTheHostAndTheNextOneCleansUp()
    {
        QTemporaryDir runtime("/tmp/rollcall-xdg-XXXXXX");
        QProcess host;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert("XDG_RUNTIME_DIR", runtime.path());
        host.setProcessEnvironment(environment);
        host.start(QCoreApplication::applicationFilePath(), {kHostArgument});
        QVERIFY(host.waitForReadyRead());
        const QList<QByteArray> said = host.readLine().trimmed().split(' ');
        const qint64 server = said.at(0).toLongLong();
        const QString directory = QFileInfo(QString::fromLocal8Bit(said.at(1))).path();
        QVERIFY(isAlive(server));
        host.kill(); // SIGKILL: no destructor runs
        host.waitForFinished();
        QTRY_VERIFY(!isAlive(server));
        QVERIFY(QFile::exists(directory + "/redis.sock"));

        const QByteArray before = qgetenv("XDG_RUNTIME_DIR");
        qputenv("XDG_RUNTIME_DIR", runtime.path().toLocal8Bit());
        {
            EmbeddedRedis fresh("redis-server", m_clock);
            QVERIFY(fresh.start());
            QVERIFY(QFile::exists(directory)); // could be one that is still starting
        }
        const timespec old[2]{{1'000'000'000, 0}, {1'000'000'000, 0}};
        QCOMPARE(utimensat(AT_FDCWD, directory.toLocal8Bit().constData(), old, 0), 0);
        EmbeddedRedis next("redis-server", m_clock);
        QVERIFY(next.start());
        QVERIFY(!QFile::exists(directory));
        // Not one that is in use, however old.
        QTRY_VERIFY(QFile::exists(next.socketPath()));
        const QString used = QFileInfo(next.socketPath()).path();
        QCOMPARE(utimensat(AT_FDCWD, used.toLocal8Bit().constData(), old, 0), 0);
        EmbeddedRedis another("redis-server", m_clock);
        QVERIFY(another.start());
        QVERIFY(QFile::exists(next.socketPath()));
        qputenv("XDG_RUNTIME_DIR", before);
    }

    void hasASessionOfItsOwn()
    {
        EmbeddedRedis redis("redis-server", m_clock);
        QVERIFY(redis.start());
        // Ctrl-C in a terminal goes to the host's process group only.
        QVERIFY(redis.processId() > 0);
        QTRY_COMPARE(qint64(::getpgid(pid_t(redis.processId()))), redis.processId());
    }
};

/// A host that will be killed: says the server's id and socket, and waits.
static int runHost(QCoreApplication &application)
{
    SystemClock clock;
    EmbeddedRedis redis("redis-server", clock);
    if (!redis.start())
        return 1;
    auto timer = clock.createTimer([&] {
        if (!QFile::exists(redis.socketPath()))
            return;
        std::printf("%lld %s\n", static_cast<long long>(redis.processId()),
                    qPrintable(redis.socketPath()));
        std::fflush(stdout);
    });
    timer->startRepeating(5ms);
    return application.exec();
}

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    if (application.arguments().contains(kHostArgument))
        return runHost(application);
    tst_EmbeddedRedis test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_embeddedredis.moc"
