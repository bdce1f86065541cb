// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/base/logging.h"

#include "core/base/configuration.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QLoggingCategory>
#include <QRegularExpression>
#include <QTest>

#include <array>
#include <fcntl.h>
#include <unistd.h>

using namespace Rollcall;

namespace {

Q_LOGGING_CATEGORY(quiet, "rollcall.test")
Q_LOGGING_CATEGORY(traffic, "rollcall.plugin.test.traffic")

} // namespace

class tst_Logging : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        QCOMPARE(::pipe2(m_pipe.data(), O_NONBLOCK), 0);
        m_before = qInstallMessageHandler(nullptr);
        installLogging({}, m_pipe[1]);
    }
    void cleanup()
    {
        qInstallMessageHandler(m_before);
        ::close(m_pipe[0]);
        ::close(m_pipe[1]);
    }

    void lineHasTimeLevelCategoryAndMessage()
    {
        qCWarning(quiet) << "three" << 3;
        static const QRegularExpression line("^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z "
                                             "warning rollcall\\.test: three 3\n$");
        const QString logged = read();
        QVERIFY2(line.match(logged).hasMatch(), qPrintable(logged));
    }

    void infoIsTheDefaultAndTrafficIsOff()
    {
        qCDebug(quiet) << "debug";
        qCInfo(traffic) << "traffic";
        qCInfo(quiet) << "info";
        const QString logged = read();
        QCOMPARE(logged.count('\n'), 1);
        QVERIFY(logged.endsWith("info rollcall.test: info\n"));
    }

    void levelsChangeWhileRunning()
    {
        applyLogging({LogFormat::Text,
                      LogLevel::Warning,
                      {{"rollcall.plugin.test.traffic", LogLevel::Debug}}});
        qCInfo(quiet) << "info";
        qCDebug(traffic) << "traffic";
        QVERIFY(read().endsWith("debug rollcall.plugin.test.traffic: traffic\n"));
        applyLogging({});
        qCDebug(traffic) << "traffic";
        QCOMPARE(read(), QString());
    }

    void nobodyWritesLinesOfTheirOwn()
    {
        qCInfo(quiet).noquote() << "a\nb\r\x1b[31m" << QString(QChar(0x2028))
                                << QString(QChar(0xd800));
        const QString logged = read();
        QCOMPARE(logged.count('\n'), 1);
        QVERIFY2(logged.contains("a\\nb\\x0d\\x1b[31m \\x2028"), qPrintable(logged));
    }

    void jsonIsOneObjectALine()
    {
        applyLogging({LogFormat::Json, LogLevel::Info, {}});
        qCInfo(quiet).noquote() << "say \"hello\"\nand go";
        const QByteArray logged = read().toUtf8();
        QCOMPARE(logged.count('\n'), 1);
        const QJsonObject line = QJsonDocument::fromJson(logged).object();
        QCOMPARE(line.keys(), QStringList({"category", "level", "message", "time"}));
        QCOMPARE(line["message"].toString(), QString("say \"hello\"\nand go"));
        QCOMPARE(line["level"].toString(), QString("info"));
    }

    void longMessagesAreCut_data()
    {
        QTest::addColumn<LogFormat>("format");
        QTest::addColumn<QString>("message");
        QTest::newRow("text") << LogFormat::Text << QString(100'000, 'x');
        QTest::newRow("text, escaped") << LogFormat::Text << QString(100'000, QChar(1));
        QTest::newRow("json, escaped") << LogFormat::Json << QString(100'000, QChar(1));
        QTest::newRow("four bytes each")
            << LogFormat::Text << QString("\U0001F600").repeated(50'000);
    }
    void longMessagesAreCut()
    {
        QFETCH(LogFormat, format);
        QFETCH(QString, message);
        applyLogging({format, LogLevel::Info, {}});
        qCInfo(quiet).noquote() << message;
        const QByteArray logged = readBytes();
        QVERIFY2(logged.size() <= 4096 && logged.size() > 1024,
                 qPrintable(QString::number(logged.size())));
        QVERIFY(logged.endsWith('\n'));
        QVERIFY(logged.contains(" ..."));
        if (format == LogFormat::Json)
            QVERIFY(QJsonDocument::fromJson(logged).isObject());
    }

    void linesNobodyReadsAreDroppedAndCounted()
    {
        for (int i = 0; i < 1000; ++i)
            qCInfo(quiet).noquote() << QString(1000, 'x');
        const qsizetype written = readBytes().count('\n');
        QVERIFY(written < 1000);
        qCInfo(quiet) << "back";
        const QString logged = read();
        QVERIFY2(
            logged.contains(
                QString("warning rollcall.core.log: %1 lines were dropped").arg(1000 - written)),
            qPrintable(logged));
        QVERIFY(logged.endsWith("back\n"));
    }

    void longestRuleDecides_data()
    {
        QTest::addColumn<QString>("category");
        QTest::addColumn<LogLevel>("level");
        QTest::newRow("no rule") << "rollcall.host" << LogLevel::Info;
        QTest::newRow("exact") << "rollcall.core.redis" << LogLevel::Critical;
        QTest::newRow("below") << "rollcall.core.redis.script" << LogLevel::Warning;
        QTest::newRow("wildcard") << "rollcall.core.edge" << LogLevel::Warning;
        QTest::newRow("traffic needs its own word")
            << "rollcall.core.traffic" << LogLevel::Critical;
        QTest::newRow("traffic by wildcard")
            << "rollcall.plugin.realtime.traffic" << LogLevel::Debug;
    }
    void longestRuleDecides()
    {
        QFETCH(QString, category);
        const LogConfig config{LogFormat::Text,
                               LogLevel::Info,
                               {{"rollcall.core.*", LogLevel::Warning},
                                {"rollcall.core.redis", LogLevel::Critical},
                                {"rollcall.plugin.*.traffic", LogLevel::Debug}}};
        QTEST(config.levelOf(category), "level");
    }

    void settingsAreRead()
    {
        Configuration configuration;
        configuration.loadText(
            "[log]\nformat = \"json\"\nlevel = \"debug\"\n[log.rules]\nrollcall.core.redis = "
            "\"warning\"\n\"rollcall.plugin.*\" = \"loud\"\n",
            "a.toml");
        const LogConfig config = LogConfig::read(configuration);
        configuration.finish();
        QCOMPARE(config.format, LogFormat::Json);
        QCOMPARE(config.level, LogLevel::Debug);
        QCOMPARE(config.rules,
                 (QMap<QString, LogLevel>{{"rollcall.core.redis", LogLevel::Warning}}));
        QCOMPARE(configuration.errors().size(), 1);
        QVERIFY2(configuration.errors().first().contains("rollcall.plugin.*"),
                 qPrintable(configuration.errors().first()));
    }

private:
    QByteArray readBytes()
    {
        QByteArray bytes(1 << 20, Qt::Uninitialized);
        const ssize_t size = ::read(m_pipe[0], bytes.data(), size_t(bytes.size()));
        bytes.truncate(std::max<qsizetype>(size, 0));
        return bytes;
    }
    QString read() { return QString::fromUtf8(readBytes()); }

    std::array<int, 2> m_pipe{-1, -1};
    QtMessageHandler m_before = nullptr;
};

QTEST_GUILESS_MAIN(tst_Logging)
#include "tst_logging.moc"
