// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/clock.h"
#include "core/base/metrics.h"
#include "core/services/moderationservice.h"
#include "plugins/moderation/blocklists.h"
#include "plugins/moderation/moderationmessage.h"
#include "plugins/moderation/verdicts.h"

#include <span>

namespace Rollcall {
class PresenceService;
class RedisService;
} // namespace Rollcall

namespace Rollcall::Moderation {

struct ModerationConfig;

/// The ModerationService: all bans and mutes in RAM, kept in Redis (bans:<room>, mutes:<room>,
/// blocks:<user>), and what the nodes tell each other about them.
class Moderator final : public ModerationService
{
    Q_OBJECT
public:
    /// `redis` may be null. Everything is borrowed; `config` may change.
    Moderator(const ModerationConfig &config, PresenceService &presence, RedisService *redis,
              Clock &clock, Metrics &metrics, NodeId node, QObject *parent = nullptr);
    ~Moderator() override;

    /// Begins to follow Redis.
    void start();

    bool isBanned(const RoomId &room, const UserId &user) const override;
    bool isMuted(const RoomId &room, const UserId &user) const override;
    QSet<UserId> blockedBy(const UserId &user) const override { return m_blocklists.of(user); }
    void watchBlocks(const UserId &user, QObject *context, std::function<void()> done) override;
    void unwatchBlocks(const UserId &user) override { m_blocklists.unwatch(user); }

    void ban(const Sanction &sanction, QObject *context, Done done) override;
    void mute(const Sanction &sanction, QObject *context, Done done) override;
    void kick(const Sanction &sanction, QObject *context, Done done) override;
    void setBlocked(const UserId &user, const UserId &blocked, bool isBlocked, QObject *context,
                    Done done) override;

    /// Whom the user blocks, also when nobody watches them. Error: Unavailable.
    void readBlocks(const UserId &user, QObject *context,
                    std::function<void(const Result<QSet<UserId>> &)> done);
    const Verdicts &bans() const { return m_bans; }
    const Verdicts &mutes() const { return m_mutes; }
    qint64 nowMs() const;

private:
    using Kind = ModerationMessage::Kind;
    struct Loading
    {
        Verdicts bans;
        Verdicts mutes;
        size_t questions = 0; ///< not answered yet
        bool hasFailed = false;
        std::vector<ModerationMessage> meanwhile;
    };

    void sanction(Kind kind, const Sanction &sanction, QObject *context, Done done);
    void write(const ModerationMessage &message, QObject *context, Done done);
    void enforce(const ModerationMessage &message);
    void evict(const RoomId &room, const UserId &user);
    void addBlock(const ModerationMessage &message, QObject *context, Done done);
    void publish(const ModerationMessage &message, QObject *context, Done done);
    void handleMessage(const QByteArray &json);
    void apply(const ModerationMessage &message);
    bool isShared() const { return m_redis != nullptr; }
    bool isUp() const;
    QByteArray verdictKey(Kind kind, const RoomId &room) const;

    void load();
    void readVerdicts(const std::shared_ptr<Loading> &loading, const QByteArray &name);
    void finishLoading(const std::shared_ptr<Loading> &loading);
    void enforceNews(Kind kind, const Verdicts &before, const Verdicts &now);

    const ModerationConfig &m_config;
    PresenceService &m_presence;
    RedisService *m_redis; ///< null without
    Clock &m_clock;
    Metrics &m_metrics;
    NodeId m_node;
    Verdicts m_bans;
    Verdicts m_mutes;
    Blocklists m_blocklists;
    std::shared_ptr<Loading> m_loading; // shared with the callbacks of its questions
};

} // namespace Rollcall::Moderation
