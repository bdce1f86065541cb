// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/services/httpservice.h"
#include "core/services/moderationservice.h"

namespace Rollcall::Moderation {

class Moderator;

/// What operators decide: POST /api/admin/rooms/{id}/kick, /ban and /mute with {userId,
/// durationMs?, reason?}, DELETE .../ban/{userId} and .../mute/{userId}, GET
/// /api/admin/rooms/{id}/moderation. The room `*` is everywhere.
class SanctionApi final : public QObject
{
    Q_OBJECT
public:
    /// Everything is borrowed.
    SanctionApi(HttpService &http, Moderator &moderator, QObject *parent = nullptr);

private:
    using Command = void (ModerationService::*)(const Sanction &, QObject *,
                                                ModerationService::Done);

    void addRoutes(HttpService &http, const QByteArray &name, Command command, bool canBeLifted);
    void handleSanction(const HttpRequest &request, HttpResponder responder, Command command);
    void handleLift(const HttpRequest &request, HttpResponder responder, Command command);
    void handleList(const HttpRequest &request, HttpResponder responder);

    Moderator &m_moderator;
};

} // namespace Rollcall::Moderation
