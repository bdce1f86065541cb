// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/redis/rediskeys.h"
#include "enginefixture.h"
#include "plugins/presence/inspectionreport.h"
#include "plugins/presence/purger.h"

namespace Rollcall::Presence {

/// What tests of inspect() and purge() begin with: engines, and questions of operators to them.
class InspectionFixture : protected EngineFixture
{
protected:
    static PresenceSubject user(const UserId &id) { return {.user = id, .room = {}}; }
    static PresenceSubject room(const RoomId &id) { return {.user = {}, .room = id}; }

    /// All that was found, one line each.
    static QString findings(const PresenceInspection &found)
    {
        QStringList all = found.room ? found.room->findings : QStringList();
        for (const UserInspection &user : found.users) {
            all += user.findings;
            for (const SeatInspection &seat : user.seats)
                all += seat.findings;
        }
        return all.join('\n');
    }
    void join(EngineNode &node, quint64 connection, const UserId &user, const RoomId &id = kRoom)
    {
        node.join(connection, user, id);
        [&] { QTRY_VERIFY(node.answer.has_value()); }();
        const QByteArray name = memberName(user);
        [&] {
            QTRY_COMPARE(
                m_redis->command({"SISMEMBER", "presence:page:" + encodeKeyPart(id.value()), name})
                    .integer,
                1);
        }();
    }
    PresenceInspection inspect(EngineNode &node, const PresenceSubject &subject)
    {
        std::optional<Result<PresenceInspection>> answer;
        node.engine.inspect(subject, &node.engine, [&](const auto &found) { answer = found; });
        [&] { QTRY_VERIFY(answer.has_value()); }();
        return answer && *answer ? answer->value() : PresenceInspection();
    }
    /// As the command line does: with nothing but Redis.
    PresenceInspection inspectFromOutside(const PresenceSubject &subject)
    {
        RedisHost outside(*m_redis, m_clock, NodeId("outside"));
        [&] { QTRY_VERIFY(outside.hub.isUp()); }();
        Inspector inspector(outside.hub, std::nullopt);
        std::optional<Result<PresenceInspection>> answer;
        inspector.inspect(subject, &inspector, [&](const auto &found) { answer = found; });
        [&] { QTRY_VERIFY(answer.has_value()); }();
        return answer && *answer ? answer->value() : PresenceInspection();
    }
    PurgeReport purge(EngineNode &node, const PresenceSubject &subject)
    {
        std::optional<Result<PurgeReport>> answer;
        node.engine.purge(subject, &node.engine, [&](const auto &report) { answer = report; });
        [&] { QTRY_VERIFY_WITH_TIMEOUT(answer.has_value(), 10000); }();
        return answer && *answer ? answer->value() : PurgeReport();
    }
    QByteArrayList keysOf(const QByteArray &pattern) { return list({"KEYS", pattern}); }
};

} // namespace Rollcall::Presence
