// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/rooms/roomsconfig.h"

#include "core/base/configuration.h"

#include <QTest>

using namespace Rollcall;
using namespace Rollcall::Rooms;
using namespace std::chrono_literals;

class tst_RoomsConfig : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void roomsAreReadInOrder()
    {
        Configuration configuration;
        configuration.loadText(
            "[rooms]\ndefaultCapacity = 7\nreservationTtl = \"20s\"\n"
            "[[rooms.room]]\nid = \"a\"\nname = \"Plaza\"\ntheme = \"plaza\"\nregion = \"eu\"\n"
            "capacity = 50\nstubOccupancy = 12\n"
            "[[rooms.room]]\nid = \"b\"\nprivate = true\n",
            "a.toml");
        const RoomsConfig config = RoomsConfig::read(configuration);
        configuration.finish();
        QCOMPARE(configuration.errors(), QStringList());
        QCOMPARE(config.reservationTtl, 20s);
        QVERIFY(!config.autoCreate);
        QCOMPARE(config.rooms.size(), size_t(2));
        const RoomDefinition &first = config.rooms[0].definition;
        QCOMPARE(first.id, RoomId("a"));
        QCOMPARE(first.name, QByteArray("Plaza"));
        QCOMPARE(first.theme, QByteArray("plaza"));
        QCOMPARE(first.region, QByteArray("eu"));
        QCOMPARE(first.capacity, 50);
        QVERIFY(!first.isPrivate);
        QCOMPARE(config.rooms[0].stubOccupancy, 12);
        const RoomDefinition &second = config.rooms[1].definition;
        QCOMPARE(second.name, QByteArray("b"));
        QCOMPARE(second.capacity, 7);
        QVERIFY(second.isPrivate);
        QVERIFY(!config.rooms[1].stubOccupancy);
    }

    void namesOfTheEnvironmentWork()
    {
        QProcessEnvironment environment;
        environment.insert("USE_ESTIMATED_OCCUPANCY_STUB", "true");
        environment.insert("REALTIME_PROVIDER", "sim");
        environment.insert("USE_MOCK_REALTIME", "1");
        environment.insert("REALTIME_RECONNECT_INTERVAL_MS", "2500");
        Configuration configuration;
        configuration.setEnvironment(environment);
        const RoomsConfig config = RoomsConfig::read(configuration);
        QCOMPARE(configuration.errors(), QStringList());
        QVERIFY(config.useStubOccupancy);
        QCOMPARE(config.clientProvider, QString("sim"));
        QVERIFY(config.clientMock);
        QCOMPARE(config.clientReconnectInterval, 2500ms);
    }

    void wrongRoomsAreErrorsWithTheirPlace_data()
    {
        QTest::addColumn<QByteArray>("room");
        QTest::addColumn<QString>("error");
        QTest::newRow("no id") << QByteArray("name = \"x\"") << "id is missing";
        QTest::newRow("hottest") << QByteArray("id = \"hottest\"") << "id is not";
        QTest::newRow("join") << QByteArray("id = \"join\"") << "id is not";
        QTest::newRow("everywhere") << QByteArray("id = \"*\"") << "id is not";
        QTest::newRow("control character") << QByteArray("id = \"a\\nb\"") << "id is not";
        QTest::newRow("number as id") << QByteArray("id = 5") << "id is not";
        QTest::newRow("negative capacity")
            << QByteArray("id = \"x\"\ncapacity = -1") << "capacity must be";
        QTest::newRow("fraction") << QByteArray("id = \"x\"\ncapacity = 1.5") << "capacity must be";
        QTest::newRow("text as flag")
            << QByteArray("id = \"x\"\nprivate = \"no\"") << "private must be";
        QTest::newRow("long name")
            << "id = \"x\"\nname = \"" + QByteArray(65, 'n') + '"' << "name is not";
        QTest::newRow("stub") << QByteArray("id = \"x\"\nstubOccupancy = \"many\"")
                              << "stubOccupancy must be";
        QTest::newRow("unknown key")
            << QByteArray("id = \"x\"\ncapasity = 5") << "unknown member 'capasity'";
        QTest::newRow("same id") << QByteArray("id = \"x\"\n[[rooms.room]]\nid = \"x\"")
                                 << "the id is taken";
    }
    void wrongRoomsAreErrorsWithTheirPlace()
    {
        QFETCH(QByteArray, room);
        QFETCH(QString, error);
        Configuration configuration;
        configuration.loadText("[[rooms.room]]\n" + room + '\n', "b.toml");
        (void)RoomsConfig::read(configuration);
        QCOMPARE(configuration.errors().size(), 1);
        const QString text = configuration.errors().first();
        QVERIFY2(text.startsWith("b.toml:1: rooms.room: room "), qPrintable(text));
        QVERIFY2(text.contains(error), qPrintable(text));
    }
};

QTEST_APPLESS_MAIN(tst_RoomsConfig)
#include "tst_roomsconfig.moc"
