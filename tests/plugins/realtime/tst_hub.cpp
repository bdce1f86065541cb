// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/base/manualclock.h"
#include "plugins/realtime/dialectcodec.h"
#include "plugins/realtime/hub.h"
#include "plugins/realtime/roomsdialect.h"
#include "support/fakeclient.h"

#include <QTest>

using namespace Rollcall;
using namespace Rollcall::Realtime;
using namespace std::chrono_literals;

namespace {

/// Counts what it encodes; may pretend to be another dialect.
struct CountingCodec final : DialectCodec
{
    explicit CountingCodec(Dialect dialect = Dialect::Rooms)
        : which(dialect)
    { }

    Dialect which;
    RoomsDialect rooms{ClientLimits()};
    int encodings = 0;

    Dialect dialect() const override { return which; }
    bool isBinary() const override { return false; }
    Result<ClientMessage> decode(QByteArrayView message) override { return rooms.decode(message); }
    QByteArrayView lastType() const override { return rooms.lastType(); }
    bool encode(QByteArray &out, const ServerEvent &event, qint64 nowMs) override
    {
        ++encodings;
        return rooms.encode(out, event, nowMs);
    }
    void setLimits(const ClientLimits &) override { }
};

/// The network always makes it wait, so it reads in no log: what it gets is in its out-buffer at
/// once.
struct FakeRecipient final : Recipient
{
    FakeRecipient(quint64 id, DialectCodec &codec)
        : number(id)
        , dialect(codec)
    { }

    quint64 number;
    DialectCodec &dialect;
    QByteArray out;
    size_t pending = 0;

    ConnectionId id() const override { return ConnectionId(number); }
    DialectCodec &codec() const override { return dialect; }
    void append(std::span<const char> bytes) override
    {
        out.append(bytes.data(), qsizetype(bytes.size()));
    }
    void sendNow(Pieces) override { qFatal("never asked while it waits"); }
    void flush() override { }
    bool isWaiting() const override { return true; }
    size_t bytesPending() const override { return pending; }

    QList<QJsonObject> take()
    {
        QList<QJsonObject> events;
        for (const ServerFrame &frame : takeServerFrames(out))
            events += QJsonDocument::fromJson(frame.payload).object();
        return events;
    }
};

} // namespace

class tst_Hub : public QObject
{
    Q_OBJECT

    struct Fixture
    {
        ManualClock clock;
        Metrics metrics;
        RealtimeMetrics counts{metrics};
        RealtimeConfig config;
        CountingCodec codec;
        Hub hub{clock, config, counts};
        QList<quint64> slow;
        std::vector<std::unique_ptr<FakeRecipient>> people;

        Fixture()
        {
            hub.setSlowHandler([this](ConnectionId id) { slow += id.value(); });
        }
        FakeRecipient &enter(bool isBatch = false, const char *room = "r",
                             DialectCodec *other = nullptr)
        {
            people.push_back(
                std::make_unique<FakeRecipient>(people.size() + 1, other ? *other : codec));
            hub.enter(RoomId(room), *people.back(), isBatch);
            return *people.back();
        }
        void move(const char *user, double x, quint64 origin = 0)
        {
            Transform transform;
            transform.x = x;
            hub.move(RoomId("r"), UserId(user), transform, ConnectionId(origin));
        }
        void chat(const char *text) { hub.broadcast(RoomId("r"), ChatEvent{"r", "a", text, "m"}); }
    };

