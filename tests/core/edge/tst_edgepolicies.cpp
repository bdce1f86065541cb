// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/edge/admission.h"
#include "core/edge/originpolicy.h"
#include "core/edge/proxypolicy.h"

#include <QTest>

using namespace Rollcall;

class tst_EdgePolicies : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void origins_data()
    {
        QTest::addColumn<QStringList>("allowed");
        QTest::addColumn<QByteArray>("origin");
        QTest::addColumn<QByteArray>("authority");
        QTest::addColumn<bool>("isSecure");
        QTest::addColumn<bool>("isAllowed");
        const auto row = [](const char *name, const QStringList &allowed, const QByteArray &origin,
                            const QByteArray &authority, bool isSecure, bool isAllowed) {
            QTest::newRow(name) << allowed << origin << authority << isSecure << isAllowed;
        };
        row("no browser", {}, "", "a:80", false, true);
        row("same", {}, "http://a:8080", "a:8080", false, true);
        row("same, default port", {}, "http://a", "a:80", false, true);
        row("same, case", {}, "HTTP://A", "a", false, true);
        row("same, TLS", {}, "https://a", "a", true, true);
        row("TLS ended by a silent proxy", {}, "https://a", "a", false, true);
        row("other port", {}, "http://a:8081", "a:8080", false, false);
        row("other host", {}, "http://b", "a", false, false);
        row("prefix", {}, "http://a.evil", "a", false, false);
        row("null", {}, "null", "a", false, false);
        row("nonsense", {}, "://", "", false, false);
        row("ipv6", {}, "http://[::1]:8080", "[::1]:8080", false, true);
        row("public url", {}, "https://play.example.org", "10.0.0.1:8080", false, true);
        row("listed", {"https://b:444"}, "https://b:444", "a", false, true);
        row("listed with default port", {"https://b:443"}, "https://b", "a", false, true);
        row("listed, other scheme", {"https://b"}, "http://b", "a", false, false);
        row("a list replaces the same host", {"https://b"}, "http://a", "a", false, false);
        row("any", {"*"}, "http://evil", "a", false, true);
        row("null listed", {"null"}, "null", "a", false, true);
    }
    void origins()
    {
        QFETCH(QStringList, allowed);
        QFETCH(QByteArray, origin);
        QFETCH(QByteArray, authority);
        QFETCH(bool, isSecure);
        QFETCH(bool, isAllowed);
        const OriginPolicy policy(allowed, "https://play.example.org", {}, "0.0.0.0");
        QCOMPARE(policy.allowsOrigin(origin, authority, isSecure), isAllowed);
    }

    void onLoopbackOnlyKnownNamesAreAnswered_data()
    {
        QTest::addColumn<QByteArray>("authority");
        QTest::addColumn<bool>("isAllowed");
        QTest::newRow("localhost") << QByteArray("localhost:8080") << true;
        QTest::newRow("LOCALHOST") << QByteArray("LOCALHOST") << true;
        QTest::newRow("127.0.0.1") << QByteArray("127.0.0.1:1") << true;
        QTest::newRow("[::1]") << QByteArray("[::1]:1") << true;
        QTest::newRow("listed") << QByteArray("dev.test:1") << true;
        QTest::newRow("public") << QByteArray("play.example.org") << true;
        QTest::newRow("none (1.0)") << QByteArray() << true;
        QTest::newRow("rebound") << QByteArray("evil.test:8080") << false;
        QTest::newRow("suffix") << QByteArray("localhost.evil.test") << false;
        QTest::newRow("other address") << QByteArray("192.0.2.1") << false;
    }
    void onLoopbackOnlyKnownNamesAreAnswered()
    {
        QFETCH(QByteArray, authority);
        QFETCH(bool, isAllowed);
        const QString publicUrl = "https://play.example.org";
        QCOMPARE(OriginPolicy({}, publicUrl, {"dev.test"}, "127.0.0.1").allowsHost(authority),
                 isAllowed);
        QVERIFY(OriginPolicy({}, publicUrl, {"dev.test"}, "0.0.0.0").allowsHost(authority));
    }

    void proxies_data()
    {
        QTest::addColumn<QString>("peer");
        QTest::addColumn<HttpHeaders>("headers");
        QTest::addColumn<QString>("client"); // empty: unknown
        QTest::addColumn<bool>("isSecure");
        QTest::addColumn<bool>("isForwarded");
        const auto row = [](const char *name, const char *peer, const HttpHeaders &headers,
                            const char *client, bool isSecure, bool isForwarded) {
            QTest::newRow(name) << QString(peer) << headers << QString(client) << isSecure
                                << isForwarded;
        };
        using Header = std::pair<QByteArray, QByteArray>;
        const auto xff = [](const char *value) { return Header("X-Forwarded-For", value); };
        const Header https("x-forwarded-proto", "https");
        row("direct", "192.0.2.9", {}, "192.0.2.9", false, false);
        row("proxy without headers", "10.1.2.3", {}, "10.1.2.3", false, false);
        row("forwarded", "10.1.2.3", {xff("192.0.2.1"), https}, "192.0.2.1", true, true);
        row("what the client said of the scheme", "10.1.2.3",
            {{"X-Forwarded-Proto", "https, http"}}, "10.1.2.3", false, true);
        row("v4-mapped proxy", "::ffff:10.1.2.3", {xff("192.0.2.1")}, "192.0.2.1", false, true);
        row("client lies about the left", "10.1.2.3", {xff("127.0.0.1, 192.0.2.1")}, "192.0.2.1",
            false, true);
        row("two proxies", "10.1.2.3", {xff("192.0.2.1, 10.9.9.9")}, "192.0.2.1", false, true);
        row("two headers", "10.1.2.3", {xff("192.0.2.1"), xff("10.9.9.9")}, "192.0.2.1", false,
            true);
        row("ports", "10.1.2.3", {xff("[2001:db8::1]:99, 10.0.0.1:80")}, "2001:db8::1", false,
            true);
        row("garbage", "10.1.2.3", {xff("192.0.2.1, unknown")}, "10.1.2.3", false, true);
        row("v6 network", "2001:db8:1::5", {xff("192.0.2.1")}, "192.0.2.1", false, true);
        row("untrusted", "192.0.2.9", {xff("127.0.0.1"), https}, "192.0.2.9", false, false);
        row("untrusted on loopback", "127.0.0.1", {xff("127.0.0.1")}, "", false, false);
        row("Forwarded on loopback", "::1", {{"Forwarded", "for=127.0.0.1"}}, "", false, false);
        row("X-Real-IP on loopback", "127.0.0.1", {{"x-real-ip", "127.0.0.1"}}, "", false, false);
    }
    void proxies()
    {
        QFETCH(QString, peer);
        QFETCH(HttpHeaders, headers);
        QFETCH(QString, client);
        QFETCH(bool, isSecure);
        QFETCH(bool, isForwarded);
        const ProxyPolicy policy({"10.0.0.0/8", "2001:db8:1::/48"});
        RequestHead head;
        head.headers = headers;
        const ProxyPolicy::Origin origin = policy.originOf(QHostAddress(peer), false, head);
        QCOMPARE(origin.client, client.isEmpty() ? QHostAddress() : QHostAddress(client));
        QCOMPARE(origin.isSecure, isSecure);
        QCOMPARE(origin.isForwarded, isForwarded);
    }

    void connectionsAreCountedPerAddressAndGivenBack()
    {
        Admission admission;
        admission.setLimits(4, 2);
        const QHostAddress a("192.0.2.1");
        const QHostAddress mapped("::ffff:192.0.2.1");
        auto first = std::make_unique<AdmissionTicket>(admission.admit(a, false));
        const AdmissionTicket second = admission.admit(mapped, false);
        QCOMPARE(admission.verdict(a, false), Admission::Verdict::TooManyOfAddress);
        QCOMPARE(admission.verdict(a, true), Admission::Verdict::Admitted);
        QCOMPARE(admission.verdict(QHostAddress("192.0.2.2"), false), Admission::Verdict::Admitted);
        first.reset();
        QCOMPARE(admission.verdict(a, false), Admission::Verdict::Admitted);
        QCOMPARE(admission.connections(), 1);
    }

    void anIpv6ClientIsItsNetwork()
    {
        Admission admission;
        admission.setLimits(9, 1);
        const AdmissionTicket ticket = admission.admit(QHostAddress("2001:db8::1"), false);
        QCOMPARE(admission.verdict(QHostAddress("2001:db8::2"), false),
                 Admission::Verdict::TooManyOfAddress);
        QCOMPARE(admission.verdict(QHostAddress("2001:db8:0:1::2"), false),
                 Admission::Verdict::Admitted);
    }

    void behindAProxyTheForwardedAddressCounts()
    {
        Admission admission;
        admission.setLimits(9, 1);
        const QHostAddress proxy("10.0.0.1");
        AdmissionTicket one = admission.admit(proxy, true);
        AdmissionTicket two = admission.admit(proxy, true);
        QVERIFY(one.moveTo(QHostAddress("192.0.2.1")));
        QVERIFY(one.moveTo(QHostAddress("192.0.2.1")));
        QVERIFY(!two.moveTo(QHostAddress("192.0.2.1")));
        QVERIFY(one.moveTo(QHostAddress("192.0.2.2")));
        QVERIFY(two.moveTo(QHostAddress("192.0.2.1")));
    }
};

QTEST_GUILESS_MAIN(tst_EdgePolicies)
#include "tst_edgepolicies.moc"
