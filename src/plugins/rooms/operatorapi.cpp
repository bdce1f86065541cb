// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/rooms/operatorapi.h"

#include "core/auth/randomsecret.h"
#include "plugins/rooms/directory.h"
#include "plugins/rooms/roomdefinitionjson.h"

namespace Rollcall::Rooms {

namespace {

/// Readable without knowing what is in it; ids keep their slashes encoded.
QByteArray locationOf(const RoomId &room) { return "/rooms/" + room.value().toPercentEncoding(); }

HttpResponse problemResponse(const Error &error)
{
    HttpResponse response = HttpResponse::problem(error);
    if (response.status == 503)
        response.headers.emplaceBack("Retry-After", "1");
    return response;
}

} // namespace

OperatorApi::OperatorApi(HttpService &http, Directory &directory, QObject *parent)
    : QObject(parent)
    , m_directory(directory)
{
    const auto route = [&](const QByteArray &method, const QByteArray &pattern,
                           void (OperatorApi::*handler)(const HttpRequest &, HttpResponder)) {
        http.route(method, pattern, HttpAccess::Operator, this,
                   [this, handler](const HttpRequest &request, HttpResponder responder) {
                       (this->*handler)(request, std::move(responder));
                   });
    };
    route("POST", "/rooms", &OperatorApi::handleCreate);
    route("PATCH", "/rooms/{id}", &OperatorApi::handleChange);
    route("DELETE", "/rooms/{id}", &OperatorApi::handleClose);
}

void OperatorApi::handleCreate(const HttpRequest &request, HttpResponder responder)
{
    const auto json = request.jsonBody();
    if (!json) {
        responder.send(HttpResponse::problem(json.error()));
        return;
    }
    RoomDefinition base;
    base.capacity = m_directory.config().defaultCapacity;
    if (!json->contains(QLatin1String("id")))
        base.id = RoomId(randomId(9));
    QStringList problems;
    const RoomDefinition room = roomFromJson(*json, base, true, problems);
    if (!problems.isEmpty()) {
        responder.send(
            HttpResponse::problem(ErrorCode::BadRequest, problems.join(QStringLiteral("; "))));
    } else if (m_directory.find(room.id)) {
        responder.send(HttpResponse::problem(ErrorCode::Conflict,
                                             QStringLiteral("There is a room with this id")));
    } else if (m_directory.catalog().size() >= size_t(m_directory.config().maxRooms)) {
        responder.send(HttpResponse::problem(ErrorCode::Conflict,
                                             QStringLiteral("rooms.maxRooms is reached")));
    } else {
        store(room, 201, std::move(responder));
    }
}

void OperatorApi::handleChange(const HttpRequest &request, HttpResponder responder)
{
    const RoomId id(request.arguments.value(0));
    const RoomDefinition *room = m_directory.find(id);
    if (!room) {
        responder.send(HttpResponse::problem(ErrorCode::RoomNotFound));
        return;
    }
    const auto json = request.jsonBody();
    if (!json) {
        responder.send(HttpResponse::problem(json.error()));
        return;
    }
    QStringList problems;
    const RoomDefinition changed = roomFromJson(*json, *room, true, problems);
    if (changed.id != id)
        problems.append(QStringLiteral("an id cannot be changed"));
    if (problems.isEmpty())
        store(changed, 200, std::move(responder));
    else
        responder.send(
            HttpResponse::problem(ErrorCode::BadRequest, problems.join(QStringLiteral("; "))));
}

void OperatorApi::store(const RoomDefinition &room, int status, HttpResponder responder)
{
    // A std::function must be copyable.
    auto answer = std::make_shared<HttpResponder>(std::move(responder));
    m_directory.store(room, this, [room, status, answer](const Result<void> &result) {
        if (!result) {
            answer->send(problemResponse(result.error()));
            return;
        }
        QJsonObject json = roomToJson(room);
        json.insert(QStringLiteral("id"), QString::fromUtf8(room.id.value()));
        HttpResponse response = HttpResponse::json(json, status);
        response.headers.emplaceBack("Location", locationOf(room.id));
        answer->send(std::move(response));
    });
}

void OperatorApi::handleClose(const HttpRequest &request, HttpResponder responder)
{
    auto answer = std::make_shared<HttpResponder>(std::move(responder));
    m_directory.close(RoomId(request.arguments.value(0)), this,
                      [answer](const Result<void> &result) {
                          if (result)
                              answer->send({204, {}, {}, {}});
                          else
                              answer->send(problemResponse(result.error()));
                      });
}

} // namespace Rollcall::Rooms
