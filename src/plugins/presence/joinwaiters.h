// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/clock.h"
#include "core/services/presenceservice.h"

#include <QPointer>

#include <deque>
#include <functional>
#include <memory>

namespace Rollcall::Presence {

/// Connections that have joined and wait to be told who is in the room: until it is known, but not
/// past a deadline.
class JoinWaiters
{
public:
    struct Waiter
    {
        RoomId room;
        ConnectionId connection;
        QPointer<QObject> context;
        PresenceService::JoinCallback done;
        Clock::SteadyTime deadline;
    };
    /// Tells the waiter, unless it has gone; returns whether it was told.
    using Answer = std::function<bool(const Waiter &)>;

    /// `answer` runs for each waiter once, when its room is known or its deadline has passed.
    JoinWaiters(Clock &clock, Answer answer);

    void add(Waiter waiter);
    /// The room is known. Returns how many connections have been told.
    int finish(const RoomId &room);
    /// Nothing will be known: answers everybody.
    void finishAll();

private:
    void expire();

    Clock &m_clock;
    Answer m_answer;
    std::deque<Waiter> m_waiters; // by deadline, which is the same time ahead for all
    std::unique_ptr<ClockTimer> m_timer;
};

} // namespace Rollcall::Presence
