// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/services/httpservice.h"

#include <QObject>

#include <memory>

namespace Rollcall {
struct RoomDefinition;
}

namespace Rollcall::Rooms {

class Directory;

/// What operators do to rooms: POST /rooms, PATCH and DELETE /rooms/{id}.
class OperatorApi : public QObject
{
    Q_OBJECT
public:
    /// Everything is borrowed.
    OperatorApi(HttpService &http, Directory &directory, QObject *parent = nullptr);

private:
    void handleCreate(const HttpRequest &request, HttpResponder responder);
    void handleChange(const HttpRequest &request, HttpResponder responder);
    void handleClose(const HttpRequest &request, HttpResponder responder);
    void store(const RoomDefinition &room, int status, HttpResponder responder);

    Directory &m_directory;
};

} // namespace Rollcall::Rooms
