// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/services/presenceservice.h"
#include "plugins/presence/heldview.h"
#include "plugins/presence/presencekeys.h"

#include <QSet>

#include <QPointer>

#include <memory>

namespace Rollcall {
class RedisService;
struct RedisReply;
} // namespace Rollcall

namespace Rollcall::Presence {

/// Looks up in Redis why a user or a room is shown as it is, and says what does not fit together.
/// Changes nothing.
///
/// What is said of one user in the rooms where they are is read at one moment, so that people
/// coming and going do not look like mistakes. A question about a user visits every room, in
/// pieces.
class Inspector final : public QObject
{
    Q_OBJECT
public:
    using Callback = PresenceService::InspectionCallback;
    using UserCallback = std::function<void(const Result<UserInspection> &)>;
    /// Members of a room, and rooms of a user, that are looked at at most.
    static constexpr size_t kMaxSeats = 1000;

    /// `redis` is configured and must outlive this. `view`: of the node that asks; null for a
    /// program that is none.
    Inspector(RedisService &redis, std::optional<HeldView> view, QObject *parent = nullptr);

    /// `done` runs from the event loop, unless `context` died. Error: Unavailable.
    void inspect(const PresenceSubject &subject, QObject *context, Callback done);
    /// The user in these rooms alone, judged as in inspect().
    void inspectSeats(const UserId &user, const std::vector<RoomId> &rooms, QObject *context,
                      UserCallback done);

private:
    struct Job;
    using JobPointer =
        std::shared_ptr<Job>; // shared with the callbacks of the commands on their way
    using Then = std::function<void(UserInspection)>;

    void read(const JobPointer &job, const UserId &user, const std::vector<RoomId> &rooms,
              Then then);
    void readRoom(const JobPointer &job, const RoomId &room);
    void readMembers(const JobPointer &job, const RoomId &room);
    void findRooms(const JobPointer &job, const UserId &user);
    void findRoomsOfNodes(const JobPointer &job, const UserId &user);
    void scanRooms(const JobPointer &job, const UserId &user, const QByteArray &cursor);
    void visitRooms(const JobPointer &job, const UserId &user);
    void readRelated(const JobPointer &job, const UserId &user);
    bool check(const JobPointer &job, const RedisReply &reply);
    void finishPart(const JobPointer &job);

    RedisService &m_redis;
    PresenceKeys m_keys;
    std::optional<HeldView> m_view;
};

} // namespace Rollcall::Presence
