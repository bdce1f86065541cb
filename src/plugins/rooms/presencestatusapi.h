// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/metrics.h"
#include "core/services/httpservice.h"

namespace Rollcall {
class Clock;
class PresenceService;
struct RoomSnapshot;
struct UserStatuses;
} // namespace Rollcall

namespace Rollcall::Rooms {

/// What applications ask about people: POST /api/presence/status, GET /api/presence/page/?url=.
class PresenceStatusApi : public QObject
{
    Q_OBJECT
public:
    static constexpr qsizetype kMaxUsers = 100; ///< in one question

    /// Everything is borrowed.
    PresenceStatusApi(HttpService &http, PresenceService &presence, Clock &clock, Metrics &metrics,
                      QObject *parent = nullptr);

private:
    void handleStatus(const HttpRequest &request, HttpResponder responder);
    void handlePage(const HttpRequest &request, HttpResponder responder);
    HttpResponse statusResponse(const UserStatuses &statuses) const;
    HttpResponse pageResponse(const RoomSnapshot &snapshot) const;
    HttpHeaders freshnessHeaders(bool isStale, qint64 asOfMs) const;

    PresenceService &m_presence;
    Clock &m_clock;
    prometheus::Counter &m_statusCalls;
    prometheus::Counter &m_pageCalls;
};

} // namespace Rollcall::Rooms
