// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/auth/jwttokenservice.h"

#include "core/base/manualclock.h"

#include "testkeypair.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace Rollcall;
using namespace std::chrono_literals;

namespace {

const QByteArray kSecret = "an application's secret of more than 32 bytes";

} // namespace

class tst_JwtTokenService : public QObject
{
    Q_OBJECT

    ManualClock m_clock;

    AuthConfig configWithSecret() const
    {
        AuthConfig config;
        config.secret = kSecret;
        config.operatorSecret = "operators only, please";
        return config;
    }
    static ErrorCode codeOf(const Result<TokenClaims> &result)
    {
        return result ? ErrorCode::Internal : result.error().code;
    }
    static void writeFile(const QString &path, const QByteArray &text)
    {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }
    QByteArray signedToken(const QByteArray &payload) const
    {
        return TestKeyPair::secret(kSecret).sign(payload);
    }

private Q_SLOTS:
    void issuedTokenComesBackWhole_data()
    {
        QTest::addColumn<int>("times");
        QTest::newRow("recognized by the host that made it") << 1;
        QTest::newRow("taken apart") << 2;
    }
    void issuedTokenComesBackWhole()
    {
        QFETCH(int, times);
        JwtTokenService service(configWithSecret(), m_clock, nullptr);
        QVERIFY(service.start());
        TokenClaims claims;
        claims.subject = UserId("alice");
        claims.room = RoomId("plaza");
        claims.name = "Alice \xc3\x85";
        claims.avatar = "fox";
        claims.device = "phone-1";
        claims.deviceType = "mobile";
        claims.role = "web";
        claims.region = "eu";
        claims.groups = {"a", "b"};
        claims.id = "reservation";
        const auto token = service.issue(claims, 59'500ms);
        QVERIFY(token.hasValue());
        for (int i = 1; i < times; ++i)
            QVERIFY(service.verify(*token).hasValue());
        const auto read = service.verify(*token);
        QVERIFY(read.hasValue());
        QCOMPARE(read->subject, claims.subject);
        QVERIFY(!read->numericSubject);
        QCOMPARE(read->room, claims.room);
        QCOMPARE(read->name, claims.name);
        QCOMPARE(read->avatar, claims.avatar);
        QCOMPARE(read->device, claims.device);
        QCOMPARE(read->deviceType, claims.deviceType);
        QCOMPARE(read->role, claims.role);
        QCOMPARE(read->region, claims.region);
        QCOMPARE(read->groups, claims.groups);
        QCOMPARE(read->id, claims.id);
        QCOMPARE(read->expiresAtMs, m_clock.wallMs() + 60'000);
    }

    void numericSubjectStaysANumber()
    {
        JwtTokenService service(configWithSecret(), m_clock, nullptr);
        QVERIFY(service.start());
        const auto claims = service.verify(signedToken("{\"sub\":42}"));
        QVERIFY(claims.hasValue());
        QCOMPARE(claims->subject, UserId("42"));
        QVERIFY(claims->numericSubject);
        const QByteArray payload = QByteArray::fromBase64(
            service.issue(*claims, 60s)->split('.').at(1), QByteArray::Base64UrlEncoding);
        QVERIFY2(payload.contains("\"sub\":42"), payload.constData());
    }

    void tokenExpiresWithTheLeeway()
    {
        JwtTokenService service(configWithSecret(), m_clock, nullptr);
        QVERIFY(service.start());
        TokenClaims claims;
        claims.subject = UserId("alice");
        const QByteArray token = *service.issue(claims, 60s);
        m_clock.advance(60s + 5s - 1ms);
        QVERIFY(service.verify(token).hasValue());
        m_clock.advance(1ms);
        QCOMPARE(codeOf(service.verify(token)), ErrorCode::TokenExpired);
    }

    void recognizedTokenIsBoundByTimeAndSecret()
    {
        JwtTokenService service(configWithSecret(), m_clock, nullptr);
        QVERIFY(service.start());
        TokenClaims claims;
        claims.subject = UserId("alice");
        claims.room = RoomId("plaza");
        const QByteArray expired = *service.issue(claims, 60s);
        m_clock.advance(60s + 5s);
        QCOMPARE(codeOf(service.verify(expired)), ErrorCode::TokenExpired);
        QByteArray forged = *service.issue(claims, 60s);
        forged.back() = forged.back() == 'A' ? 'E' : 'A';
        QCOMPARE(codeOf(service.verify(forged)), ErrorCode::InvalidToken);
        const QByteArray old = *service.issue(claims, 60s);
        AuthConfig changed = configWithSecret();
        changed.secret += ", another one";
        QVERIFY(service.applyConfiguration(changed));
        QCOMPARE(codeOf(service.verify(old)), ErrorCode::InvalidToken);
    }

    void hostThatIssuesWithoutEndRemembersTheLatest()
    {
        IssuedTokens issued;
        const auto token = [](size_t i) { return QByteArray::number(qulonglong(i)); };
        for (size_t i = 0; i < IssuedTokens::kMost + 2; ++i) {
            TokenClaims claims;
            claims.subject = UserId(token(i));
            issued.add(token(i), claims);
        }
        QVERIFY(!issued.take(token(0)));
        QVERIFY(!issued.take(token(1)));
        for (const size_t i : {size_t(2), IssuedTokens::kMost + 1}) {
            QCOMPARE(issued.take(token(i))->subject, UserId(token(i)));
            QVERIFY(!issued.take(token(i)));
        }
        issued.clear();
        QVERIFY(!issued.take(token(3)));
    }

    void claimsAreChecked_data()
    {
        QTest::addColumn<QByteArray>("payload"); // NOW is the time in seconds
        QTest::addColumn<ErrorCode>("expected"); // Internal: none
        const auto valid = ErrorCode::Internal;
        const auto invalid = ErrorCode::InvalidToken;
        QTest::newRow("least") << QByteArray("{\"sub\":\"a\"}") << valid;
        QTest::newRow("no sub") << QByteArray("{\"name\":\"a\"}") << invalid;
        QTest::newRow("empty sub") << QByteArray("{\"sub\":\"\"}") << invalid;
        QTest::newRow("null sub") << QByteArray("{\"sub\":null}") << invalid;
        QTest::newRow("object sub") << QByteArray("{\"sub\":{}}") << invalid;
        QTest::newRow("fraction sub") << QByteArray("{\"sub\":1.5}") << invalid;
        QTest::newRow("huge sub") << QByteArray("{\"sub\":1e300}") << invalid;
        QTest::newRow("control character") << QByteArray("{\"sub\":\"a\nb\"}") << invalid;
        QTest::newRow("long sub") << "{\"sub\":\"" + QByteArray(129, 'a') + "\"}" << invalid;
        QTest::newRow("long name")
            << "{\"sub\":\"a\",\"name\":\"" + QByteArray(65, 'a') + "\"}" << invalid;
        QTest::newRow("name is a number") << QByteArray("{\"sub\":\"a\",\"name\":5}") << invalid;
        QTest::newRow("avatar is a script")
            << QByteArray("{\"sub\":\"a\",\"avatar\":\"javascript:x\"}") << invalid;
        QTest::newRow("room is empty") << QByteArray("{\"sub\":\"a\",\"room\":\"\"}") << invalid;
        QTest::newRow("groups of both kinds")
            << QByteArray("{\"sub\":\"a\",\"groups\":[\"x\",7]}") << valid;
        QTest::newRow("groups is a text")
            << QByteArray("{\"sub\":\"a\",\"groups\":\"x\"}") << invalid;
        QTest::newRow("not valid yet") << QByteArray("{\"sub\":\"a\",\"nbf\":FUTURE}") << invalid;
        QTest::newRow("valid since") << QByteArray("{\"sub\":\"a\",\"nbf\":PAST}") << valid;
        QTest::newRow("expired") << QByteArray("{\"sub\":\"a\",\"exp\":PAST}")
                                 << ErrorCode::TokenExpired;
        QTest::newRow("not expired") << QByteArray("{\"sub\":\"a\",\"exp\":FUTURE}") << valid;
        QTest::newRow("exp is a text")
            << QByteArray("{\"sub\":\"a\",\"exp\":\"FUTURE\"}") << invalid;
        QTest::newRow("exp is 0") << QByteArray("{\"sub\":\"a\",\"exp\":0}") << invalid;
        QTest::newRow("exp is huge") << QByteArray("{\"sub\":\"a\",\"exp\":1e18}") << invalid;
        QTest::newRow("exp is null") << QByteArray("{\"sub\":\"a\",\"exp\":null}") << invalid;
        QTest::newRow("a list") << QByteArray("[\"sub\"]") << invalid;
        QTest::newRow("not JSON") << QByteArray("sub=a") << invalid;
        QTest::newRow("nothing") << QByteArray() << invalid;
    }
    void claimsAreChecked()
    {
        QFETCH(QByteArray, payload);
        QFETCH(ErrorCode, expected);
        const qint64 now = m_clock.wallMs() / 1000;
        payload.replace("FUTURE", QByteArray::number(now + 60))
            .replace("PAST", QByteArray::number(now - 60));
        JwtTokenService service(configWithSecret(), m_clock, nullptr);
        QVERIFY(service.start());
        QCOMPARE(codeOf(service.verify(signedToken(payload))), expected);
    }

    void issuerAndAudienceMustMatchWhenConfigured()
    {
        AuthConfig config = configWithSecret();
        config.issuer = "https://login.example.org";
        config.audience = "rollcall";
        JwtTokenService service(config, m_clock, nullptr);
        QVERIFY(service.start());
        const auto verify = [&](const char *payload) {
            return service.verify(signedToken(payload)).hasValue();
        };
        QVERIFY(
            verify("{\"sub\":\"a\",\"iss\":\"https://login.example.org\",\"aud\":\"rollcall\"}"));
        QVERIFY(verify("{\"sub\":\"a\",\"iss\":\"https://"
                       "login.example.org\",\"aud\":[\"other\",\"rollcall\"]}"));
        QVERIFY(
            !verify("{\"sub\":\"a\",\"iss\":\"https://evil.example.org\",\"aud\":\"rollcall\"}"));
        QVERIFY(
            !verify("{\"sub\":\"a\",\"iss\":\"https://login.example.org\",\"aud\":[\"other\"]}"));
        QVERIFY(!verify("{\"sub\":\"a\",\"iss\":\"https://login.example.org\"}"));
        QVERIFY(!verify("{\"sub\":\"a\",\"aud\":\"rollcall\"}"));
        TokenClaims claims;
        claims.subject = UserId("a");
        QVERIFY(service.verify(*service.issue(claims, 1s)).hasValue());
    }

    void tokensBeyondTheLimitAreRefused()
    {
        JwtTokenService service(configWithSecret(), m_clock, nullptr);
        QVERIFY(service.start());
        const QByteArray large =
            signedToken("{\"sub\":\"a\",\"x\":\"" + QByteArray(2048, 'x') + "\"}");
        QCOMPARE(codeOf(service.verify(large)), ErrorCode::InvalidToken);
        QCOMPARE(codeOf(service.verify(QByteArray(5'000'000, '.'))), ErrorCode::InvalidToken);
        QCOMPARE(codeOf(service.verify({})), ErrorCode::InvalidToken);
    }

    void wrongSecretIsRefused()
    {
        JwtTokenService service(configWithSecret(), m_clock, nullptr);
        QVERIFY(service.start());
        const QByteArray other = TestKeyPair::secret("another secret, also of 32 bytes and more")
                                     .sign("{\"sub\":\"a\"}");
        QCOMPARE(codeOf(service.verify(other)), ErrorCode::InvalidToken);
    }

    void keysOfAFileAreTakenByTheirIdAndReadAgain()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath("keys.json");
        TestKeyPair first = TestKeyPair::rsa();
        TestKeyPair second = TestKeyPair::elliptic();
        first.setId("first");
        second.setId("second");
        AuthConfig config = configWithSecret();
        config.jwks = path;
        writeFile(path, "{\"keys\":[" + first.toJson() + "]}");
        JwtTokenService service(config, m_clock, nullptr);
        QVERIFY(service.start());
        const QByteArray payload = "{\"sub\":\"alice\"}";
        QVERIFY(service.verify(first.sign(payload, {{"kid", "first"}})).hasValue());
        QVERIFY(service.verify(first.sign(payload)).hasValue());
        QVERIFY(!service.verify(first.sign(payload, {{"kid", "unknown"}})));
        QVERIFY(!service.verify(second.sign(payload, {{"kid", "second"}})));
        QVERIFY(!service.verify(TestKeyPair::rsa().sign(payload, {{"kid", "first"}})));
        QVERIFY2(service.verify(signedToken(payload)).hasValue(),
                 "the secret works beside public keys");

        writeFile(path, "{\"keys\":[" + second.toJson() + "]}");
        QVERIFY(service.applyConfiguration(config));
        QVERIFY(!service.verify(first.sign(payload, {{"kid", "first"}})));
        QVERIFY(service.verify(second.sign(payload, {{"kid", "second"}})).hasValue());

        writeFile(path, "{\"keys\":");
        const auto reloaded = service.applyConfiguration(config);
        QVERIFY(!reloaded);
        QVERIFY(reloaded.error().logText.contains(path));
        QVERIFY2(service.verify(second.sign(payload)).hasValue(), "a broken file changes nothing");
    }

    void algorithmsNotChosenAreRefused()
    {
        QTemporaryDir folder;
        AuthConfig config = configWithSecret();
        config.jwks = folder.filePath("keys.json");
        config.algorithms = {SignatureAlgorithm::Es256};
        const TestKeyPair rsa = TestKeyPair::rsa();
        const TestKeyPair elliptic = TestKeyPair::elliptic();
        writeFile(config.jwks, "{\"keys\":[" + rsa.toJson() + ',' + elliptic.toJson() + "]}");
        JwtTokenService service(config, m_clock, nullptr);
        QVERIFY(service.start());
        QVERIFY(service.verify(elliptic.sign("{\"sub\":\"a\"}")).hasValue());
        QVERIFY(!service.verify(rsa.sign("{\"sub\":\"a\"}")));
        QVERIFY(!service.verify(signedToken("{\"sub\":\"a\"}")));
        TokenClaims claims;
        claims.subject = UserId("a");
        claims.room = RoomId("plaza");
        QVERIFY2(service.verify(*service.issue(claims, 1s)).hasValue(),
                 "room tokens are the nodes' own");
    }

    void missingKeyFileRefusesToStart()
    {
        AuthConfig config = configWithSecret();
        config.jwks = "/nonexistent/keys.json";
        JwtTokenService service(config, m_clock, nullptr);
        const auto started = service.start();
        QVERIFY(!started);
        QCOMPARE(started.error().code, ErrorCode::Configuration);
    }

    void withoutSecretAndRedisARandomOneIsUsed()
    {
        AuthConfig config;
        config.operatorSecret = "operators only, please";
        JwtTokenService one(config, m_clock, nullptr);
        JwtTokenService other(config, m_clock, nullptr);
        QSignalSpy ready(&one, &TokenService::ready);
        QVERIFY(!one.isReady());
        TokenClaims claims;
        claims.subject = UserId("a");
        QCOMPARE(one.issue(claims, 1s).error().code, ErrorCode::Unavailable);
        QCOMPARE(codeOf(one.verify(signedToken("{\"sub\":\"a\"}"))), ErrorCode::Unavailable);
        QVERIFY(one.start());
        QVERIFY(other.start());
        QCOMPARE(ready.size(), 1);
        QVERIFY(one.isReady());
        const QByteArray token = *one.issue(claims, 1s);
        QVERIFY(one.verify(token).hasValue());
        QVERIFY(!other.verify(token));
    }

    void changedSecretTakesEffect()
    {
        JwtTokenService service(configWithSecret(), m_clock, nullptr);
        QVERIFY(service.start());
        const QByteArray before = signedToken("{\"sub\":\"a\"}");
        AuthConfig config = configWithSecret();
        config.secret = "the secret that comes after it, 32 bytes";
        QVERIFY(service.applyConfiguration(config));
        QVERIFY(!service.verify(before));
        QVERIFY(
            service.verify(TestKeyPair::secret(config.secret).sign("{\"sub\":\"a\"}")).hasValue());
    }

    void operatorsHaveTheirOwnCredential()
    {
        JwtTokenService service(configWithSecret(), m_clock, nullptr);
        QVERIFY(service.start());
        QVERIFY(service.isOperatorCredential("operators only, please"));
        QVERIFY(!service.isOperatorCredential("operators only, pleasE"));
        QVERIFY(!service.isOperatorCredential("operators only, please "));
        QVERIFY(!service.isOperatorCredential({}));
        QVERIFY(!service.isOperatorCredential(kSecret));
        TokenClaims claims;
        claims.subject = UserId("root");
        claims.role = "admin";
        QVERIFY(!service.isOperatorCredential(*service.issue(claims, 1s)));
        QVERIFY(service.operatorSecretPath().isEmpty());
    }
};

QTEST_GUILESS_MAIN(tst_JwtTokenService)
#include "tst_jwttokenservice.moc"
