// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/services/httpservice.h"

namespace Rollcall::Moderation {

class Moderator;

/// The caller's own blocklist: POST /moderation/block, DELETE /moderation/block/{id},
/// GET /moderation/blocks.
class BlockApi final : public QObject
{
    Q_OBJECT
public:
    /// Everything is borrowed.
    BlockApi(HttpService &http, Moderator &moderator, QObject *parent = nullptr);

private:
    void handleBlock(const HttpRequest &request, HttpResponder responder);
    void handleUnblock(const HttpRequest &request, HttpResponder responder);
    void handleList(const HttpRequest &request, HttpResponder responder);
    void change(const UserId &user, const UserId &blocked, bool isBlocked, HttpResponder responder);

    Moderator &m_moderator;
};

} // namespace Rollcall::Moderation
