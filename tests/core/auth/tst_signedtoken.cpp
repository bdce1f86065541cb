// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/auth/signedtoken.h"

#include "testkeypair.h"

#include <QTest>

using namespace Rollcall;

namespace {

QByteArray base64url(const QByteArray &bytes)
{
    return bytes.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

QByteArray keySet(const QByteArrayList &keys) { return "{\"keys\":[" + keys.join(',') + "]}"; }

const QByteArray kRfcPayload =
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cn"
    "VlfQ";

} // namespace

class tst_SignedToken : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void rfc7515ExamplesAreValid_data()
    {
        QTest::addColumn<QByteArray>("keys"); // JWKS, or empty: the octets of A.1
        QTest::addColumn<QByteArray>("token");
        QTest::newRow("A.1 HS256") << QByteArray()
                                   << "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9." + kRfcPayload
                + ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        QTest::newRow("A.2 RS256") << keySet(
            {R"({"kty":"RSA","e":"AQAB","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmf)"
             R"(HQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wG)"
             R"(zjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZ)"
             R"(lxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54)"
             R"(h4FRWyuXpoQ"})"})
                                   << "eyJhbGciOiJSUzI1NiJ9." + kRfcPayload
                + ".cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_"
                  "lF5YKt_O8W2Fp5jujGbd"
                  "s9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_"
                  "nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZR"
                  "mB_eSN9383LcOLn6_dO--xi12jzDwusC-"
                  "eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98"
                  "rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
        QTest::newRow("A.3 ES256") << keySet(
            {R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
             R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"})"})
                                   << "eyJhbGciOiJFUzI1NiJ9." + kRfcPayload
                + ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-"
                  "Kg6NU1Q";
    }
    void rfc7515ExamplesAreValid()
    {
        QFETCH(QByteArray, keys);
        QFETCH(QByteArray, token);
        const QByteArray octets = QByteArray::fromBase64(
            "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CA"
            "ow",
            QByteArray::Base64UrlEncoding);
        std::vector<SignatureKey> loaded;
        if (keys.isEmpty()) {
            loaded.push_back(SignatureKey::fromSecret(octets));
        } else {
            auto result = SignatureKey::fromKeySet(keys);
            QVERIFY2(result.hasValue(), result ? "" : qPrintable(result.error().logText));
            loaded = std::move(*result);
        }
        const auto parsed = SignedToken::parse(token);
        QVERIFY(parsed.hasValue());
        QVERIFY(parsed->isSignedBy(loaded.front()));
        QVERIFY(parsed->payload().startsWith("{\"iss\":\"joe\""));

        for (qsizetype i = 0; i < token.size(); i += 7) {
            QByteArray changed = token;
            changed[i] = changed[i] == 'A' ? 'B' : 'A';
            // The last character of base64 has bits that say nothing.
            if (changed == token || i == token.size() - 1 || token[i] == '.')
                continue;
            const auto tampered = SignedToken::parse(changed);
            QVERIFY2(!tampered || !tampered->isSignedBy(loaded.front()), changed.constData());
        }
    }

    void unacceptableFormsAreRefused_data()
    {
        QTest::addColumn<QByteArray>("token");
        const QByteArray payload = base64url("{\"sub\":\"alice\"}");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("two parts") << base64url("{\"alg\":\"HS256\"}") + '.' + payload;
        QTest::newRow("five parts (JWE)") << QByteArray("a.b.c.d.e");
        QTest::newRow("none") << base64url("{\"alg\":\"none\"}") + '.' + payload + '.';
        QTest::newRow("None") << base64url("{\"alg\":\"None\"}") + '.' + payload + ".AAAA";
        QTest::newRow("HS512") << base64url("{\"alg\":\"HS512\"}") + '.' + payload + ".AAAA";
        QTest::newRow("alg is a number") << base64url("{\"alg\":256}") + '.' + payload + ".AAAA";
        QTest::newRow("no alg") << base64url("{\"typ\":\"JWT\"}") + '.' + payload + ".AAAA";
        QTest::newRow("header is a list") << base64url("[\"HS256\"]") + '.' + payload + ".AAAA";
        QTest::newRow("header is not JSON") << base64url("HS256") + '.' + payload + ".AAAA";
        QTest::newRow("critical header")
            << base64url("{\"alg\":\"HS256\",\"crit\":[\"b64\"],\"b64\":false}") + '.' + payload
                + ".AAAA";
        QTest::newRow("padding") << base64url("{\"alg\":\"HS256\"}") + "==." + payload + ".AAAA";
        QTest::newRow("line end") << base64url("{\"alg\":\"HS256\"}") + ".\n" + payload + ".AAAA";
        QTest::newRow("NUL") << QByteArray("a.b\0.c", 6);
        QTest::newRow("not ASCII") << QByteArray("\xff\xfe.\xff.\xff");
        QTest::newRow("dots") << QByteArray("..");
    }
    void unacceptableFormsAreRefused()
    {
        QFETCH(QByteArray, token);
        const auto parsed = SignedToken::parse(token);
        QVERIFY(!parsed);
        QCOMPARE(parsed.error().code, ErrorCode::InvalidToken);
    }

    void publicKeyIsNoSecret()
    {
        const TestKeyPair pair = TestKeyPair::rsa();
        const auto keys = SignatureKey::fromKeySet(keySet({pair.toJson()}));
        QVERIFY(keys.hasValue());
        // The attacker signs with HS256 and what everybody knows: the key as it was published.
        const QByteArray forged = TestKeyPair::secret(pair.toJson()).sign("{\"sub\":\"alice\"}");
        const auto parsed = SignedToken::parse(forged);
        QVERIFY(parsed.hasValue());
        QVERIFY(!parsed->isSignedBy(keys->front()));
        QVERIFY(SignedToken::parse(pair.sign("{}"))->isSignedBy(keys->front()));
    }

    void doubledAlgorithmCannotFoolTheKey()
    {
        const TestKeyPair pair = TestKeyPair::rsa();
        const auto keys = SignatureKey::fromKeySet(keySet({pair.toJson()}));
        const QByteArray token = pair.sign("{}");
        const QByteArray rest = token.mid(token.indexOf('.'));
        for (const char *header :
             {"{\"alg\":\"HS256\",\"alg\":\"RS256\"}", "{\"alg\":\"RS256\",\"alg\":\"HS256\"}"}) {
            const auto parsed = SignedToken::parse(base64url(header) + rest);
            QVERIFY(!parsed || !parsed->isSignedBy(keys->front()));
        }
    }

    void keySetsKeepWhatIsUsable()
    {
        TestKeyPair rsa = TestKeyPair::rsa();
        rsa.setId("one");
        const TestKeyPair elliptic = TestKeyPair::elliptic();
        const QByteArray encryption = TestKeyPair::rsa().toJson().chopped(1) + ",\"use\":\"enc\"}";
        const auto keys = SignatureKey::fromKeySet(keySet({
            rsa.toJson(true), // the private part is not needed and not kept
            elliptic.toJson(),
            encryption,
            TestKeyPair::rsa(1024).toJson(),
            TestKeyPair::secret("0123456789abcdef0123456789abcdef").toJson(true),
            "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AAAA\"}",
            "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AAAA\",\"y\":5}",
            "[]",
            "7",
        }));
        QVERIFY(keys.hasValue());
        QCOMPARE(keys->size(), size_t(2));
        QCOMPARE(keys->at(0).algorithm(), SignatureAlgorithm::Rs256);
        QCOMPARE(keys->at(0).id(), QByteArray("one"));
        QCOMPARE(keys->at(1).algorithm(), SignatureAlgorithm::Es256);
        QVERIFY(!keys->at(0).sign("{}"));
    }

    void brokenKeySetsSayWhy_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QString>("why");
        QTest::newRow("not JSON") << QByteArray("{keys") << "not JSON";
        QTest::newRow("no keys") << QByteArray("{}") << "no array";
        QTest::newRow("empty") << QByteArray("{\"keys\":[]}") << "no usable key among 0";
        QTest::newRow("point not on the curve") << keySet(
            {"{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" + base64url(QByteArray(32, '\1'))
             + "\",\"y\":\"" + base64url(QByteArray(32, '\2')) + "\"}"})
                                                << "no usable key among 1";
    }
    void brokenKeySetsSayWhy()
    {
        QFETCH(QByteArray, json);
        QFETCH(QString, why);
        const auto keys = SignatureKey::fromKeySet(json);
        QVERIFY(!keys);
        QVERIFY2(keys.error().logText.contains(why), qPrintable(keys.error().logText));
    }
};

QTEST_APPLESS_MAIN(tst_SignedToken)
#include "tst_signedtoken.moc"
