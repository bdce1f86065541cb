// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/auth/authconfig.h"

#include "core/base/configuration.h"

#include <QTest>

using namespace Rollcall;

class tst_AuthConfig : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void defaultsLetGuestsInOnLoopbackOnly()
    {
        Configuration configuration;
        const AuthConfig config = AuthConfig::read(configuration);
        QCOMPARE(configuration.errors(), QStringList());
        QVERIFY(!config.required);
        QVERIFY(config.checkListener(true).hasValue());
        const auto refused = config.checkListener(false);
        QVERIFY(!refused);
        QVERIFY(refused.error().logText.contains("auth.allowGuestsAnywhere"));
    }

    void guestsElsewhereMustBeForced()
    {
        Configuration configuration;
        configuration.set("auth.allowGuestsAnywhere=true");
        QVERIFY(AuthConfig::read(configuration).checkListener(false).hasValue());
        configuration = {};
        configuration.set("auth.required=true");
        configuration.set("auth.secret=0123456789abcdef0123456789abcdef");
        QVERIFY(AuthConfig::read(configuration).checkListener(false).hasValue());
        QCOMPARE(configuration.errors(), QStringList());
    }

    void secretsAreMasked()
    {
        Configuration configuration;
        configuration.set("auth.secret=0123456789abcdef0123456789abcdef");
        configuration.set("admin.secret=fedcba9876543210");
        (void)AuthConfig::read(configuration);
        QVERIFY(!configuration.settings().value("auth.secret").value.contains("0123"));
        QVERIFY(!configuration.settings().value("admin.secret").value.contains("fedc"));
    }

    void unsafeSettingsAreErrors_data()
    {
        QTest::addColumn<QStringList>("settings");
        QTest::addColumn<QString>("error");
        QTest::newRow("short secret") << QStringList{"auth.secret=0123456789abcdef0123456789abcde"}
                                      << "auth.secret: must have at least 32 bytes";
        QTest::newRow("required without keys")
            << QStringList{"auth.required=true"} << "auth.required: needs";
        QTest::newRow("none") << QStringList{"auth.algorithms=none"}
                              << "'none' is not one of HS256, RS256, ES256";
        QTest::newRow("no algorithm")
            << QStringList{"auth.algorithms="} << "at least one is needed";
        QTest::newRow("RS256 without keys")
            << QStringList{"auth.algorithms=RS256"} << "need auth.jwks";
        QTest::newRow("short operator secret") << QStringList{"admin.secret=0123456789abcde"}
                                               << "admin.secret: must have at least 16 bytes";
        QTest::newRow("one secret for both")
            << QStringList{"auth.secret=0123456789abcdef0123456789abcdef",
                           "admin.secret=0123456789abcdef0123456789abcdef"}
            << "admin.secret: must not be the same";
    }
    void unsafeSettingsAreErrors()
    {
        QFETCH(QStringList, settings);
        QFETCH(QString, error);
        Configuration configuration;
        for (const QString &setting : settings)
            configuration.set(setting);
        (void)AuthConfig::read(configuration);
        QCOMPARE(configuration.errors().size(), 1);
        QVERIFY2(configuration.errors().first().contains(error),
                 qPrintable(configuration.errors().first()));
    }
};

QTEST_APPLESS_MAIN(tst_AuthConfig)
#include "tst_authconfig.moc"
