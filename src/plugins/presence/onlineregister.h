// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "plugins/presence/departures.h"
#include "plugins/presence/presencestore.h"
#include "plugins/presence/scoredusers.h"
#include "plugins/presence/storecontext.h"

#include <QSet>

#include <memory>
#include <unordered_set>

namespace Rollcall {
struct RedisReply;
}

namespace Rollcall::Presence {

/// Enters many users in presence:deadlines and presence:online after an outage, and tells who
/// listens there which of them came online. JOIN does this for one user, at many times the cost.
class OnlineRegister final : public QObject
{
    Q_OBJECT
public:
    /// `departures` is asked before `source`.
    OnlineRegister(StoreContext &context, const SeatSource &source, const Departures &departures,
                   QObject *parent = nullptr);

    /// A user whose hash says already who holds them: whoever sees them online may look.
    /// `heartbeat` in s, `deadline` in ms of Redis' time.
    void add(ScoredUsers::User user, qint64 heartbeat, qint64 deadline);
    /// Those added who are still held. `done` runs when all is written and told, not after stop().
    void enter(std::function<void()> done);
    /// The connection was lost: forgets, and returns, those who were not entered yet.
    std::vector<ScoredUsers::User> stop();

Q_SIGNALS:
    /// Redis did not enter the user in presence:online.
    void refused(const Rollcall::UserId &user);

private:
    using Entries = std::vector<ScoredUsers::Entry>;
    using EntriesPointer = std::shared_ptr<Entries>; // shared by the callbacks of its commands

    void sendNext();
    bool isHeld(const UserId &user) const;
    Entries takeHeld(ScoredUsers &users) const;
    void sendDeadlines(Entries entries);
    void sendOnline(Entries entries);
    void handleOnline(const EntriesPointer &entries, const RedisReply &reply);
    void tell(const EntriesPointer &entries, const std::vector<const ScoredUsers::User *> &users);
    void finish(const EntriesPointer &entries);
    void tellUntold();
    QByteArray noticeOf(const UserId &user, QByteArrayView device) const;

    StoreContext &m_context;
    const SeatSource &m_source;
    const Departures &m_departures;
    ScoredUsers m_deadlines;
    ScoredUsers m_online;
    std::unordered_set<EntriesPointer> m_deadlinesSent; // not answered yet
    std::unordered_set<EntriesPointer> m_onlineSent;
    QSet<UserId> m_untold; // the connection was lost before it was known that others were told
    std::function<void()> m_done;
    bool m_hasListeners = true; // as far as is known
};

} // namespace Rollcall::Presence
