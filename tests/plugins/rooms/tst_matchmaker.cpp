// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/rooms/matchmaker.h"

#include <QTest>

using namespace Rollcall;
using namespace Rollcall::Rooms;

namespace {

/// "id region users+reserved/capacity theme flags", rooms separated by ';'. Flags: p private, g
/// group.
std::vector<RoomStatus> roomsOf(const char *text)
{
    std::vector<RoomStatus> rooms;
    for (const QByteArray &line : QByteArray(text).split(';')) {
        const QByteArrayList words = line.simplified().split(' ');
        RoomStatus room;
        room.definition.id = RoomId(words[0]);
        room.definition.region = words[1];
        room.users = words[2].left(words[2].indexOf('+')).toInt();
        const qsizetype slash = words[2].indexOf('/');
        room.reserved =
            words[2].mid(words[2].indexOf('+') + 1, slash - words[2].indexOf('+') - 1).toInt();
        room.definition.capacity = words[2].mid(slash + 1).toInt();
        room.definition.theme = words.value(3);
        room.definition.isPrivate = words.value(4).contains('p');
        room.definition.kind = words.value(4).contains('g') ? RoomKind::Group : RoomKind::Room;
        rooms.push_back(room);
    }
    return rooms;
}

} // namespace

class tst_Matchmaker : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void hottest_data()
    {
        QTest::addColumn<QByteArray>("rooms");
        QTest::addColumn<QByteArray>("region");
        QTest::addColumn<QByteArray>("theme");
        QTest::addColumn<QByteArray>("tried");
        QTest::addColumn<QByteArray>("expected"); // empty: none
        const auto row = [](const char *name, const char *rooms, const char *region,
                            const char *theme, const char *tried, const char *expected) {
            QTest::newRow(name) << QByteArray(rooms) << QByteArray(region) << QByteArray(theme)
                                << QByteArray(tried) << QByteArray(expected);
        };
        row("fullest wins", "a eu 3+0/10; b eu 5+0/10; c eu 4+0/10", "eu", "", "", "b");
        row("own region before a fuller one elsewhere", "a us 9+0/10; b eu 1+0/10", "eu", "", "",
            "b");
        row("an empty room of the region before a fuller one elsewhere", "a us 9+0/10; b eu 0+0/10",
            "eu", "", "", "b");
        row("region full: anywhere", "a us 3+0/10; b eu 10+0/10; c us 4+0/10", "eu", "", "", "c");
        row("region unknown: anywhere", "a us 3+0/10; b eu 4+0/10", "mars", "", "", "b");
        row("no region: the fullest", "a us 3+0/10; b eu 4+0/10", "", "", "", "b");
        row("reservations make full", "a eu 8+2/10; b eu 1+0/10", "eu", "", "", "b");
        row("reservations do not make hot", "a eu 1+8/10; b eu 2+0/10", "eu", "", "", "b");
        row("equal occupancy: more free seats", "a eu 5+0/10; b eu 5+0/20; c eu 5+0/6", "eu", "",
            "", "b");
        row("reserved seats are not free", "a eu 5+3/20; b eu 5+0/20", "eu", "", "", "b");
        row("unlimited has most seats", "a eu 5+0/1000; b eu 5+0/0", "eu", "", "", "b");
        row("unlimited is never full", "b eu 500+0/0", "eu", "", "", "b");
        row("equal in all: by id", "b eu 5+0/10; a eu 5+0/10; c eu 5+0/10", "eu", "", "", "a");
        row("over its capacity is full", "a eu 12+0/10; b us 0+0/10", "eu", "", "", "b");
        row("private rooms are not chosen", "a eu 5+0/10 x p; b eu 1+0/10", "eu", "", "", "b");
        row("groups are not chosen", "a eu 5+0/0 x g; b eu 1+0/10", "eu", "", "", "b");
        row("theme is a condition", "a eu 5+0/10 quiet; b us 1+0/10 loud", "eu", "loud", "", "b");
        row("no room of the theme", "a eu 5+0/10 quiet", "eu", "loud", "", "");
        row("tried ones are left out", "a eu 5+0/10; b eu 3+0/10; c eu 4+0/10", "eu", "", "a", "c");
        row("all full", "a eu 10+0/10; b eu 9+1/10", "eu", "", "", "");
    }
    void hottest()
    {
        QFETCH(QByteArray, rooms);
        QFETCH(QByteArray, region);
        QFETCH(QByteArray, theme);
        QFETCH(QByteArray, tried);
        QFETCH(QByteArray, expected);
        const std::vector<RoomStatus> all = roomsOf(rooms.constData());
        const auto choice = Matchmaker::hottest(
            all, {region, theme, [&tried](const RoomId &room) { return room.value() == tried; }});
        QCOMPARE(choice.room ? choice.room->definition.id.value() : QByteArray(), expected);
    }

    void choiceSaysWhy()
    {
        const auto rooms = roomsOf("a us 3+0/10; b eu 10+0/10; c us 4+0/10; d eu 1+0/10");
        const auto inRegion = Matchmaker::hottest(rooms, {"eu", {}, {}});
        QCOMPARE(inRegion.room->definition.id, RoomId("d"));
        QVERIFY(inRegion.isSameRegion);
        QCOMPARE(inRegion.candidates, 3);
        QVERIFY(!Matchmaker::hottest(rooms, {"asia", {}, {}}).isSameRegion);
        QVERIFY(!Matchmaker::hottest({}, {"eu", {}, {}}).room);
    }
};

QTEST_APPLESS_MAIN(tst_Matchmaker)
#include "tst_matchmaker.moc"
