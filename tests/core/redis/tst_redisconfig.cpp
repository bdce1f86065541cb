// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/redis/redisconfig.h"

#include <QTest>

using namespace Rollcall;
using namespace std::chrono_literals;

class tst_RedisConfig : public QObject
{
    Q_OBJECT
private:
    static RedisConfig read(const QByteArray &toml, const QMap<QString, QString> &variables,
                            QStringList &errors)
    {
        Configuration configuration;
        configuration.loadText(toml, "a.toml");
        QProcessEnvironment environment;
        for (auto it = variables.begin(); it != variables.end(); ++it)
            environment.insert(it.key(), it.value());
        configuration.setEnvironment(environment);
        const RedisConfig config = RedisConfig::read(configuration);
        configuration.finish();
        errors = configuration.errors();
        return config;
    }

private Q_SLOTS:
    void addressIsChosen_data()
    {
        using Variables = QMap<QString, QString>;
        QTest::addColumn<QByteArray>("toml");
        QTest::addColumn<Variables>("variables");
        QTest::addColumn<QString>("address"); // empty: embedded
        QTest::addColumn<QByteArray>("password");
        QTest::newRow("nothing") << QByteArray() << Variables() << "" << QByteArray();
        QTest::newRow("url") << QByteArray("[redis]\nurl = \"redis://:a@h:1/2\"") << Variables()
                             << "redis://h:1/2" << QByteArray("a");
        QTest::newRow("REDIS_URL") << QByteArray() << Variables{{"REDIS_URL", "unix:///r.sock"}}
                                   << "unix:///r.sock" << QByteArray();
        QTest::newRow("REDIS_HOST")
            << QByteArray() << Variables{{"REDIS_HOST", "h"}} << "redis://h:6379" << QByteArray();
        QTest::newRow("REDIS_HOST and its companions")
            << QByteArray()
            << Variables{{"REDIS_HOST", "h"}, {"REDIS_PORT", "7"}, {"REDIS_PASSWORD", "p"}}
            << "redis://h:7" << QByteArray("p");
        QTest::newRow("REDIS_PORT alone")
            << QByteArray() << Variables{{"REDIS_PORT", "7"}} << "" << QByteArray();
        QTest::newRow("url wins over REDIS_HOST")
            << QByteArray("[redis]\nurl = \"redis://a\"")
            << Variables{{"REDIS_HOST", "b"}, {"REDIS_PASSWORD", "p"}} << "redis://a:6379"
            << QByteArray("p");
        QTest::newRow("url's password wins")
            << QByteArray("[redis]\nurl = \"redis://:x@a\"") << Variables{{"REDIS_PASSWORD", "p"}}
            << "redis://a:6379" << QByteArray("x");
    }
    void addressIsChosen()
    {
        QFETCH(QByteArray, toml);
        using Variables = QMap<QString, QString>;
        QFETCH(Variables, variables);
        QFETCH(QString, address);
        QStringList errors;
        const RedisConfig config = read(toml, variables, errors);
        QCOMPARE(errors, QStringList());
        QCOMPARE(config.isEmbedded, address.isEmpty());
        if (!address.isEmpty())
            QCOMPARE(config.options.displayName(), address);
        QTEST(config.options.password, "password");
    }

    void everyOtherSettingIsRead()
    {
        QStringList errors;
        const RedisConfig config =
            read("[redis]\nurl = \"redis://h\"\nprefix = \"p:\"\nrequestDeadline = "
                 "\"1ms\"\ncommandDeadline = \"20ms\"\n"
                 "connectDeadline = \"30ms\"\npingInterval = \"40ms\"\npingDeadline = "
                 "\"50ms\"\nbackoffMin = \"60ms\"\n"
                 "backoffMax = \"70ms\"\nrefusedBackoff = \"800ms\"\nloopbackAfter = "
                 "\"900ms\"\nloopbackDeadline = \"10ms\"\n"
                 "maxReplyBytes = \"2KiB\"\nmaxReplyElements = 17\nmaxCommandsInFlight = "
                 "18\nmaxBufferedBytes = \"3KiB\"\n"
                 "serverBinary = \"rs\"\ntlsAuthorities = \"/ca.pem\"\n",
                 {}, errors);
        QCOMPARE(errors, QStringList());
        QCOMPARE(config.prefix, QByteArray("p:"));
        QCOMPARE(config.requestDeadline, 1ms);
        QCOMPARE(config.options.commandDeadline, 20ms);
        QCOMPARE(config.options.connectDeadline, 30ms);
        QCOMPARE(config.options.pingInterval, 40ms);
        QCOMPARE(config.options.pingDeadline, 50ms);
        QCOMPARE(config.options.backoffMin, 60ms);
        QCOMPARE(config.options.backoffMax, 70ms);
        QCOMPARE(config.options.refusedBackoff, 800ms);
        QCOMPARE(config.loopbackAfter, 900ms);
        QCOMPARE(config.loopbackDeadline, 10ms);
        QCOMPARE(config.options.maxReplyBytes, 2048);
        QCOMPARE(config.options.maxReplyElements, 17);
        QCOMPARE(config.options.maxCommandsInFlight, 18);
        QCOMPARE(config.options.maxBufferedBytes, 3072);
        QCOMPARE(config.serverBinary, QString("rs"));
        QCOMPARE(config.options.tlsAuthorities, QString("/ca.pem"));
    }

    void everyProblemIsReported()
    {
        QStringList errors;
        read(
            "[redis]\nurl = \"http://secret@h\"\nusername = \"u\"\nbackoffMin = \"3s\"\ntypo = 1\n",
            {}, errors);
        QCOMPARE(errors.size(), 4);
        const QString all = errors.join('\n');
        QVERIFY(all.contains("a.toml:2: redis.url: "));
        QVERIFY(all.contains("redis.username: needs redis.password"));
        QVERIFY(all.contains("redis.backoffMax: must not be less than redis.backoffMin"));
        QVERIFY(all.contains("unknown setting 'redis.typo'"));
        QVERIFY(!all.contains("secret"));
    }

    void everySettingHasAHelpText()
    {
        Configuration configuration;
        RedisConfig::read(configuration);
        for (const Setting &setting : configuration.settings())
            QVERIFY2(!setting.help.isEmpty(), qPrintable(setting.name));
        QVERIFY(configuration.settings().value("redis.url").secret);
        QVERIFY(configuration.settings().value("redis.password").secret);
    }
};

QTEST_GUILESS_MAIN(tst_RedisConfig)
#include "tst_redisconfig.moc"
