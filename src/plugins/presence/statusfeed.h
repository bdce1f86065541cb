// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "plugins/presence/storecontext.h"

#include <QObject>

namespace Rollcall::Presence {

/// The channels presence:online, presence:offline and presence:updates: {userId, status, ...}, from
/// the scripts of all nodes, this one's included, or by hand. One order for all: replies to this
/// node's own scripts may overtake what others did before.
class StatusFeed final : public QObject
{
    Q_OBJECT
public:
    explicit StatusFeed(StoreContext &context, QObject *parent = nullptr);

    void start();

Q_SIGNALS:
    void reported(const Rollcall::UserId &user, bool isOnline);

private:
    void handleMessage(const QByteArray &message);

    StoreContext &m_context;
};

} // namespace Rollcall::Presence
