// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/clock.h"
#include "core/services/presenceservice.h"

#include <QPointer>

#include <optional>
#include <unordered_map>

namespace Rollcall::Presence {

/// How many distinct users each node holds in a room.
using RoomHolders = std::vector<std::pair<NodeId, int>>;

/// Which node holds most of a room's members; for rooms of which this node knows only how many
/// people there are, it asks, and remembers the answer for a second.
class RoomHomes final : public QObject
{
    Q_OBJECT
public:
    using Answer = std::function<void(const std::optional<RoomHolders> &)>;
    /// Asks Redis. `context` is the RoomHomes itself.
    using Question = std::function<void(const RoomId &, QObject *context, Answer)>;
    using OpenNodes = std::function<std::vector<OpenNode>()>;

    RoomHomes(Clock &clock, Question ask, OpenNodes openNodes, QObject *parent = nullptr);
    ~RoomHomes() override;

    /// Null: this node, which holds `here` users. `others` are those that take clients.
    static const OpenNode *choose(const std::vector<OpenNode> &others, int here);
    /// `done` with the node chosen by what Redis says, or null when it does not answer.
    void find(const RoomId &room, int here, QObject *context, PresenceService::HomeCallback done);

private:
    struct Waiter
    {
        int here = 0;
        QPointer<QObject> context;
        PresenceService::HomeCallback done;
    };
    struct Known
    {
        RoomHolders holders;
        Clock::SteadyTime until{};
        std::vector<Waiter> waiters; ///< not empty: the question is on its way
    };

    void handleAnswer(const RoomId &room, const std::optional<RoomHolders> &holders);
    void finish(const RoomHolders &holders, const Waiter &waiter) const;
    void forgetOld();

    Clock &m_clock;
    Question m_ask;
    OpenNodes m_openNodes;
    std::unordered_map<RoomId, Known> m_rooms;
};

} // namespace Rollcall::Presence
