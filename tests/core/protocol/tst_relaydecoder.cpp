// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/protocol/relaydecoder.h"

#include "core/protocol/roomsencoder.h"

#include <QTest>

using namespace Rollcall;

class tst_RelayDecoder : public QObject
{
    Q_OBJECT

    RelayDecoder m_decoder;

    static QByteArray frame(const ServerEvent &event)
    {
        QByteArray out;
        appendRoomsFrame(out, event, 1);
        return out;
    }

private Q_SLOTS:
    void whatWasEncodedReadsBack()
    {
        const Transform there{18446744073709551615u, 0.1, -2.5e-7, 1e5, 3, 3, true};
        const auto moved = m_decoder.decode(frame(TransformEvent{"b\"ob", there}));
        QVERIFY(moved && std::holds_alternative<TransformEvent>(*moved));
        const auto &transform = std::get<TransformEvent>(*moved);
        QCOMPARE(transform.user, QByteArrayView("b\"ob"));
        QCOMPARE(transform.transform.seq, there.seq);
        QCOMPARE(transform.transform.x, there.x);
        QCOMPARE(transform.transform.y, there.y);
        QCOMPARE(transform.transform.z, there.z);
        QCOMPARE(transform.transform.animation, there.animation);
        QVERIFY(transform.transform.speaking);

        const auto chat = m_decoder.decode(frame(ChatEvent{"r", "bob", "hi\n", "m"}));
        QVERIFY(chat && std::holds_alternative<ChatEvent>(*chat));
        QCOMPARE(std::get<ChatEvent>(*chat).text, QByteArrayView("hi\n"));
        QCOMPARE(std::get<ChatEvent>(*chat).messageId, QByteArrayView("m"));

        const auto emote = m_decoder.decode(frame(EmoteEvent{"r", "bob", "hi"}));
        QVERIFY(emote && std::holds_alternative<EmoteEvent>(*emote));

        const auto other = m_decoder.decode(frame(OtherEvent{"mine", R"({"a":[1]})"}));
        QVERIFY(other && std::holds_alternative<OtherEvent>(*other));
        QCOMPARE(std::get<OtherEvent>(*other).payloadJson, QByteArrayView(R"({"a":[1]})"));
    }
    void transformObjectsReadBack()
    {
        QByteArray out;
        appendTransformObject(out, {5, 1, 2, 3, 4, 1, false});
        const auto transform = m_decoder.decodeTransform(out);
        QVERIFY(transform);
        QCOMPARE(transform->seq, 5u);
        QCOMPARE(transform->rotY, 4.0);
    }
    void anythingElseIsNothing_data()
    {
        QTest::addColumn<QByteArray>("text");
        const char *const texts[] = {
            "",
            "x",
            "[]",
            "{}",
            R"({"t":"chat_broadcast"})",
            R"({"t":"chat_broadcast","payload":{}})",
            R"({"t":"chat_broadcast","payload":{"userId":"","text":"a"}})",
            R"({"t":"chat_broadcast","payload":{"userId":1,"text":"a"}})",
            R"({"t":"avatar_transform_broadcast","payload":{"userId":"a","seq":1}})",
            R"({"t":"mine","payload":{"a":tru}})",
            R"({"t":"mine","payload":{}} x)",
            "{\"t\":\"mine\",\"payload\":{\"a\":\"\xff\"}}",
        };
        for (const char *text : texts)
            QTest::newRow(text) << QByteArray(text);
    }
    void anythingElseIsNothing()
    {
        QFETCH(QByteArray, text);
        QVERIFY(!m_decoder.decode(text));
        QVERIFY(!m_decoder.decodeTransform(text));
    }
};

QTEST_GUILESS_MAIN(tst_RelayDecoder)
#include "tst_relaydecoder.moc"
