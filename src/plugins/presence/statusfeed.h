// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "plugins/presence/storecontext.h"

#include <QObject>

namespace Rollcall::Presence {

/// The channels presence:online, presence:offline and presence:updates: {userId, status, ...}, from
/// other nodes or by hand. What this node says there itself comes from its scripts.
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
