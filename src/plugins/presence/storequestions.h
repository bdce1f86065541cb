// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "plugins/presence/presencestore.h"
#include "plugins/presence/storecontext.h"

#include <QSet>

namespace Rollcall::Presence {

/// What the Redis store is asked: nothing here changes anything.
class StoreQuestions final : public QObject
{
    Q_OBJECT
public:
    explicit StoreQuestions(StoreContext &context, QObject *parent = nullptr);

    void fetchOccupancies(PresenceStore::OccupanciesCallback done);
    void fetchIsOnline(const UserId &user, PresenceStore::OnlineCallback done);
    void fetchOnline(PresenceStore::UsersCallback done);

private:
    void scanOnline(const QByteArray &cursor, std::shared_ptr<QSet<UserId>> found,
                    PresenceStore::UsersCallback done);

    StoreContext &m_context;
};

} // namespace Rollcall::Presence
