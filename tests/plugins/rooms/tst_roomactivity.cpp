// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/rooms/roomactivity.h"

#include "core/base/manualclock.h"

#include <QTest>

using namespace Rollcall;
using namespace Rollcall::Rooms;
using namespace std::chrono_literals;

class tst_RoomActivity : public QObject
{
    Q_OBJECT

    const RoomId m_room{"plaza"};

private Q_SLOTS:
    void lastMinuteIsCounted()
    {
        ManualClock clock;
        RoomActivity activity(clock);
        for (int i = 0; i < 12; ++i) {
            activity.countJoined(m_room);
            activity.countMessage(m_room);
            activity.countMessage(m_room);
            clock.advance(5s);
        }
        activity.countLeft(m_room);
        const auto minute = activity.lastMinute(m_room);
        QCOMPARE(minute.joined, 11); // the first is a minute old
        QCOMPARE(minute.messages, 22);
        QCOMPARE(minute.left, 1);
        QCOMPARE(activity.lastMinute(RoomId("other")).joined, 0);
    }

    void silenceCountsDown()
    {
        ManualClock clock;
        RoomActivity activity(clock);
        activity.countJoined(m_room);
        clock.advance(30s);
        activity.countJoined(m_room);
        QCOMPARE(activity.lastMinute(m_room).joined, 2);
        clock.advance(30s);
        QCOMPARE(activity.lastMinute(m_room).joined, 1);
        clock.advance(30s);
        QCOMPARE(activity.lastMinute(m_room).joined, 0);
        clock.advance(24h);
        QCOMPARE(activity.lastMinute(m_room).joined, 0);
        activity.countJoined(m_room);
        QCOMPARE(activity.lastMinute(m_room).joined, 1);
    }
};

QTEST_APPLESS_MAIN(tst_RoomActivity)
#include "tst_roomactivity.moc"
