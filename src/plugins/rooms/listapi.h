// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/metrics.h"
#include "core/services/httpservice.h"
#include "core/services/realtimeservice.h"
#include "plugins/rooms/roomactivity.h"
#include "plugins/rooms/roomlist.h"

#include <QObject>
#include <QPointer>

namespace Rollcall {
class PresenceService;
struct RoomSnapshot;
} // namespace Rollcall

namespace Rollcall::Rooms {

class Directory;
class RoomBoard;

/// What everybody may read: GET /rooms, /rooms/{id} and /rooms/hottest.
class ListApi : public QObject
{
    Q_OBJECT
public:
    /// Everything is borrowed. `node` is shown to operators.
    ListApi(HttpService &http, Directory &directory, RoomBoard &board, PresenceService &presence,
            NodeId node, Clock &clock, Metrics &metrics, QObject *parent = nullptr);

    void applyConfiguration();
    /// Borrowed: connections for operators, and the rate of messages. Null: neither is known.
    void setRealtime(RealtimeService *realtime);

private:
    void handleList(const HttpRequest &request, HttpResponder responder);
    void handleRoom(const HttpRequest &request, HttpResponder responder);
    HttpResponse roomResponse(const RoomStatus &room, const RoomSnapshot &snapshot,
                              bool isOperator) const;
    void handleHottest(const HttpRequest &request, HttpResponder responder);
    void appendHealth(QByteArray &out, const RoomId &room) const;
    void appendConnections(QByteArray &out, const RoomId &room) const;

    Directory &m_directory;
    RoomBoard &m_board;
    PresenceService &m_presence;
    QPointer<RealtimeService> m_realtime;
    NodeId m_node;
    RoomActivity m_activity;
    RoomList m_list;
};

} // namespace Rollcall::Rooms
