// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "roomwatcher.h"

#include <QTest>

#include <random>

using namespace Rollcall;
using namespace Rollcall::Realtime;
using namespace std::chrono_literals;

/// What the clients in small, large and very large rooms are told about who comes and goes.
class tst_RoomAnnouncer : public QObject
{
    Q_OBJECT

    std::unique_ptr<GatewayFixture> f;
    std::vector<std::unique_ptr<RoomWatcher>> m_watchers;
    const RoomId m_hall{"hall"};

    static Member member(const QByteArray &user, const QByteArray &name = "Somebody",
                         MemberState state = MemberState::Active)
    {
        return Member{UserId(user), name, "fox", DeviceType::Desktop, state, 0};
    }
    RoomWatcher &watch(const QByteArray &user)
    {
        auto client = f->connect();
        client->join("hall", user.constData());
        m_watchers.push_back(std::make_unique<RoomWatcher>(std::move(client), user));
        m_watchers.back()->read();
        return *m_watchers.back();
    }
    void fillTo(int users)
    {
        for (int i = f->presence.occupancy(m_hall); i < users; ++i)
            f->presence.joinRemote(m_hall, member("filler-" + QByteArray::number(i)));
    }
    void emptyTo(int users)
    {
        for (int i = f->presence.occupancy(m_hall) - 1; i >= users; --i)
            f->presence.removeRemote(m_hall, UserId("filler-" + QByteArray::number(i)));
    }
    /// Everybody has read everything; the first who sees something else than there is.
    QString firstWrong()
    {
        const RoomSnapshot snapshot = f->presence.snapshot(m_hall);
        for (const auto &watcher : m_watchers) {
            watcher->read();
            if (!watcher->isRight(snapshot))
                return QString("watcher %1 in %2: %3 of %4")
                    .arg(watcher->members.empty() ? QString() : watcher->members.begin()->first,
                         watcher->mode)
                    .arg(watcher->members.size())
                    .arg(snapshot.users);
        }
        return {};
    }
    QStringList newTypes(RoomWatcher &watcher)
    {
        watcher.types.clear();
        watcher.read();
        return watcher.types;
    }

private Q_SLOTS:
    void init()
    {
        f = std::make_unique<GatewayFixture>();
        f->config.pingInterval = 0s; // nobody here answers
        f->start();
    }
    void cleanup()
    {
        m_watchers.clear();
        f.reset();
    }

