// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/rooms/roomcatalog.h"

#include "testnode.h"

#include <QTest>

using namespace Rollcall;
using namespace Rollcall::Rooms;

class tst_RoomCatalog : public QObject
{
    Q_OBJECT

    static StoredRoom stored(const char *id, int capacity, bool isClosed = false)
    {
        return {roomOf(id, capacity).definition, isClosed};
    }

private Q_SLOTS:
    void whatIsStoredLiesOverTheConfiguration()
    {
        RoomCatalog catalog;
        QCOMPARE(catalog.setConfigured({roomOf("a", 5), roomOf("b", 5)}).opened.size(), size_t(2));
        const auto changes = catalog.setStored({stored("a", 9), stored("c", 3)});
        QCOMPARE(changes.changed, std::vector{RoomId("a")});
        QCOMPARE(changes.opened, std::vector{RoomId("c")});
        QCOMPARE(catalog.find(RoomId("a"))->definition.capacity, 9);
        QCOMPARE(catalog.find(RoomId("b"))->definition.capacity, 5);
        QCOMPARE(catalog.find(RoomId("c"))->origin, CatalogRoom::Origin::Stored);
        QCOMPARE(catalog.size(), size_t(3));
    }

    void closedRoomComesBackWhenThatIsForgotten()
    {
        RoomCatalog catalog;
        (void)catalog.setConfigured({roomOf("a", 5)});
        QCOMPARE(catalog.putStored(stored("a", 5, true)).closed, std::vector{RoomId("a")});
        QVERIFY(!catalog.find(RoomId("a")));
        QCOMPARE(catalog.removeStored(RoomId("a")).opened, std::vector{RoomId("a")});
        QVERIFY(catalog.find(RoomId("a")));
    }

    void newConfigurationChangesOnlyWhatItSays()
    {
        RoomCatalog catalog;
        (void)catalog.setConfigured({roomOf("a", 5), roomOf("b", 5), roomOf("c", 5)});
        (void)catalog.setStored({stored("c", 8)});
        const auto changes =
            catalog.setConfigured({roomOf("a", 5), roomOf("b", 6), roomOf("d", 1)});
        QCOMPARE(changes.changed, std::vector{RoomId("b")});
        QCOMPARE(changes.opened, std::vector{RoomId("d")});
        QVERIFY(changes.closed.empty());
        QVERIFY2(catalog.find(RoomId("c")), "an operator's room outlives its configuration");
        const auto stub = [] {
            ConfiguredRoom room = roomOf("a", 5);
            room.stubOccupancy = 3;
            return room;
        }();
        QCOMPARE(catalog.setConfigured({stub}).changed, std::vector{RoomId("a")});
    }

    void everythingStoredIsReplaced()
    {
        RoomCatalog catalog;
        (void)catalog.setStored({stored("a", 1), stored("b", 1)});
        const auto changes = catalog.setStored({stored("b", 2), stored("c", 1)});
        QCOMPARE(changes.closed, std::vector{RoomId("a")});
        QCOMPARE(changes.changed, std::vector{RoomId("b")});
        QCOMPARE(changes.opened, std::vector{RoomId("c")});
    }

    void automaticRoomsAreOnlyRemovedAsSuch()
    {
        RoomCatalog catalog;
        (void)catalog.setConfigured({roomOf("a", 5)});
        catalog.addAutomatic(roomOf("a", 1).definition);
        QCOMPARE(catalog.find(RoomId("a"))->definition.capacity, 5);
        QVERIFY(!catalog.removeAutomatic(RoomId("a")));
        catalog.addAutomatic(roomOf("x", 1).definition);
        (void)catalog.setStored({});
        QVERIFY(catalog.find(RoomId("x")));
        (void)catalog.putStored(stored("x", 4));
        QVERIFY2(!catalog.removeAutomatic(RoomId("x")), "it is an operator's now");
        QCOMPARE(catalog.find(RoomId("x"))->definition.capacity, 4);
    }
};

QTEST_APPLESS_MAIN(tst_RoomCatalog)
#include "tst_roomcatalog.moc"
