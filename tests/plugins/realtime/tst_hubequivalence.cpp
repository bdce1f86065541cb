// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "hubfixture.h"

#include <QTest>

#include <random>

using namespace Rollcall;
using namespace Rollcall::Realtime;

/// The hub's two ways to a recipient, through the room's log and past it, come to the same.
class tst_HubEquivalence : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theSameBytesAsWithoutTheLog_data()
    {
        QTest::addColumn<int>("tickMs");
        QTest::newRow("at once") << 0;
        QTest::newRow("with a tick") << 20;
    }
    void theSameBytesAsWithoutTheLog();
};

/// The same random life in two hubs. In one of them the network makes everybody wait for ever,
/// which keeps them all out of the logs.
void tst_HubEquivalence::theSameBytesAsWithoutTheLog()
{
    QFETCH(int, tickMs);
    constexpr int kPeople = 12;
    constexpr int kSteps = 20'000;
    const QByteArrayList rooms{"r", "s", "t"};
    const uint seed = qEnvironmentVariableIntValue("ROLLCALL_SEED")
        ? uint(qEnvironmentVariableIntValue("ROLLCALL_SEED"))
        : std::random_device()();
    qInfo("ROLLCALL_SEED=%u", seed);
    std::mt19937 random(seed);
    const auto upTo = [&](int count) { return int(random() % uint(count)); };

    ManualClock clock;
    HubFixture read(clock);
    HubFixture plain(clock);
    int readers = 0;
    for (HubFixture *f : {&read, &plain}) {
        f->config.tick = std::chrono::milliseconds(tickMs);
        f->config.movementMark = f->config.closeMark = NetworkRecipient::kEndless;
        for (int i = 0; i < kPeople; ++i)
            f->make();
    }
    for (const auto &person : plain.people) {
        person->room = 0;
        person->deliver(QByteArrayView("x"));
        person->flush();
        QVERIFY(person->isWaiting());
        person->out.clear();
    }

    for (int step = 0; step < kSteps; ++step) {
        const size_t who = size_t(upTo(kPeople));
        const QByteArray room = rooms[upTo(int(rooms.size()))];
        const UserId user("u" + QByteArray::number(upTo(kPeople)));
        const bool isBatch = upTo(5) == 0;
        const bool blocks = upTo(5) == 0;
        const int what = upTo(100);
        const QByteArray text = QByteArray::number(step) + QByteArray(upTo(300), 'x');
        const auto both = [&](auto each) {
            each(read);
            each(plain);
        };
        if (what < 8) {
            both([&](HubFixture &f) {
                f.hub.enter(RoomId(room), *f.people[who], isBatch,
                            blocks ? QSet<UserId>{user} : QSet<UserId>());
            });
        } else if (what < 13) {
            both([&](HubFixture &f) { f.hub.leave(RoomId(room), *f.people[who]); });
        } else if (what < 16) {
            both([&](HubFixture &f) {
                for (const QByteArray &each : rooms)
                    f.hub.leave(RoomId(each), *f.people[who]);
            });
        } else if (what < 60) { // a user is one connection or on another node
            const quint64 origin = upTo(4) == 0 ? 0 : who + 1;
            const UserId mover("u" + QByteArray::number(who));
            both([&](HubFixture &f) {
                f.hub.move(RoomId(room), mover, Transform{.seq = quint64(step), .x = double(step)},
                           ConnectionId(origin));
            });
        } else if (what < 65) {
            both([&](HubFixture &f) { f.hub.forget(RoomId(room), user); });
        } else if (what < 72) {
            both([&](HubFixture &f) {
                f.hub.broadcast(RoomId(room), ChatEvent{room, user.value(), text, "m"});
            });
        } else if (what < 76) {
            both([&](HubFixture &f) {
                f.hub.broadcast(RoomId(room), ChatEvent{room, user.value(), text, "m"}, user);
            });
        } else if (what < 79) {
            both([&](HubFixture &f) {
                f.hub.broadcast(RoomId(room), ChatEvent{room, user.value(), text, "m"},
                                [&](Recipient &one, const QSet<UserId> &) {
                                    f.hub.send(one, EmoteEvent{room, user.value(), "wave"});
                                });
            });
        } else if (what < 84) {
            both([&](HubFixture &f) {
                f.hub.send(*f.people[who], ChatEvent{room, user.value(), text, "m"});
            });
        } else if (what < 86) {
            clock.advance(std::chrono::milliseconds(upTo(40)));
        } else if (what < 88) {
            read.people[who]->room = size_t(upTo(2000));
        } else if (what < 91) {
            read.people[who]->drain();
            read.hub.resume(*read.people[who]);
        } else {
            read.endTurn();
            for (size_t i = 0; i < kPeople; ++i) {
                readers += read.people[i]->log() != nullptr;
                if (read.people[i]->written() != plain.people[i]->written())
                    QFAIL(qPrintable(QString("step %1, person %2:\n%3\n%4")
                                         .arg(step)
                                         .arg(i)
                                         .arg(QString::fromUtf8(read.people[i]->written()),
                                              QString::fromUtf8(plain.people[i]->written()))));
                read.people[i]->received.clear();
                plain.people[i]->out = read.people[i]->out;
            }
        }
        QCOMPARE(read.counts.counts().framesSent, plain.counts.counts().framesSent);
        QCOMPARE(read.counts.counts().bytesSent, plain.counts.counts().bytesSent);
        for (size_t i = 0; i < kPeople; ++i)
            QCOMPARE(read.hub.contains(RoomId(room), read.people[i]->id()),
                     plain.hub.contains(RoomId(room), plain.people[i]->id()));
    }
    QVERIFY(readers > kSteps / 100); // it was about logs indeed
}

QTEST_GUILESS_MAIN(tst_HubEquivalence)
#include "tst_hubequivalence.moc"
