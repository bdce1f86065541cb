// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/clock.h"
#include "plugins/presence/inspector.h"

namespace Rollcall::Presence {

/// Takes people out of Redis who should not be there, with LEAVE in the name of whoever seemed to
/// hold them: every key follows, and every node and client hears of it.
///
/// A living node that holds the user is asked to evict them, and has kPatience to do so. What is
/// still there then is removed all the same: a node that does hold it writes it again with the next
/// heartbeat.
class Purger final : public QObject
{
    Q_OBJECT
public:
    using Callback = PresenceService::PurgeCallback;
    /// Ends the user's memberships in the room everywhere, as PresenceService::evict().
    using Evict = std::function<void(const RoomId &, const UserId &)>;
    static constexpr std::chrono::milliseconds kPatience{2000};

    /// All must outlive this. Without `evict` the nodes are asked over the room's channel.
    Purger(RedisService &redis, Clock &clock, Inspector &inspector, Evict evict = {},
           QObject *parent = nullptr);

    /// What would be done about what was found.
    static std::vector<PurgedSeat> plan(const PresenceInspection &found,
                                        const PresenceSubject &subject);

    /// `done` runs from the event loop, unless `context` died. Error: Unavailable.
    void purge(const PresenceSubject &subject, QObject *context, Callback done);

private:
    struct Job;
    using JobPointer =
        std::shared_ptr<Job>; // shared with the callbacks of the commands on their way

    void begin(const JobPointer &job);
    void remove(const JobPointer &job, const PurgedSeat &seat, LeaveReason reason);
    void ask(const JobPointer &job, const PurgedSeat &seat);
    void look(const JobPointer &job);
    void lookAt(const JobPointer &job, size_t index);
    void finishOne(const JobPointer &job);
    void fail(const JobPointer &job, const QString &why);

    RedisService &m_redis;
    Clock &m_clock;
    Inspector &m_inspector;
    Evict m_evict;
};

} // namespace Rollcall::Presence
