// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/protocol/roomsencoder.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace Rollcall;
using namespace std::chrono_literals;

namespace {

/// Apostrophes for quotation marks.
QByteArray quoted(const char *text) { return QByteArray(text).replace('\'', '"'); }

} // namespace

class tst_RoomsEncoder : public QObject
{
    Q_OBJECT

    static constexpr qint64 kNow = 1'700'000'000'123;

    static QJsonObject payload(const ServerEvent &event, const char *type)
    {
        QByteArray out;
        appendRoomsFrame(out, event, kNow);
        const QJsonObject frame = QJsonDocument::fromJson(out).object();
        if (frame.keys() != QStringList({"payload", "t", "ts", "v"}) || frame["v"] != 1
            || frame["t"] != type || frame["ts"].toInteger() != kNow) {
            QTest::qFail(out.constData(), __FILE__, __LINE__);
        }
        return frame["payload"].toObject();
    }
    static QJsonObject json(const QByteArray &text)
    {
        return QJsonDocument::fromJson(text).object();
    }

    const Member m_alice{UserId("al\"ice"),   "Alice",           "fox",
                         DeviceType::Desktop, MemberState::Away, 5};
    const Transform m_here{7, 1, -2.5, 0.125, 3, 1, true};

private Q_SLOTS:
    void roomStateHoldsEveryMemberWithItsPlace()
    {
        const std::array members{m_alice, Member{UserId("bob"), "Bob", "", {}, {}, 0}};
        const std::array transforms{m_here, Transform()};
        QCOMPARE(
            payload(RoomStateEvent{"lobby", false, members, transforms, 5, 25s, 75s}, "room_state"),
            json(quoted(
                "{'roomId':'lobby','serverTimeMs':1700000000123,'mode':'full','occupancy':5,'"
                "heartbeatIntervalMs':25000,"
                "'ttlMs':75000,'members':["
                "{'userId':'al\\'ice','displayName':'Alice','avatarId':'fox','state':'away',"
                "'x':1,'y':-2.5,'z':0.125,'rotY':3,'anim':'walk','speaking':true},"
                "{'userId':'bob','displayName':'Bob','avatarId':'','state':'active',"
                "'x':0,'y':0,'z':0,'rotY':0,'anim':'idle','speaking':false}]}")));
        QCOMPARE(payload(RoomStateEvent{"12", true, {}, {}, 0, 1s, 1s}, "room_state")["roomId"],
                 QJsonValue(12));
    }
    void comingAndGoing()
    {
        QCOMPARE(payload(MemberJoinedEvent{"r", m_alice, m_here}, "member_joined"),
                 json(quoted("{'roomId':'r','member':{'userId':'al\\'ice','displayName':'Alice','"
                             "avatarId':'fox',"
                             "'state':'away','x':1,'y':-2.5,'z':0.125,'rotY':3,'anim':'walk','"
                             "speaking':true}}")));
        QCOMPARE(payload(MemberLeftEvent{"r", "bob", LeaveReason::Expired}, "member_left"),
                 json(quoted("{'roomId':'r','userId':'bob','reason':'expired'}")));
        QCOMPARE(payload(MemberUpdatedEvent{"r", m_alice}, "member_updated"),
                 json(quoted("{'roomId':'r','userId':'al\\'ice','displayName':'Alice','avatarId':'"
                             "fox','state':'away'}")));
    }
    void movement()
    {
        QCOMPARE(payload(TransformEvent{"bob", m_here}, "avatar_transform_broadcast"),
                 json(quoted("{'userId':'bob','seq':7,'x':1,'y':-2.5,'z':0.125,'rotY':3,'anim':'"
                             "walk','speaking':true}")));
        const std::array moved{TransformEvent{"a", m_here}, TransformEvent{"b", m_here},
                               TransformEvent{"c", m_here}};
        QCOMPARE(payload(TransformBatchEvent{"r", moved}, "avatar_transforms")["transforms"]
                     .toArray()
                     .size(),
                 3);
    }
    void anyElementCanBeCutOutOfABatch_data()
    {
        QTest::addColumn<int>("count");
        QTest::newRow("one") << 1;
        QTest::newRow("two") << 2;
        QTest::newRow("three") << 3;
    }
    void anyElementCanBeCutOutOfABatch()
    {
        QFETCH(int, count);
        const char *const names[] = {"a", "b", "c"};
        std::vector<TransformEvent> moved;
        for (int i = 0; i < count; ++i)
            moved.push_back({names[i], m_here});
        std::vector<EncodedCut> cuts;
        QByteArray out("before");
        appendRoomsFrame(out, TransformBatchEvent{"r", moved, &cuts}, kNow);
        QCOMPARE(cuts.size(), moved.size());
        for (size_t i = 0; i < cuts.size(); ++i) {
            QByteArray rest = out.mid(6);
            rest.remove(cuts[i].begin, cuts[i].end - cuts[i].begin);
            const QJsonArray others =
                QJsonDocument::fromJson(rest)["payload"]["transforms"].toArray();
            QCOMPARE(others.size(), count - 1);
            for (const QJsonValue &other : others)
                QVERIFY(other["userId"] != QJsonValue(names[i]));
        }
    }
    void answersAndNotices()
    {
        QCOMPARE(
            payload(ChatEvent{"r", "bob", "a\n\"b\"", "m1"}, "chat_broadcast"),
            json(quoted("{'roomId':'r','userId':'bob','text':'a\\n\\'b\\'','messageId':'m1'}")));
        QCOMPARE(payload(EmoteEvent{"r", "bob", "hi"}, "emote_broadcast"),
                 json(quoted("{'roomId':'r','userId':'bob','emoteId':'hi'}")));
        QCOMPARE(payload(HeartbeatAckEvent{"r", false, 1.7e12}, "heartbeat_ack"),
                 json(quoted(
                     "{'roomId':'r','clientTimeMs':1700000000000,'serverTimeMs':1700000000123}")));
        QCOMPARE(payload(ModerationEvent{"kicked", "rude"}, "moderation_action"),
                 json(quoted("{'type':'kicked','reason':'rude'}")));
        QCOMPARE(payload(RateLimitedEvent{"local_chat", 5, 3}, "rate_limited"),
                 json(quoted("{'event':'local_chat','limitPerSecond':5,'dropped':3}")));
        QCOMPARE(payload(DrainingEvent{1500ms, "ws://b"}, "draining"),
                 json(quoted("{'reconnectInMs':1500,'url':'ws://b'}")));
        QCOMPARE(payload(OtherEvent{"mine", quoted("{'a':1}")}, "mine"), json(quoted("{'a':1}")));
    }
    void authErrorsHaveOneOfThreeReasons_data()
    {
        QTest::addColumn<ErrorCode>("code");
        QTest::addColumn<QString>("reason");
        QTest::newRow("expired") << ErrorCode::TokenExpired << "token_expired";
        QTest::newRow("forbidden") << ErrorCode::Forbidden << "forbidden";
        QTest::newRow("invalid") << ErrorCode::InvalidToken << "invalid_token";
        QTest::newRow("none") << ErrorCode::Unauthorized << "invalid_token";
    }
    void authErrorsHaveOneOfThreeReasons()
    {
        QFETCH(ErrorCode, code);
        QFETCH(QString, reason);
        const QJsonObject object = payload(AuthErrorEvent{code, {}}, "auth_error");
        QCOMPARE(object["reason"].toString(), reason);
        QVERIFY(!object["message"].toString().isEmpty());
    }
    void errorsNameTheirCodeAndWhatTheyAreAbout()
    {
        QCOMPARE(
            payload(ErrorEvent{ErrorCode::RoomFull, {}, "join_room"}, "error"),
            json(quoted("{'code':'room_full','message':'The room is full','event':'join_room'}")));
        QCOMPARE(payload(ErrorEvent{ErrorCode::BadRequest, "why", {}}, "error"),
                 json(quoted("{'code':'bad_request','message':'why'}")));
    }
};

QTEST_GUILESS_MAIN(tst_RoomsEncoder)
#include "tst_roomsencoder.moc"
