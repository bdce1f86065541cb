// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/rooms/roomlist.h"

#include "testnode.h"

#include <QTest>

using namespace Rollcall;
using namespace Rollcall::Rooms;
using namespace std::chrono_literals;

namespace {

RoomsConfig configOf(std::vector<ConfiguredRoom> rooms)
{
    RoomsConfig config;
    config.rooms = std::move(rooms);
    return config;
}

double renders(TestNode &node)
{
    return node.metrics.counter("rooms_list_renders_total", "").Value();
}

} // namespace

class tst_RoomList : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void listHasExactlyTheDocumentedShape()
    {
        ConfiguredRoom room = roomOf("plaza", 2, "eu");
        room.definition.name = "The \"Plaza\"";
        room.definition.theme = "plaza";
        TestNode node(configOf({room}));
        node.enter(1, "plaza", "alice");
        node.enter(2, "plaza", "alice");
        node.directory.seats().hold(RoomId("plaza"), UserId("bob"), 15s);
        node.presence.fresh = true;
        const HttpResponse response = node.call("GET", "/rooms");
        QCOMPARE(response.status, 200);
        QCOMPARE(
            response.body,
            QByteArray(
                "{\"rooms\":[{\"id\":\"plaza\",\"name\":\"The \\\"Plaza\\\"\",\"theme\":\"plaza\","
                "\"region\":\"eu\",\"isPrivate\":false,\"capacity\":2,\"estimatedOccupancy\":1,"
                "\"connections\":2,\"reserved\":1,\"full\":true}],\"nextCursor\":null,\"stale\":"
                "false,"
                "\"asOfMs\":")
                + QByteArray::number(node.clock.wallMs()) + '}');
    }

    void queries_data()
    {
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<QStringList>("expected");
        // a eu 3/10 lobby; b us 5/5 lobby; c eu 0/20 quiet; d us 1/unlimited; p private
        QTest::newRow("all, fullest first") << QByteArray() << QStringList{"b", "a", "d", "c"};
        QTest::newRow("region") << QByteArray("region=eu") << QStringList{"a", "c"};
        QTest::newRow("unknown region") << QByteArray("region=mars") << QStringList();
        QTest::newRow("theme") << QByteArray("theme=quiet") << QStringList{"c"};
        QTest::newRow("at least") << QByteArray("minOccupancy=3") << QStringList{"b", "a"};
        QTest::newRow("at most") << QByteArray("maxOccupancy=1") << QStringList{"d", "c"};
        QTest::newRow("between") << QByteArray("minOccupancy=1&maxOccupancy=3")
                                 << QStringList{"a", "d"};
        QTest::newRow("has space") << QByteArray("hasSpace=true") << QStringList{"a", "d", "c"};
        QTest::newRow("is full") << QByteArray("hasSpace=0") << QStringList{"b"};
        QTest::newRow("by name") << QByteArray("sort=name") << QStringList{"a", "b", "c", "d"};
        QTest::newRow("by free seats")
            << QByteArray("sort=free") << QStringList{"d", "c", "a", "b"};
        QTest::newRow("limit") << QByteArray("limit=2") << QStringList{"b", "a"};
        QTest::newRow("two filters") << QByteArray("region=us&hasSpace=1") << QStringList{"d"};
        QTest::newRow("empty parameters")
            << QByteArray("region=&hasSpace=&limit=") << QStringList{"b", "a", "d", "c"};
        QTest::newRow("unknown parameter")
            << QByteArray("colour=red") << QStringList{"b", "a", "d", "c"};
        QTest::newRow("pages") << QByteArray("kind=page") << QStringList{"/docs"};
        QTest::newRow("groups") << QByteArray("kind=group") << QStringList();
    }
    void queries()
    {
        QFETCH(QByteArray, query);
        QFETCH(QStringList, expected);
        ConfiguredRoom quiet = roomOf("c", 20, "eu");
        quiet.definition.theme = "quiet";
        TestNode node(configOf({roomOf("a", 10, "eu"), roomOf("b", 5, "us"), quiet,
                                roomOf("d", 0, "us"), roomOf("p", 10, "eu", true)}));
        node.presence.fill(RoomId("a"), 3);
        node.presence.fill(RoomId("b"), 5);
        node.presence.fill(RoomId("d"), 1);
        node.presence.fill(RoomId("p"), 9);
        node.presence.fill(RoomId("/docs"), 2, RoomKind::Page);
        QCOMPARE(TestNode::idsOf(node.call("GET", "/rooms?" + query)), expected);
    }

    void wrongParametersAreRefused_data()
    {
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<QString>("code");
        QTest::newRow("limit 0") << QByteArray("limit=0") << "out_of_range";
        QTest::newRow("limit 1001") << QByteArray("limit=1001") << "out_of_range";
        QTest::newRow("limit text") << QByteArray("limit=all") << "bad_request";
        QTest::newRow("limit huge") << QByteArray("limit=99999999999999999999") << "bad_request";
        QTest::newRow("negative") << QByteArray("minOccupancy=-1") << "out_of_range";
        QTest::newRow("sort") << QByteArray("sort=id;drop") << "bad_request";
        QTest::newRow("kind") << QByteArray("kind=all") << "bad_request";
        QTest::newRow("hasSpace") << QByteArray("hasSpace=maybe") << "bad_request";
        QTest::newRow("cursor") << QByteArray("cursor=%2B%2B%2B") << "bad_request";
        QTest::newRow("long region") << "region=" + QByteArray(129, 'x') << "out_of_range";
        QTest::newRow("control character") << QByteArray("theme=a%0Ab") << "out_of_range";
    }
    void wrongParametersAreRefused()
    {
        QFETCH(QByteArray, query);
        QFETCH(QString, code);
        TestNode node;
        const HttpResponse response = node.call("GET", "/rooms?" + query);
        QCOMPARE(response.status, 400);
        QCOMPARE(TestNode::jsonOf(response).value("code").toString(), code);
    }

    void pagesCoverEveryRoomOnce_data()
    {
        QTest::addColumn<QByteArray>("sort");
        for (const char *sort : {"occupancy", "free", "name"})
            QTest::newRow(sort) << QByteArray(sort);
    }
    void pagesCoverEveryRoomOnce()
    {
        QFETCH(QByteArray, sort);
        std::vector<ConfiguredRoom> rooms;
        for (int i = 0; i < 57; ++i)
            rooms.push_back(roomOf(("r" + QByteArray::number(i)).constData(), 10 + i % 3));
        TestNode node(configOf(rooms));
        for (int i = 0; i < 57; ++i)
            node.presence.fill(RoomId("r" + QByteArray::number(i)), i % 4);
        const QStringList whole = TestNode::idsOf(node.call("GET", "/rooms?sort=" + sort));
        QCOMPARE(whole.size(), 57);
        QStringList joined;
        QByteArray cursor;
        int pages = 0;
        do {
            const HttpResponse page =
                node.call("GET", "/rooms?limit=10&sort=" + sort + "&cursor=" + cursor);
            joined += TestNode::idsOf(page);
            cursor = TestNode::jsonOf(page).value("nextCursor").toString().toLatin1();
            QVERIFY(++pages <= 6);
        } while (!cursor.isEmpty());
        QCOMPARE(pages, 6);
        QCOMPARE(joined, whole);
    }

    void listIsRenderedOncePerInterval()
    {
        TestNode node(configOf({roomOf("a", 10)}));
        QCOMPARE(TestNode::idsOf(node.call("GET", "/rooms")), QStringList{"a"});
        const auto occupancy = [&node] {
            const QJsonArray rooms =
                TestNode::jsonOf(node.call("GET", "/rooms")).value("rooms").toArray();
            return rooms.at(0).toObject().value("estimatedOccupancy").toInt();
        };
        node.presence.fill(RoomId("a"), 3);
        node.clock.advance(99ms);
        QCOMPARE(occupancy(), 0);
        QCOMPARE(renders(node), 1.0);
        node.clock.advance(1ms);
        QCOMPARE(occupancy(), 3);
        QCOMPARE(renders(node), 2.0);
        node.clock.advance(10s);
        QCOMPARE(occupancy(), 3);
        QVERIFY2(renders(node) == 2.0, "nothing has changed");
        (void)node.call("GET", "/rooms?limit=5");
        QCOMPARE(renders(node), 3.0);
    }

    void knownAnswerIsNotSentAgain()
    {
        TestNode node(configOf({roomOf("a", 10)}));
        const HttpResponse first = node.call("GET", "/rooms");
        const QByteArray tag = TestNode::headerOf(first, "ETag");
        QVERIFY(tag.startsWith('"') && tag.endsWith('"'));
        const auto ask = [&node](const QByteArray &tags) {
            HttpRequest request;
            request.headers = {{"if-none-match", tags}};
            return node.http.call("GET", "/rooms", request)->value();
        };
        node.clock.advance(1s);
        const HttpResponse known = ask("\"other\", W/" + tag);
        QCOMPARE(known.status, 304);
        QVERIFY(known.body.isEmpty());
        QCOMPARE(TestNode::headerOf(known, "ETag"), tag);
        QCOMPARE(TestNode::headerOf(known, "Age"), QByteArray("0"));
        QCOMPARE(ask("*").status, 304);
        QCOMPARE(ask("\"other\"").status, 200);
        node.presence.fill(RoomId("a"), 1);
        node.clock.advance(1s);
        const HttpResponse changed = ask(tag);
        QCOMPARE(changed.status, 200);
        QVERIFY(TestNode::headerOf(changed, "ETag") != tag);
        TestNode restarted(configOf({roomOf("a", 10)}));
        QVERIFY(TestNode::headerOf(restarted.call("GET", "/rooms"), "ETag") != tag);
    }

    void staleNumbersSaySo()
    {
        TestNode node(configOf({roomOf("a", 10)}));
        node.presence.fill(RoomId("a"), 3);
        node.presence.asOf = node.clock.wallMs();
        const HttpResponse fresh = node.call("GET", "/rooms");
        QCOMPARE(TestNode::headerOf(fresh, "X-Rollcall-Stale"), QByteArray("false"));
        node.presence.fresh = false;
        node.clock.advance(7s);
        const HttpResponse stale = node.call("GET", "/rooms");
        QCOMPARE(TestNode::headerOf(stale, "X-Rollcall-Stale"), QByteArray("true"));
        QCOMPARE(TestNode::headerOf(stale, "Age"), QByteArray("7"));
        QVERIFY(TestNode::jsonOf(stale).value("stale").toBool());
        QVERIFY(TestNode::headerOf(stale, "ETag") != TestNode::headerOf(fresh, "ETag"));
        QCOMPARE(TestNode::jsonOf(stale)
                     .value("rooms")
                     .toArray()
                     .at(0)
                     .toObject()
                     .value("estimatedOccupancy")
                     .toInt(),
                 3);
    }

    void stubNumbersAreShownButNotBelieved()
    {
        RoomsConfig config = configOf({roomOf("a", 10), roomOf("b", 10)});
        config.rooms[0].stubOccupancy = 9;
        config.useStubOccupancy = true;
        TestNode node(config);
        node.presence.fill(RoomId("a"), 1);
        node.presence.fill(RoomId("b"), 2);
        const QJsonArray rooms =
            TestNode::jsonOf(node.call("GET", "/rooms")).value("rooms").toArray();
        QCOMPARE(rooms.at(0).toObject().value("estimatedOccupancy").toInt(), 9);
        QCOMPARE(rooms.at(1).toObject().value("estimatedOccupancy").toInt(), 2);
        const QJsonObject hottest = TestNode::jsonOf(node.call("GET", "/rooms/hottest"));
        QCOMPARE(hottest.value("roomId").toString(), QString("b"));
    }

    void textIsEscaped()
    {
        ConfiguredRoom room = roomOf("</script>\"\\", 0);
        room.definition.name = "caf\xc3\xa9 \xf0\x9f\x98\x80";
        TestNode node(configOf({room}));
        const QJsonObject json =
            TestNode::jsonOf(node.call("GET", "/rooms")).value("rooms").toArray().at(0).toObject();
        QCOMPARE(json.value("id").toString(), QString("</script>\"\\"));
        QCOMPARE(json.value("name").toString(), QString::fromUtf8(room.definition.name));
    }

    void tenThousandRoomsTakeLittle()
    {
        std::vector<ConfiguredRoom> rooms;
        for (int i = 0; i < 10'000; ++i)
            rooms.push_back(
                roomOf(("room-" + QByteArray::number(i)).constData(), 50, i % 2 ? "eu" : "us"));
        TestNode node(configOf(rooms));
        for (int i = 0; i < 1000; ++i)
            node.presence.fill(RoomId("room-" + QByteArray::number(i)), 1);
        QBENCHMARK
        {
            node.clock.advance(1s);
            QCOMPARE(TestNode::idsOf(node.call("GET", "/rooms?limit=100")).size(), 100);
        }
    }
};

QTEST_GUILESS_MAIN(tst_RoomList)
#include "tst_roomlist.moc"