    static QString typeOf(const QJsonObject &event) { return event["t"].toString(); }
    static double xOf(const QJsonObject &event) { return event["payload"]["x"].toDouble(-1); }

private Q_SLOTS:
    void eventsAreEncodedOnceForEverybody()
    {
        Fixture f;
        for (int i = 0; i < 100; ++i)
            f.enter();
        f.chat("hi");
        QCOMPARE(f.codec.encodings, 1);
        f.move("a", 1, 1);
        QCOMPARE(f.codec.encodings, 2);
        for (size_t i = 0; i < f.people.size(); ++i)
            QCOMPARE(f.people[i]->take().size(), i == 0 ? 1 : 2);
        QCOMPARE(f.counts.counts().framesSent, 199u);
        QCOMPARE(f.counts.counts().framesEncoded, 2u);
    }
    void eachDialectEncodesForItself()
    {
        Fixture f;
        CountingCodec pages(Dialect::Pages);
        f.enter();
        f.enter();
        FakeRecipient &page = f.enter(false, "r", &pages);
        f.enter(false, "r", &pages);
        f.chat("hi");
        QCOMPARE(f.codec.encodings, 1);
        QCOMPARE(pages.encodings, 1);
        QCOMPARE(page.take().size(), 1);
    }
    void nobodyToTellCostsNothing()
    {
        Fixture f;
        f.chat("hi");
        FakeRecipient &only = f.enter();
        f.move("a", 1, only.id().value());
        QCOMPARE(f.codec.encodings, 0);
    }
    void whoHasLeftHearsNothing()
    {
        Fixture f;
        FakeRecipient &one = f.enter();
        FakeRecipient &two = f.enter();
        f.hub.leave(RoomId("r"), one);
        f.chat("hi");
        QCOMPARE(one.take().size(), 0);
        QCOMPARE(two.take().size(), 1);
        f.hub.leave(RoomId("r"), two);
        QVERIFY(!f.hub.hasRecipients(RoomId("r")));
    }
    void batchIsOneFramePerIntervalWithTheLatestOfEach()
    {
        Fixture f;
        FakeRecipient &batched = f.enter(true);
        FakeRecipient &plain = f.enter();
        f.move("a", 1);
        f.move("a", 2);
        f.move("b", 3);
        QCOMPARE(plain.take().size(), 3);
        QCOMPARE(batched.take().size(), 0);
        f.clock.advance(50ms);
        const QList<QJsonObject> events = batched.take();
        QCOMPARE(events.size(), 1);
        QCOMPARE(typeOf(events[0]), "avatar_transforms");
        const QJsonArray transforms = events[0]["payload"]["transforms"].toArray();
        QCOMPARE(transforms.size(), 2);
        QCOMPARE(transforms[0]["x"], QJsonValue(2));
        QCOMPARE(transforms[1]["x"], QJsonValue(3));
        f.clock.advance(1s);
        QCOMPARE(batched.take().size(), 0);
    }
    void batchIsEncodedOnceAndNobodyGetsTheirOwn()
    {
        Fixture f;
        const char *const names[] = {"a", "b", "c"};
        for (int i = 0; i < 4; ++i)
            f.enter(true);
        for (quint64 i = 0; i < 3; ++i)
            f.move(names[i], double(i), i + 1);
        f.clock.advance(50ms);
        QCOMPARE(f.codec.encodings, 1);
        for (quint64 i = 0; i < 4; ++i) {
            const QList<QJsonObject> events = f.people[i]->take();
            QCOMPARE(events.size(), 1);
            const QJsonArray transforms = events[0]["payload"]["transforms"].toArray();
            QCOMPARE(transforms.size(), i < 3 ? 2 : 3);
            for (const QJsonValue &transform : transforms)
                QVERIFY(i == 3 || transform["userId"] != QJsonValue(names[i]));
        }
        // Who moved alone has nothing to hear.
        f.move("a", 9, 1);
        f.clock.advance(50ms);
        QCOMPARE(f.people[0]->take().size(), 0);
        QCOMPARE(f.people[1]->take().size(), 1);
    }
    void tickSendsTheLatestOfEachOnce()
    {
        Fixture f;
        f.config.tick = 20ms;
        FakeRecipient &one = f.enter();
        f.move("a", 1);
        f.move("a", 2);
        QCOMPARE(one.take().size(), 0);
        f.clock.advance(20ms);
        const QList<QJsonObject> events = one.take();
        QCOMPARE(events.size(), 1);
        QCOMPARE(xOf(events[0]), 2.0);
        QCOMPARE(f.codec.encodings, 1);
    }
    void movementOfWhoHasLeftIsNotSentLate()
    {
        Fixture f;
        f.config.tick = 20ms;
        FakeRecipient &plain = f.enter();
        FakeRecipient &batched = f.enter(true);
        f.move("a", 1);
        f.hub.forget(RoomId("r"), UserId("a"));
        f.clock.advance(100ms);
        QCOMPARE(plain.take().size(), 0);
        QCOMPARE(batched.take().size(), 0);
        QCOMPARE(f.hub.latest(RoomId("r"), UserId("a")).x, 0.0);
    }
    void aboveTheMarkMovementWaitsAndTheNewestWins()
    {
        Fixture f;
        FakeRecipient &slow = f.enter();
        FakeRecipient &quick = f.enter();
        slow.pending = f.config.movementMark + 1;
        for (int i = 1; i <= 10; ++i)
            f.move("a", i);
        f.move("b", 20);
        f.chat("never dropped");
        QList<QJsonObject> events = slow.take();
        QCOMPARE(events.size(), 1);
        QCOMPARE(typeOf(events[0]), "chat_broadcast");
        QCOMPARE(quick.take().size(), 12);
        QCOMPARE(f.counts.counts().movementReplaced, 9u);
        slow.pending = 0;
        f.hub.resume(slow);
        events = slow.take();
        QCOMPARE(events.size(), 2);
        QCOMPARE(xOf(events[0]), 10.0);
        QCOMPARE(xOf(events[1]), 20.0);
        f.hub.resume(slow);
        QCOMPARE(slow.take().size(), 0);
    }
    void heldBackMovementOfWhoHasLeftIsForgotten()
    {
        Fixture f;
        FakeRecipient &slow = f.enter();
        slow.pending = f.config.movementMark + 1;
        f.move("a", 1);
        f.hub.forget(RoomId("r"), UserId("a"));
        slow.pending = 0;
        f.hub.resume(slow);
        QCOMPARE(slow.take().size(), 0);
    }
    void aboveTheCloseMarkNothingIsAddedAndItIsReportedOnce()
    {
        Fixture f;
        FakeRecipient &slow = f.enter();
        FakeRecipient &quick = f.enter();
        slow.pending = f.config.closeMark + 1;
        f.chat("a");
        f.chat("b");
        f.move("a", 1);
        QCOMPARE(slow.take().size(), 0);
        QCOMPARE(quick.take().size(), 3);
        QCOMPARE(f.slow, QList<quint64>()); // never from inside a fan-out
        f.clock.advance(0ms);
        QCOMPARE(f.slow, QList<quint64>({1}));
    }
    void placesAreRememberedButNewerOnesStay()
    {
        Fixture f;
        f.enter();
        f.move("a", 5);
        f.hub.remember(RoomId("r"), UserId("a"), Transform{.x = 1});
        f.hub.remember(RoomId("r"), UserId("b"), Transform{.x = 2});
        QCOMPARE(f.hub.latest(RoomId("r"), UserId("a")).x, 5.0);
        QCOMPARE(f.hub.latest(RoomId("r"), UserId("b")).x, 2.0);
    }
};

QTEST_GUILESS_MAIN(tst_Hub)
#include "tst_hub.moc"
