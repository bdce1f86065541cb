// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/services/moderationservice.h"

#include <QPointer>

#include <map>
#include <set>
#include <utility>
#include <vector>

namespace Rollcall {

/// A ModerationService of one node in RAM, without time.
class FakeModerationService : public ModerationService
{
public:
    using ModerationService::ModerationService;

    bool holdsWatches = false; ///< watchBlocks()'s callback waits for finishWatches()
    std::map<UserId, int> watchers;

    bool isBanned(const RoomId &room, const UserId &user) const override
    {
        return m_bans.contains({room, user}) || m_bans.contains({RoomId("*"), user});
    }
    bool isMuted(const RoomId &room, const UserId &user) const override
    {
        return m_mutes.contains({room, user}) || m_mutes.contains({RoomId("*"), user});
    }
    QSet<UserId> blockedBy(const UserId &user) const override
    {
        const auto found = m_blocks.find(user);
        return found == m_blocks.end() ? QSet<UserId>() : found->second;
    }
    void watchBlocks(const UserId &user, QObject *context, std::function<void()> done) override
    {
        ++watchers[user];
        if (holdsWatches)
            m_held.emplace_back(context, std::move(done));
        else
            done();
    }
    void unwatchBlocks(const UserId &user) override
    {
        if (--watchers[user] == 0)
            watchers.erase(user);
    }
    void finishWatches()
    {
        for (const auto &[context, done] : std::exchange(m_held, {})) {
            if (context)
                done();
        }
    }

    void ban(const Sanction &sanction, QObject *, Done) override
    {
        if (decide(m_bans, sanction))
            Q_EMIT userBanned(sanction.room, sanction.user, sanction.reason);
    }
    void mute(const Sanction &sanction, QObject *, Done) override
    {
        if (decide(m_mutes, sanction))
            Q_EMIT userMuted(sanction.room, sanction.user, sanction.reason);
    }
    void kick(const Sanction &sanction, QObject *, Done) override
    {
        Q_EMIT userKicked(sanction.room, sanction.user, sanction.reason);
    }
    void setBlocked(const UserId &user, const UserId &blocked, bool isBlocked, QObject *,
                    Done) override
    {
        if (isBlocked)
            m_blocks[user].insert(blocked);
        else
            m_blocks[user].remove(blocked);
        Q_EMIT blocksChanged(user);
    }
    void block(const char *user, const char *blocked, bool isBlocked = true)
    {
        setBlocked(UserId(user), UserId(blocked), isBlocked, nullptr, {});
    }

private:
    using Entries = std::set<std::pair<RoomId, UserId>>;

    static bool decide(Entries &entries, const Sanction &sanction)
    {
        if (sanction.duration.count() == 0)
            entries.erase({sanction.room, sanction.user});
        else
            entries.insert({sanction.room, sanction.user});
        return sanction.duration.count() != 0;
    }

    Entries m_bans;
    Entries m_mutes;
    std::map<UserId, QSet<UserId>> m_blocks;
    std::vector<std::pair<QPointer<QObject>, std::function<void()>>> m_held;
};

} // namespace Rollcall