    void modeFollowsTheOccupancyWithHysteresis()
    {
        for (int i = 0; i < 10; ++i)
            watch("watcher-" + QByteArray::number(i));
        RoomWatcher &first = *m_watchers.front();

        fillTo(100);
        QCOMPARE(firstWrong(), QString());
        QCOMPARE(first.mode, "full");
        QCOMPARE(first.count("member_joined"), 99);
        QCOMPARE(first.count("presence_mode"), 0);

        fillTo(101);
        QCOMPARE(firstWrong(), QString());
        QCOMPARE(first.mode, "delta");
        QCOMPARE(first.occupancy, 101);
        QCOMPARE(first.count("member_joined"), 100); // the one that led to it was announced

        fillTo(1'000);
        QCOMPARE(newTypes(first), QStringList());
        f->clock.advance(2s);
        QCOMPARE(firstWrong(), QString());
        QCOMPARE(first.types, QStringList("presence_delta"));
        QCOMPARE(first.members.size(), size_t(1'000));

        fillTo(1'001);
        QCOMPARE(firstWrong(), QString());
        QCOMPARE(first.mode, "count");
        QCOMPARE(first.occupancy, 1'001);

        emptyTo(901);
        QCOMPARE(newTypes(first), QStringList());
        f->clock.advance(5s);
        QCOMPARE(newTypes(first), QStringList("presence_count"));
        QCOMPARE(first.occupancy, 901);

        emptyTo(900);
        QCOMPARE(newTypes(first), QStringList({"presence_mode", "room_state"}));
        QCOMPARE(firstWrong(), QString());
        QCOMPARE(first.mode, "delta");

        emptyTo(91);
        f->clock.advance(2s);
        QCOMPARE(newTypes(first), QStringList("presence_delta"));
        QCOMPARE(firstWrong(), QString());

        emptyTo(90);
        QCOMPARE(newTypes(first), QStringList({"presence_mode", "room_state"}));
        QCOMPARE(firstWrong(), QString());
        QCOMPARE(first.mode, "full");
        emptyTo(89);
        QCOMPARE(newTypes(first), QStringList("member_left"));
        fillTo(100);
        QCOMPARE(first.mode, "full");
        f->clock.advance(10s);
        QCOMPARE(firstWrong(), QString());
    }
    void roomThatGrowsAtOnceIsCountedAtOnce()
    {
        f->config.fullPresenceMembers = 3;
        f->config.deltaPresenceMembers = 3;
        f->start();
        RoomWatcher &alice = watch("alice");
        fillTo(4);
        alice.read();
        QCOMPARE(alice.mode, "count");
        QCOMPARE(alice.count("presence_mode"), 1);
        emptyTo(2);
        QCOMPARE(firstWrong(), QString());
        QCOMPARE(alice.mode, "full");
    }
    void whoEntersALargeRoomGetsAListThatDeltasFit()
    {
        fillTo(150);
        RoomWatcher &alice = watch("alice");
        QCOMPARE(alice.mode, "delta");
        QCOMPARE(alice.members.size(), size_t(151));
        f->presence.joinRemote(m_hall, member("brief")); // here when bob looks, gone when told
        RoomWatcher &bob = watch("bob");
        QVERIFY(bob.members.contains("brief"));
        f->presence.removeRemote(m_hall, UserId("brief"));
        f->presence.removeRemote(m_hall, UserId("filler-7")); // gone when carol looks, then back
        RoomWatcher &carol = watch("carol");
        QVERIFY(!carol.members.contains("filler-7"));
        f->presence.joinRemote(m_hall, member("filler-7", "Back"));
        f->clock.advance(2s);
        QCOMPARE(firstWrong(), QString());
        QCOMPARE(alice.members["filler-7"], "Back/active");
        QCOMPARE(carol.members["filler-7"], "Back/active");
        QCOMPARE(alice.departures, 0);
    }
    void whoComesBackWithinAnIntervalNeverLeft()
    {
        fillTo(150);
        RoomWatcher &alice = watch("alice");
        f->clock.advance(2s);
        alice.read();
        f->presence.removeRemote(m_hall, UserId("filler-3"));
        f->presence.joinRemote(m_hall, member("filler-3"));
        f->presence.joinRemote(m_hall, member("passer-by"));
        f->presence.removeRemote(m_hall, UserId("passer-by"));
        f->clock.advance(2s);
        const QJsonObject delta = alice.client->takeOne("presence_delta");
        QCOMPARE(delta["roomId"], QJsonValue("hall"));
        QCOMPARE(delta["occupancy"], QJsonValue(151));
        QCOMPARE(delta["joined"], QJsonValue(QJsonArray()));
        QCOMPARE(delta["left"], QJsonValue(QJsonArray()));
        QCOMPARE(delta["updated"].toArray().size(), 1);
        QCOMPARE(delta["updated"][0]["userId"], QJsonValue("filler-3"));
        f->presence.joinRemote(m_hall, member("passer-by"));
        f->presence.removeRemote(m_hall, UserId("passer-by"));
        f->clock.advance(10s);
        QCOMPARE(newTypes(alice), QStringList());
    }
    void stateFollowsTheMode()
    {
        RoomWatcher &alice = watch("alice");
        RoomWatcher &bob = watch("bob");
        bob.client->send("away", {{"roomId", "hall"}});
        QCOMPARE(newTypes(alice), QStringList({"member_joined", "member_updated"}));
        QCOMPARE(alice.members["bob"], "bob/away");
        fillTo(101);
        alice.read();
        bob.client->send("active", {{"roomId", "hall"}});
        QCOMPARE(newTypes(alice), QStringList());
        f->clock.advance(2s);
        QCOMPARE(newTypes(alice), QStringList("presence_delta"));
        QCOMPARE(alice.members["bob"], "bob/active");
        fillTo(1'001);
        alice.read();
        bob.client->send("away", {{"roomId", "hall"}});
        f->clock.advance(10s);
        QVERIFY(!newTypes(alice).contains("presence_delta"));
        emptyTo(900);
        QCOMPARE(firstWrong(), QString());
        QCOMPARE(alice.members["bob"], "bob/away");
    }
    void whoEntersAVeryLargeRoomSeesThemselvesAndTheCount()
    {
        fillTo(1'200);
        auto client = f->connect();
        client->join("hall", "alice");
        const QJsonObject state = client->takeOne("room_state");
        QCOMPARE(state["mode"], QJsonValue("count"));
        QCOMPARE(state["occupancy"], QJsonValue(1'201));
        QCOMPARE(state["members"].toArray().size(), 1);
        QCOMPARE(state["members"][0]["userId"], QJsonValue("alice"));
    }
    void everybodyGetsTheListAgainAFewAtATime()
    {
        f->config.fullPresenceMembers = 20;
        f->config.deltaPresenceMembers = 200;
        f->start();
        for (int i = 0; i < 150; ++i)
            watch("watcher-" + QByteArray::number(i));
        fillTo(201);
        QCOMPARE(firstWrong(), QString());
        QCOMPARE(m_watchers.front()->mode, "count");
        emptyTo(180);
        int refreshed = 0;
        for (const auto &watcher : m_watchers)
            refreshed += newTypes(*watcher).contains("room_state");
        QVERIFY2(refreshed > 0 && refreshed < 100, qPrintable(QString::number(refreshed)));
        f->presence.joinRemote(m_hall, member("late"));
        f->clock.advance(100ms);
        for (const auto &watcher : m_watchers)
            refreshed += newTypes(*watcher).contains("room_state");
        QCOMPARE(refreshed, 150);
        f->clock.advance(2s);
        QCOMPARE(firstWrong(), QString());
    }
    void resynchronizedLargeRoomIsRight()
    {
        fillTo(150);
        RoomWatcher &alice = watch("alice");
        f->clock.advance(2s);
        f->presence.blockSignals(true); // an outage: nobody is told
        emptyTo(130);
        f->presence.blockSignals(false);
        Q_EMIT f->presence.roomResynchronized(m_hall);
        QVERIFY(newTypes(alice).contains("room_state"));
        QCOMPARE(firstWrong(), QString());
    }

    void viewsAreRightAfterAnyHistory_data()
    {
        QTest::addColumn<uint>("seed");
        for (uint seed = 1; seed <= 6; ++seed)
            QTest::addRow("seed %u", seed) << seed;
    }
    void viewsAreRightAfterAnyHistory()
    {
        QFETCH(uint, seed);
        f->config.fullPresenceMembers = 22;
        f->config.deltaPresenceMembers = 36;
        f->start();
        std::mt19937 random(seed);
        const auto below = [&](int limit) { return int(random() % uint(limit)); };
        int named = 0;
        QStringList modes;
        for (int step = 0; step < 3'000; ++step) {
            const int bias = step / 500 % 2 == 0 ? 5 : 1; // grows, then shrinks
            const QByteArray user = "user-" + QByteArray::number(below(60));
            const int what = below(12);
            if (what < bias) {
                const Member other = member(user, "Name " + QByteArray::number(++named));
                const bool isUpdate = f->presence.containsUser(m_hall, other.user);
                f->presence.joinRemote(m_hall, other);
                if (isUpdate)
                    Q_EMIT f->presence.memberUpdated(m_hall, other);
            } else if (what < 6) {
                f->presence.removeRemote(m_hall, UserId(user), LeaveReason::Lost);
            } else if (what == 6 && m_watchers.size() < 8) {
                watch("watcher-" + QByteArray::number(step));
            } else if (what == 7 && m_watchers.size() > 2) {
                const auto victim = m_watchers.begin() + below(int(m_watchers.size()));
                (*victim)->client->close(1000);
                m_watchers.erase(victim);
            } else if (what == 8 && !m_watchers.empty()) {
                FakeClient &client = *m_watchers[size_t(below(int(m_watchers.size())))]->client;
                client.send(below(2) == 0 ? "away" : "active", {{"roomId", "hall"}});
            } else if (what == 9) {
                Q_EMIT f->presence.roomResynchronized(m_hall);
            } else if (what >= 10) {
                f->clock.advance(std::chrono::milliseconds(below(900)));
            }
            if (step % 50 == 49) {
                f->clock.advance(5s);
                QCOMPARE(firstWrong(), QString());
                if (!m_watchers.empty())
                    modes.append(m_watchers.front()->mode);
            }
        }
        QVERIFY(modes.contains("full") && modes.contains("delta") && modes.contains("count"));
    }

    /// docs/performance.md has the numbers.
    void messagesFor200PeopleEnteringAndLeaving_data()
    {
        QTest::addColumn<int>("full");
        QTest::addColumn<int>("delta");
        QTest::addColumn<int>("most");
        // Everyone who enters gets room_state; each join and leave goes to all the others.
        QTest::addRow("full") << 1'000 << 1'000 << 200 + 2 * 19'900;
        QTest::addRow("delta") << 0 << 1'000 << 5'000;
        QTest::addRow("count") << 0 << 0 << 2'000;
    }
    void messagesFor200PeopleEnteringAndLeaving()
    {
        QFETCH(int, full);
        QFETCH(int, delta);
        QFETCH(int, most);
        f->config.fullPresenceMembers = full;
        f->config.deltaPresenceMembers = delta;
        f->start();
        std::vector<std::unique_ptr<FakeClient>> clients;
        for (int i = 0; i < 200; ++i) { // ten a second
            clients.push_back(f->connect());
            clients.back()->join("hall", qPrintable(QString("user-%1").arg(i)));
            f->clock.advance(100ms);
        }
        f->clock.advance(10s);
        for (const auto &client : clients) {
            client->send("leave_room", {{"roomId", "hall"}});
            f->clock.advance(100ms);
        }
        f->clock.advance(10s);
        const int sent = int(f->metric("realtime_frames_sent_total"));
        const double bytes = f->metric("realtime_sent_bytes_total");
        qInfo("%s: %d messages, %.1f MB", QTest::currentDataTag(), sent, bytes / 1e6);
        if (full == 1'000)
            QCOMPARE(sent, most);
        QVERIFY2(sent >= 200 && sent <= most, qPrintable(QString::number(sent)));
    }
};

QTEST_GUILESS_MAIN(tst_RoomAnnouncer)
#include "tst_roomannouncer.moc"
