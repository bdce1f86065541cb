// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/protocol/roomsdecoder.h"

#include <QTest>

using namespace Rollcall;

namespace {

/// Apostrophes for quotation marks.
QByteArray quoted(const char *text) { return QByteArray(text).replace('\'', '"'); }

} // namespace

class tst_RoomsDecoder : public QObject
{
    Q_OBJECT

    RoomsDecoder m_decoder;

    template <typename Message>
    Message decoded(const QByteArray &frame)
    {
        const Result<ClientMessage> result = m_decoder.decode(frame);
        if (!result) {
            QTest::qFail(qPrintable(result.error().logText), __FILE__, __LINE__);
            return {};
        }
        if (const Message *message = std::get_if<Message>(&result.value()))
            return *message;
        QTest::qFail("another kind of message", __FILE__, __LINE__);
        return {};
    }

private Q_SLOTS:
    void joinCarriesEverythingThatWasGiven()
    {
        const auto join = decoded<JoinMessage>(quoted(
            "{'v':1,'t':'join_room','ts':1,'payload':{'roomId':'lobby','user':{'userId':'alice',"
            "'displayName':'Alice "
            "\\u00e4','avatarId':'fox'},'deviceType':'vr','deviceId':'d1','token':'t.o.k',"
            "'batch':true,'unknown':[1,{'a':2}]}}"));
        QCOMPARE(join.room.text, QByteArrayView("lobby"));
        QCOMPARE(join.user.text, QByteArrayView("alice"));
        QCOMPARE(join.displayName, QByteArrayView("Alice \xc3\xa4"));
        QCOMPARE(join.avatar, QByteArrayView("fox"));
        QCOMPARE(join.device, QByteArrayView("d1"));
        QCOMPARE(join.deviceType.value(), DeviceType::Vr);
        QCOMPARE(join.token, QByteArrayView("t.o.k"));
        QVERIFY(join.batch);
    }
    void payloadMayComeBeforeItsType()
    {
        const auto heartbeat = decoded<HeartbeatMessage>(
            quoted("{'payload':{'roomId':'a','clientTime':12.5},'v':1,'t':'heartbeat'}"));
        QCOMPARE(heartbeat.room.text, QByteArrayView("a"));
        QCOMPARE(heartbeat.clientTimeMs.value(), 12.5);
    }
    void transformIsReadWhole()
    {
        const auto message =
            decoded<TransformMessage>(quoted("{'v':1,'t':'avatar_transform','ts':1,'payload':{'"
                                             "roomId':'a','seq':7,'x':1,'y':-2.5,'z':3e2,"
                                             "'rotY':0.25,'anim':'dance','speaking':true}}"));
        QCOMPARE(message.transform.seq, 7u);
        QCOMPARE(message.transform.x, 1.0);
        QCOMPARE(message.transform.y, -2.5);
        QCOMPARE(message.transform.z, 300.0);
        QCOMPARE(message.transform.rotY, 0.25);
        QCOMPARE(message.transform.animation, 2);
        QVERIFY(message.transform.speaking);
    }
    void numericIdsKeepTheirSpelling()
    {
        const auto leave =
            decoded<LeaveMessage>(quoted("{'t':'leave_room','payload':{'roomId': 123 }}"));
        QCOMPARE(leave.room.text, QByteArrayView("123"));
        QVERIFY(leave.room.isNumeric);
    }
    void statesEmotesAndTokensAreRead()
    {
        QCOMPARE(decoded<StateMessage>(quoted("{'t':'away','payload':{'roomId':'a'}}")).state,
                 MemberState::Away);
        QCOMPARE(decoded<StateMessage>(quoted("{'t':'active','payload':{'roomId':'a'}}")).state,
                 MemberState::Active);
        QCOMPARE(
            decoded<EmoteMessage>(quoted("{'t':'emote','payload':{'roomId':'a','emoteId':'hi'}}"))
                .emote,
            QByteArrayView("hi"));
        QCOMPARE(
            decoded<RefreshTokenMessage>(quoted("{'t':'refresh_token','payload':{'token':'x'}}"))
                .token,
            QByteArrayView("x"));
    }
    void unknownTypesAreHandedOnWhole()
    {
        const auto other = decoded<OtherMessage>(
            quoted("{'t':'wave_all','payload': {'a':[1,2,{'b':null}]} ,'ts':1}"));
        QCOMPARE(other.type, QByteArrayView("wave_all"));
        QCOMPARE(other.payloadJson, QByteArrayView(quoted("{'a':[1,2,{'b':null}]}")));
    }

