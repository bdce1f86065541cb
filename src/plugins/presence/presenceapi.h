// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/metrics.h"
#include "core/services/httpservice.h"

namespace Rollcall {
class PresenceService;
struct PresenceSubject;
} // namespace Rollcall

namespace Rollcall::Presence {

/// What operators ask about presence: GET /api/admin/presence/inspect, POST
/// /api/admin/presence/purge.
class PresenceApi final : public QObject
{
    Q_OBJECT
public:
    /// Everything is borrowed.
    PresenceApi(HttpService &http, PresenceService &presence, Metrics &metrics,
                QObject *parent = nullptr);

private:
    void handleInspect(const HttpRequest &request, HttpResponder responder);
    void handlePurge(const HttpRequest &request, HttpResponder responder);

    PresenceService &m_presence;
    prometheus::Counter &m_inspections;
    prometheus::Counter &m_purges;
};

} // namespace Rollcall::Presence
