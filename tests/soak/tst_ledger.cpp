// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "soak/ledger.h"

#include <QTest>

#include <memory>

using namespace Rollcall::Soak;
using namespace std::chrono_literals;

namespace {

constexpr int kAlice = 0;
constexpr int kBob = 1;
constexpr int kCarol = 2; // on the other node
constexpr int kRoom = 1;

Received about(Kind kind, int user, std::int64_t number = 0)
{
    Received received;
    received.kind = kind;
    received.room = kRoom;
    received.user = user;
    received.number = number;
    if (kind == Kind::Movement || kind == Kind::Joined)
        received.places = {{user, number, kRoom}};
    if (kind == Kind::Left)
        received.departures = {{user, number != 0}};
    return received;
}

Received state(const std::vector<int> &users)
{
    Received received = about(Kind::RoomState, kNobody);
    for (const int user : users)
        received.places.push_back({user, 0, kRoom});
    received.occupancy = int(users.size());
    return received;
}

} // namespace

/// That the ledger finds what is wrong, and nothing else.
class tst_Ledger : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_now = Time(0);
        m_ledger = std::make_unique<Ledger>(3, 3, Time(2s));
        for (const int user : {kAlice, kBob, kCarol})
            m_ledger->join(user, kRoom, user == kCarol ? 1 : 0, 1, later(1ms));
        for (const int user : {kAlice, kBob, kCarol})
            tell(user, state({kAlice, kBob, kCarol}));
        later(10s);
    }

    void whatMustBeIsNotReported()
    {
        const auto first = say(kAlice);
        const auto second = say(kAlice);
        for (const int user : {kAlice, kBob, kCarol}) {
            tell(user, about(Kind::Chat, kAlice, first));
            tell(user, about(Kind::Chat, kAlice, second));
        }
        const auto step = m_ledger->move(kBob, later(1ms));
        tell(kAlice, about(Kind::Movement, kBob, step));
        tell(kCarol, about(Kind::Movement, kBob, step));
        later(2s);
        leave(kBob);
        tell(kAlice, about(Kind::Left, kBob));
        tell(kCarol, about(Kind::Left, kBob));
        m_ledger->judge();
        QCOMPARE(firstViolation(), std::string());
        QCOMPARE(m_ledger->counts().owed, 4);
    }

    void aChatTwiceIsFound()
    {
        const auto chat = say(kAlice);
        tell(kBob, about(Kind::Chat, kAlice, chat));
        tell(kBob, about(Kind::Chat, kAlice, chat));
        QVERIFY(finds("chat 0 of u0 after 0"));
    }

    void chatsOutOfOrderAreFound()
    {
        const auto first = say(kAlice);
        const auto second = say(kAlice);
        tell(kBob, about(Kind::Chat, kAlice, second));
        tell(kBob, about(Kind::Chat, kAlice, first));
        QVERIFY(finds("chat 0 of u0 after 1"));
    }

    void aMissingChatIsFoundOnEitherNode_data()
    {
        QTest::addColumn<int>("missing");
        QTest::newRow("same node") << kBob;
        QTest::newRow("other node") << kCarol;
        QTest::newRow("the sender's receipt") << kAlice;
    }

    void aMissingChatIsFoundOnEitherNode()
    {
        QFETCH(int, missing);
        const auto chat = say(kAlice);
        for (const int user : {kAlice, kBob, kCarol}) {
            if (user != missing)
                tell(user, about(Kind::Chat, kAlice, chat));
        }
        later(10s);
        m_ledger->judge();
        QVERIFY(finds("never got"));
    }

    void aChatToSomebodyWhoLeavesMeanwhileMayBeMissing()
    {
        const auto chat = say(kAlice);
        leave(kBob);
        tell(kAlice, about(Kind::Chat, kAlice, chat));
        tell(kCarol, about(Kind::Chat, kAlice, chat));
        m_ledger->judge();
        QCOMPARE(firstViolation(), std::string());
    }

    void whoIsClosedIsOwedOnlyWhatItHasSurelyRead()
    {
        m_ledger->readSlowly(kBob, m_now);
        const Time read = later(1ms);
        const auto chat = say(kAlice);
        tell(kAlice, about(Kind::Chat, kAlice, chat));
        tell(kCarol, about(Kind::Chat, kAlice, chat));
        later(5s);
        m_ledger->join(kBob, 2, 0, 1, m_now); // and is closed before it has read all of this room
        m_ledger->disconnect(kBob, true, later(1s), read);
        m_ledger->judge();
        QCOMPARE(firstViolation(), std::string());
    }

    void anOlderMovementIsFound()
    {
        m_ledger->move(kAlice, later(1ms));
        m_ledger->move(kAlice, later(1ms));
        tell(kBob, about(Kind::Movement, kAlice, 2));
        tell(kBob, about(Kind::Movement, kAlice, 1));
        QVERIFY(finds("movement 1 of u0 after 2"));
    }

    void onlyWhoWasSlowMayGetTheSameMovementAgain()
    {
        m_ledger->move(kAlice, later(1ms));
        tell(kBob, about(Kind::Movement, kAlice, 1));
        m_ledger->readSlowly(kBob, later(1ms));
        tell(kBob, about(Kind::Movement, kAlice, 1));
        QCOMPARE(firstViolation(), std::string());
        tell(kCarol, about(Kind::Movement, kAlice, 1));
        tell(kCarol, about(Kind::Movement, kAlice, 1));
        QVERIFY(finds("movement 1 of u0 after 1"));
    }

    void aBlockHoldsFromItsConfirmationToTheWishToLiftIt()
    {
        m_ledger->requestBlock(kBob, kAlice, later(1ms));
        tell(kBob, about(Kind::Chat, kAlice, say(kAlice)));
        m_ledger->confirmBlock(kBob, kAlice, later(1ms));
        QCOMPARE(firstViolation(), std::string());
        say(kAlice); // not owed
        tell(kBob, about(Kind::Chat, kAlice, say(kAlice)));
        QVERIFY(finds("a chat with u0, who is blocked"));
        tell(kBob, state({kAlice, kBob, kCarol}));
        QVERIFY(finds("a room_state with u0, who is blocked"));
    }

    void aLeaveOfSomebodyWhoStaysIsFound()
    {
        tell(kBob, about(Kind::Left, kAlice));
        QVERIFY(finds("u0 left, who did not"));
    }

    void whoReturnsWithinTheGraceIsNotLost_data()
    {
        QTest::addColumn<int>("awayMs");
        QTest::addColumn<bool>("mayBeLost");
        QTest::newRow("back in time") << 1000 << false;
        QTest::newRow("too late") << 2500 << true;
    }

    void whoReturnsWithinTheGraceIsNotLost()
    {
        QFETCH(int, awayMs);
        QFETCH(bool, mayBeLost);
        m_ledger->disconnect(kAlice, true, m_now, m_now);
        later(std::chrono::milliseconds(awayMs));
        m_ledger->join(kAlice, kRoom, 1, 2, m_now);
        tell(kAlice, state({kAlice, kBob, kCarol}));
        later(2s);
        tell(kBob, about(Kind::Left, kAlice, 1));
        QCOMPARE(firstViolation().empty(), mayBeLost);
    }

    void aRoomStateThatForgetsOrInventsSomebodyIsFound()
    {
        tell(kBob, state({kBob, kCarol}));
        QVERIFY(finds("a room_state without u0"));
        leave(kCarol);
        later(10s);
        tell(kBob, state({kAlice, kBob, kCarol}));
        QVERIFY(finds("a room_state with u2, who is long gone"));
    }

    void somethingOfAnotherRoomIsFound()
    {
        Received elsewhere = about(Kind::Chat, kAlice, say(kAlice));
        elsewhere.room = 2;
        tell(kBob, elsewhere);
        QVERIFY(finds("something of r2"));
    }

    void aForgottenLeaveShowsInTheEnd()
    {
        leave(kCarol);
        tell(kAlice, about(Kind::Left, kCarol));
        const Ledger::Lists lists{{{}, {kAlice, kBob}, {}}};
        const std::string wrong = m_ledger->unsettled(lists, m_now);
        QVERIFY2(wrong.find("u1 in r1, node 0, shows u2") == 0, wrong.c_str());
        tell(kBob, about(Kind::Left, kCarol));
        QVERIFY(m_ledger->unsettled(lists, m_now).find("u2 is in no room") == 0);
    }

    void aListOfTheHostThatIsWrongShowsInTheEnd()
    {
        QCOMPARE(m_ledger->unsettled({{{}, {kAlice, kBob, kCarol}, {}}}, m_now), std::string());
        QVERIFY(m_ledger->unsettled({{{}, {kAlice, kBob}, {}}}, m_now).find("lacks u2")
                != std::string::npos);
    }

    void aLastMovementThatDidNotArriveShowsInTheEnd()
    {
        m_ledger->move(kAlice, later(1ms));
        tell(kBob, about(Kind::Movement, kAlice, 1));
        const std::string wrong = m_ledger->unsettled({{{}, {kAlice, kBob, kCarol}, {}}}, m_now);
        QVERIFY2(wrong.find("u2 in r1, node 1, saw u0 at 0 last, not at 1") == 0, wrong.c_str());
    }

private:
    Time later(std::chrono::microseconds by) { return m_now += by; }
    std::int64_t say(int user) { return m_ledger->say(user, later(1ms)); }
    void leave(int user) { m_ledger->leave(user, later(1ms)); }
    void tell(int user, const Received &received) { m_ledger->receive(user, received, later(1ms)); }
    std::string firstViolation() const
    {
        return m_ledger->violations().empty() ? std::string() : m_ledger->violations().front();
    }
    bool finds(std::string_view what) const
    {
        const auto &all = m_ledger->violations();
        return std::any_of(all.begin(), all.end(), [&](const std::string &violation) {
            return violation.find(what) != std::string::npos;
        });
    }

    Time m_now{0};
    std::unique_ptr<Ledger> m_ledger;
};

QTEST_APPLESS_MAIN(tst_Ledger)
#include "tst_ledger.moc"