    void refused_data()
    {
        QTest::addColumn<QByteArray>("frame");
        QTest::addColumn<ErrorCode>("code");
        const auto bad = [](const char *name, const QByteArray &frame,
                            ErrorCode code = ErrorCode::BadRequest) {
            QTest::newRow(name) << frame << code;
        };
        const auto transform = [](const QByteArray &from, const QByteArray &to) {
            QByteArray frame(
                quoted("{'t':'avatar_transform','payload':{'roomId':'a','seq':7,'x':1,'y':2,'z':3,"
                       "'rotY':4,'anim':'idle','speaking':false}}"));
            Q_ASSERT(frame.contains(from));
            return frame.replace(from, to);
        };
        bad("empty", "");
        bad("space", "   ");
        bad("text", "hello");
        bad("array", "[]");
        bad("number", "1");
        bad("unclosed", quoted("{'t':'heartbeat','payload':{'roomId':'a'}"));
        bad("trailing", quoted("{'t':'heartbeat','payload':{'roomId':'a'}} x"));
        bad("two objects", quoted("{'t':'heartbeat','payload':{'roomId':'a'}}{}"));
        bad("no type", quoted("{'payload':{}}"));
        bad("no payload", quoted("{'t':'heartbeat'}"));
        bad("null payload", quoted("{'t':'heartbeat','payload':null}"));
        bad("type is a number", quoted("{'t':1,'payload':{}}"));
        bad("payload is a text", quoted("{'t':'heartbeat','payload':'a'}"));
        bad("garbage in a skipped place",
            quoted("{'t':'heartbeat','payload':{'roomId':'a'},'x':[1,2}"));
        bad("room missing", quoted("{'t':'heartbeat','payload':{}}"));
        bad("room is an object", quoted("{'t':'heartbeat','payload':{'roomId':{}}}"));
        bad("room is a fraction", quoted("{'t':'heartbeat','payload':{'roomId':1.5}}"));
        bad("room is true", quoted("{'t':'heartbeat','payload':{'roomId':true}}"));
        bad("room is empty", quoted("{'t':'heartbeat','payload':{'roomId':''}}"),
            ErrorCode::OutOfRange);
        bad("room is too long",
            quoted("{'t':'heartbeat','payload':{'roomId':'") + QByteArray(129, 'a') + "\"}}",
            ErrorCode::OutOfRange);
        bad("control character", quoted("{'t':'heartbeat','payload':{'roomId':'a\\u0000b'}}"),
            ErrorCode::OutOfRange);
        bad("half a surrogate pair", quoted("{'t':'heartbeat','payload':{'roomId':'\\ud800'}}"));
        bad("client time is a text",
            quoted("{'t':'heartbeat','payload':{'roomId':'a','clientTimeMs':'1'}}"));
        bad("NaN", transform("\"x\":1", "\"x\":NaN"));
        bad("Infinity", transform("\"x\":1", "\"x\":Infinity"));
        bad("-Infinity", transform("\"y\":2", "\"y\":-Infinity"));
        bad("overflowing", transform("\"z\":3", "\"z\":1e999"));
        bad("beyond the limit", transform("\"z\":3", "\"z\":1000001"), ErrorCode::OutOfRange);
        bad("rotation beyond the limit", transform("\"rotY\":4", "\"rotY\":-1e300"),
            ErrorCode::OutOfRange);
        bad("coordinate is a text", transform("\"x\":1", "\"x\":\"1\""));
        bad("coordinate missing", transform("\"x\":1,", ""));
        bad("coordinate is null", transform("\"x\":1", "\"x\":null"));
        bad("seq missing", transform("\"seq\":7,", ""));
        bad("seq is negative", transform("\"seq\":7", "\"seq\":-1"));
        bad("seq is a fraction", transform("\"seq\":7", "\"seq\":1.5"));
        bad("unknown animation", transform("idle", "fly"), ErrorCode::OutOfRange);
        bad("speaking is a number", transform("false", "0"));
        bad("empty chat", quoted("{'t':'local_chat','payload':{'roomId':'a','text':''}}"),
            ErrorCode::OutOfRange);
        bad("chat of 241",
            quoted("{'t':'local_chat','payload':{'roomId':'a','text':'") + QByteArray(241, 'a')
                + "\"}}",
            ErrorCode::OutOfRange);
        bad("chat missing", quoted("{'t':'local_chat','payload':{'roomId':'a'}}"));
        bad("chat mode",
            quoted("{'t':'local_chat','payload':{'roomId':'a','text':'x','mode':'all'}}"),
            ErrorCode::OutOfRange);
        bad("name of 65",
            quoted("{'t':'join_room','payload':{'roomId':'a','user':{'displayName':'")
                + QByteArray("\xc3\xa4").repeated(65) + "\"}}}",
            ErrorCode::OutOfRange);
        bad("avatar is a script",
            quoted("{'t':'join_room','payload':{'roomId':'a','user':{'avatarId':'javascript:x'}}}"),
            ErrorCode::OutOfRange);
        bad("user is a text", quoted("{'t':'join_room','payload':{'roomId':'a','user':'alice'}}"));
        bad("unknown device",
            quoted("{'t':'join_room','payload':{'roomId':'a','deviceType':'toaster'}}"),
            ErrorCode::OutOfRange);
        bad("emote missing", quoted("{'t':'emote','payload':{'roomId':'a'}}"));
        bad("token missing", quoted("{'t':'refresh_token','payload':{}}"));
        bad("unknown type with broken payload", quoted("{'t':'x','payload':{'a':tru}}"));
        bad("unknown type that is no id", quoted("{'t':'x\\ny','payload':{}}"),
            ErrorCode::OutOfRange);
    }
    void refused()
    {
        QFETCH(QByteArray, frame);
        QFETCH(ErrorCode, code);
        const Result<ClientMessage> result = m_decoder.decode(frame);
        QVERIFY(!result);
        QCOMPARE(result.error().code, code);
        QVERIFY(!result.error().peerText.isEmpty());
    }

    void chatIsMeasuredInCharacters()
    {
        const QByteArray frame =
            quoted("{'t':'local_chat','payload':{'roomId':'a','mode':'local','text':'")
            + QByteArray("\xf0\x9f\x99\x82").repeated(240) + "\"}}";
        QCOMPARE(decoded<ChatMessage>(frame).text.size(), 960);
    }
    void lastTypeIsKnownForWhatIsRefused()
    {
        QVERIFY(!m_decoder.decode(quoted("{'t':'local_chat','payload':{}}")));
        QCOMPARE(m_decoder.lastType(), QByteArrayView("local_chat"));
        QVERIFY(!m_decoder.decode("{"));
        QVERIFY(m_decoder.lastType().isEmpty());
    }
    void deepNestingIsRefusedWithoutHarm()
    {
        QVERIFY(!m_decoder.decode(quoted("{'t':'x','payload':{'a':") + QByteArray(4000, '[')));
        const QByteArray closed = QByteArray(2000, '[') + QByteArray(2000, ']');
        QVERIFY(!m_decoder.decode(quoted("{'t':'x','payload':{'a':") + closed + "}}"));
    }
};

QTEST_GUILESS_MAIN(tst_RoomsDecoder)
#include "tst_roomsdecoder.moc"
