// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/base/configuration.h"
#include "edgefixture.h"

#include <QRegularExpression>

#include <fcntl.h>
#include <sys/resource.h>

using namespace Rollcall;
using namespace std::chrono_literals;

namespace {

const QByteArray kHello = "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n";

int statusOf(const QByteArray &answer) { return answer.mid(9, 3).toInt(); }

/// Takes every free descriptor of the process, and gives them back.
class DescriptorHog
{
public:
    DescriptorHog()
    {
        ::getrlimit(RLIMIT_NOFILE, &m_before);
        rlimit few = m_before;
        few.rlim_cur = 200;
        ::setrlimit(RLIMIT_NOFILE, &few);
        for (int descriptor = 0; (descriptor = ::open("/dev/null", O_RDONLY)) >= 0;)
            m_descriptors.push_back(descriptor);
    }
    ~DescriptorHog()
    {
        release(m_descriptors.size());
        ::setrlimit(RLIMIT_NOFILE, &m_before);
    }
    void release(size_t count)
    {
        for (; count > 0 && !m_descriptors.empty(); --count) {
            ::close(m_descriptors.back());
            m_descriptors.pop_back();
        }
    }

private:
    rlimit m_before{};
    std::vector<int> m_descriptors;
};

} // namespace

class tst_EdgeLimits : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aRequestThatTakesTooLongGets408_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("milliseconds");
        const QByteArray post =
            "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n";
        QTest::newRow("head") << QByteArray("GET /hel") << 10'000;
        QTest::newRow("headers") << QByteArray("GET /hello HTTP/1.1\r\nHost: localhost\r\n")
                                 << 10'000;
        QTest::newRow("body") << post + "hel" << 30'000;
        QTest::newRow("body of nothing") << post << 30'000;
    }
    void aRequestThatTakesTooLongGets408()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, milliseconds);
        EdgeFixture fixture;
        RawClient client(fixture.port());
        RawClient other(fixture.port());
        client.send(bytes);
        QCOMPARE(statusOf(other.ask(kHello)), 200);
        EdgeFixture::settle();
        fixture.clock.advance(std::chrono::milliseconds(milliseconds - 1));
        EdgeFixture::settle();
        QCOMPARE(client.arrived(), QByteArray());
        QVERIFY(!client.isOver());
        fixture.clock.advance(200ms);
        QCOMPARE(statusOf(client.readToEnd()), 408);
    }

    void bytesThatDripDoNotRenewTheDeadline()
    {
        EdgeFixture fixture;
        RawClient client(fixture.port());
        for (int i = 0; i < 10; ++i) {
            client.send(kHello.mid(i, 1));
            EdgeFixture::settle();
            fixture.clock.advance(1s);
        }
        fixture.clock.advance(200ms);
        QCOMPARE(statusOf(client.readToEnd()), 408);
    }

    void anIdleConnectionIsClosedWithoutAWord_data()
    {
        QTest::addColumn<QByteArray>("request");
        QTest::addColumn<int>("milliseconds");
        QTest::newRow("nothing sent") << QByteArray() << 10'000;
        QTest::newRow("between requests") << kHello << 60'000;
    }
    void anIdleConnectionIsClosedWithoutAWord()
    {
        QFETCH(QByteArray, request);
        QFETCH(int, milliseconds);
        EdgeFixture fixture;
        RawClient client(fixture.port());
        if (!request.isEmpty())
            QCOMPARE(statusOf(client.ask(request)), 200);
        EdgeFixture::settle();
        fixture.clock.advance(std::chrono::milliseconds(milliseconds - 1));
        EdgeFixture::settle();
        QVERIFY(!client.isOver());
        fixture.clock.advance(200ms);
        QCOMPARE(client.readToEnd(), QByteArray());
        QVERIFY(client.isOver());
    }

    void aHandlerThatTakesTooLongIsAnsweredFor()
    {
        EdgeFixture fixture;
        RawClient client(fixture.port());
        client.send("GET /later HTTP/1.1\r\nHost: localhost\r\n\r\n");
        QTRY_COMPARE(fixture.kept.size(), size_t(1));
        fixture.clock.advance(10'100ms);
        QCOMPARE(statusOf(client.readAnswer()), 504);
        fixture.kept[0].send(HttpResponse::json({})); // too late
        QVERIFY(client.ask(kHello).endsWith("hello"));
    }

    void aClientThatIgnoresItsRefusalIsReset()
    {
        EdgeFixture fixture;
        RawClient client(fixture.port());
        client.send("nonsense\n");
        QTRY_VERIFY(client.arrived().startsWith("HTTP/1.1 400 "));
        // QTcpSocket answers a FIN by itself; half of a connection stays open only without it.
        RawClient mute(fixture.port());
        const int descriptor = ::dup(int(mute.socket.socketDescriptor()));
        mute.send("nonsense\n");
        QTRY_VERIFY(mute.arrived().startsWith("HTTP/1.1 400 "));
        fixture.clock.advance(5200ms);
        QTRY_COMPARE(fixture.value("rollcall_edge_connections"), 0.0);
        ::close(descriptor);
    }

    void connectionsAboveTheTotalGet503()
    {
        EdgeConfig config;
        config.maxConnections = 2;
        EdgeFixture fixture(config);
        RawClient one(fixture.port());
        auto two = std::make_unique<RawClient>(fixture.port());
        QCOMPARE(statusOf(one.ask(kHello)), 200);
        QCOMPARE(statusOf(two->ask(kHello)), 200);
        RawClient three(fixture.port());
        QVERIFY(three.readToEnd().startsWith("HTTP/1.1 503 "));
        QCOMPARE(fixture.value("rollcall_edge_rejected_total{reason=\"connections\"}"), 1.0);
        two.reset();
        QTRY_COMPARE(fixture.value("rollcall_edge_connections"), 1.0);
        RawClient four(fixture.port());
        QCOMPARE(statusOf(four.ask(kHello)), 200);
    }

    void connectionsOfOneAddressAboveItsLimitGet429()
    {
        EdgeConfig config;
        config.maxConnectionsPerAddress = 1;
        EdgeFixture fixture(config);
        RawClient one(fixture.port());
        QCOMPARE(statusOf(one.ask(kHello)), 200);
        RawClient two(fixture.port());
        QVERIFY(two.readToEnd().startsWith("HTTP/1.1 429 "));
        RawClient other(fixture.port(), "127.0.0.2");
        QCOMPARE(statusOf(other.ask(kHello)), 200);
        QCOMPARE(fixture.value("rollcall_edge_rejected_total{reason=\"address\"}"), 1.0);
    }

    void connectionsAboveTheRateWait()
    {
        EdgeConfig config;
        config.acceptsPerSecond = 10; // and so a burst of one
        EdgeFixture fixture(config);
        RawClient one(fixture.port());
        QCOMPARE(statusOf(one.ask(kHello)), 200);
        RawClient two(fixture.port());
        two.send(kHello);
        EdgeFixture::settle();
        QCOMPARE(two.arrived(), QByteArray());
        fixture.clock.advance(50ms);
        EdgeFixture::settle();
        QCOMPARE(two.arrived(), QByteArray());
        fixture.clock.advance(100ms);
        QCOMPARE(statusOf(two.readAnswer()), 200);
    }

    void bodiesOfAllTogetherAreLimited()
    {
        EdgeConfig config;
        config.maxBufferedBytes = 1 << 20;
        EdgeFixture fixture(config);
        const QByteArray post =
            "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900000\r\n\r\n";
        RawClient one(fixture.port());
        RawClient two(fixture.port());
        one.send(post + QByteArray(800'000, 'x'));
        QTRY_VERIFY(fixture.value("rollcall_edge_buffered_bytes") >= 800'000);
        two.send(post + QByteArray(800'000, 'x'));
        QCOMPARE(statusOf(two.readToEnd()), 503);
        one.send(QByteArray(100'000, 'x'));
        QCOMPARE(statusOf(one.readAnswer()), 200);
    }

    void anAnswerToAConnectionThatWasResetIsDropped()
    {
        EdgeConfig config;
        config.maxBufferedBytes = 100;
        EdgeFixture fixture(config);
        RawClient client(fixture.port());
        client.send("GET /later HTTP/1.1\r\nHost: localhost\r\n\r\n" + QByteArray(200, 'x'));
        QTRY_COMPARE(fixture.kept.size(), size_t(1));
        QTRY_COMPARE(fixture.value("rollcall_edge_connections"), 0.0);
        fixture.kept[0].send(HttpResponse::json({}));
        client.readToEnd();
        QCOMPARE(client.socket.error(), QAbstractSocket::RemoteHostClosedError);
    }

    void withoutDescriptorsClientsAreDroppedAndLaterServed()
    {
        EdgeFixture fixture;
        RawClient open(fixture.port());
        QCOMPARE(statusOf(open.ask(kHello)), 200);
        {
            DescriptorHog hog;
            hog.release(1);
            QTest::ignoreMessage(QtWarningMsg, QRegularExpression("no free descriptor: .*1 open"));
            RawClient dropped(fixture.port());
            dropped.readToEnd();
            QVERIFY(dropped.isOver());
            QCOMPARE(fixture.value("rollcall_edge_rejected_total{reason=\"descriptors\"}"), 1.0);
            QCOMPARE(statusOf(open.ask(kHello)), 200); // who is in does not notice
        }
        RawClient client(fixture.port());
        QCOMPARE(statusOf(client.ask(kHello)), 200);
    }

    void theLastDescriptorIsUsedAndNobodyIsDropped()
    {
        EdgeFixture fixture;
        DescriptorHog hog;
        hog.release(2); // for both ends
        RawClient client(fixture.port());
        QCOMPARE(statusOf(client.ask(kHello)), 200);
        QCOMPARE(fixture.value("rollcall_edge_rejected_total{reason=\"descriptors\"}"), 0.0);
    }

    void withoutAReserveClientsWaitUntilThereAreDescriptors()
    {
        EdgeFixture fixture;
        EdgeConfig config;
        config.port = 0;
        Edge edge(config, fixture.clock, fixture.metrics, fixture.tokens);
        auto hog = std::make_unique<DescriptorHog>();
        hog->release(1);
        QVERIFY(edge.listen()); // with the last descriptor: there is none for a reserve
        hog->release(1);
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression("no free descriptor"));
        RawClient client(edge.port());
        client.send("GET /live HTTP/1.1\r\nHost: localhost\r\n\r\n");
        EdgeFixture::settle();
        QVERIFY(!client.isOver());
        QCOMPARE(fixture.value("rollcall_edge_rejected_total{reason=\"descriptors\"}"), 1.0);
        hog = nullptr;
        fixture.clock.advance(50ms);
        QCOMPARE(statusOf(client.readAnswer()), 200);
    }

    void afterStopAcceptingConnectionsGoOn()
    {
        EdgeFixture fixture;
        const quint16 port = fixture.port();
        RawClient client(port);
        QCOMPARE(statusOf(client.ask(kHello)), 200);
        fixture.edge->stopAccepting();
        QCOMPARE(fixture.edge->port(), quint16(0));
        QCOMPARE(statusOf(client.ask(kHello)), 200);
        RawClient late(port);
        QVERIFY(late.isOver());
    }

    void aPortThatIsTakenIsSaid()
    {
        EdgeFixture fixture;
        EdgeConfig config;
        config.port = fixture.port();
        Edge second(config, fixture.clock, fixture.metrics, fixture.tokens);
        const Result<void> listening = second.listen();
        QVERIFY(!listening);
        QCOMPARE(listening.error().code, ErrorCode::Unavailable);
        QVERIFY(listening.error().logText.contains(QString::number(config.port)));
    }

    void limitsChangeWhileRunning()
    {
        EdgeFixture fixture;
        EdgeConfig config;
        config.http.maxBodyBytes = 4;
        config.publicUrl = "https://play.test";
        QVERIFY(fixture.edge->applyConfiguration(config));
        RawClient client(fixture.port());
        client.send("POST /echo HTTP/1.1\r\nHost: play.test\r\nContent-Length: 5\r\n\r\nhello");
        QCOMPARE(statusOf(client.readToEnd()), 413);
        QCOMPARE(fixture.edge->http()->publicUrl({}), QByteArray("https://play.test"));
    }

    void settingsAreReadAndChecked()
    {
        Configuration configuration;
        configuration.loadText(
            "[edge]\nhost = \"::1\"\nport = 0\npublicUrl = \"https://a.test/\"\n"
            "trustedProxies = [\"10.0.0.0/8\", \"::1\"]\nallowedOrigins = [\"https://a.test\"]\n"
            "maxBufferedBytes = \"2MiB\"\n[edge.tls]\ncertificate = \"c.pem\"\nkey = \"k.pem\"\n"
            "[http]\nidleTimeout = \"5s\"\n",
            "a.toml");
        const EdgeConfig config = EdgeConfig::read(configuration);
        configuration.finish();
        QCOMPARE(configuration.errors(), QStringList());
        QCOMPARE(config.publicUrl, QString("https://a.test"));
        QCOMPARE(config.maxBufferedBytes, 2 << 20);
        QCOMPARE(config.tlsKey, QString("k.pem"));
        QCOMPARE(config.http.idleTimeout, 5s);
    }

    void settingsThatAreWrong_data()
    {
        QTest::addColumn<QByteArray>("toml");
        QTest::newRow("host") << QByteArray("host = \"example.org\"");
        QTest::newRow("port") << QByteArray("port = 65536");
        QTest::newRow("publicUrl") << QByteArray("publicUrl = \"play.example.org\"");
        QTest::newRow("publicUrl scheme") << QByteArray("publicUrl = \"ftp://a\"");
        QTest::newRow("proxy") << QByteArray("trustedProxies = [\"proxy\"]");
        QTest::newRow("origin") << QByteArray("allowedOrigins = [\"a.test\"]");
        QTest::newRow("origin path") << QByteArray("allowedOrigins = [\"https://a.test/x\"]");
        QTest::newRow("certificate alone") << QByteArray("tls.certificate = \"a\"");
        QTest::newRow("key alone") << QByteArray("tls.key = \"a\"");
    }
    void settingsThatAreWrong()
    {
        QFETCH(QByteArray, toml);
        Configuration configuration;
        configuration.loadText("[edge]\n" + toml + '\n', "b.toml");
        EdgeConfig::read(configuration);
        configuration.finish();
        QCOMPARE(configuration.errors().size(), 1);
    }
};

QTEST_GUILESS_MAIN(tst_EdgeLimits)
#include "tst_edgelimits.moc"
