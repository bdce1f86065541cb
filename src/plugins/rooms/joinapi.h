// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/clock.h"
#include "core/base/labelledcounter.h"
#include "core/services/httpservice.h"

#include <QObject>

#include <memory>

namespace Rollcall {
class PresenceService;
class TokenService;
} // namespace Rollcall

namespace Rollcall::Rooms {

class Directory;
class RoomBoard;
struct JoinRequest;

/// POST /rooms/join: a seat in the room that was asked for, or in the hottest, and a token for it.
class JoinApi : public QObject
{
    Q_OBJECT
public:
    /// Everything is borrowed.
    JoinApi(HttpService &http, Directory &directory, RoomBoard &board, PresenceService &presence,
            TokenService &tokens, Clock &clock, Metrics &metrics, QObject *parent = nullptr);

    /// The directory's configuration has changed.
    void applyConfiguration();
    /// From now on everybody is sent elsewhere.
    void setDraining() { m_isDraining = true; }

private:
    struct Attempt;

    void handle(const HttpRequest &request, HttpResponder responder);
    void tryRoom(const std::shared_ptr<Attempt> &attempt, const RoomId &room);
    void findHome(const std::shared_ptr<Attempt> &attempt, const RoomId &room);
    void tryHottest(const std::shared_ptr<Attempt> &attempt);
    void succeed(Attempt &attempt, const RoomId &room);
    void fail(Attempt &attempt, const Error &error);

    HttpService &m_http;
    Directory &m_directory;
    RoomBoard &m_board;
    PresenceService &m_presence;
    TokenService &m_tokens;
    Clock &m_clock;
    LabelledCounter m_joins;
    bool m_isDraining = false;
};

} // namespace Rollcall::Rooms
