// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/presence/presenceapi.h"

#include "core/protocol/wireid.h"
#include "core/services/presenceservice.h"
#include "plugins/presence/inspectionreport.h"
#include "plugins/presence/storecontext.h"

namespace Rollcall::Presence {

namespace {

constexpr char kRequests[] = "presence_api_requests_total";
constexpr char kRequestsHelp[] = "Calls of the HTTP API about presence";

Result<PresenceSubject> readSubject(const QByteArray &user, const QByteArray &room)
{
    if (user.isEmpty() == room.isEmpty())
        return Error{ErrorCode::BadRequest, {}, QStringLiteral("give user or room")};
    if (!user.isEmpty() && !isValidId(user, kMaxPageIdBytes))
        return Error{ErrorCode::BadRequest, {}, QStringLiteral("user is not an id")};
    if (!room.isEmpty() && !isValidId(room, kMaxPageIdBytes))
        return Error{ErrorCode::BadRequest, {}, QStringLiteral("room is not an id")};
    PresenceSubject subject;
    if (!user.isEmpty())
        subject.user = UserId(user);
    else
        subject.room = RoomId(room);
    return subject;
}

} // namespace

PresenceApi::PresenceApi(HttpService &http, PresenceService &presence, Metrics &metrics,
                         QObject *parent)
    : QObject(parent)
    , m_presence(presence)
    , m_inspections(metrics.counter(kRequests, kRequestsHelp, {{"call", "inspect"}}))
    , m_purges(metrics.counter(kRequests, kRequestsHelp, {{"call", "purge"}}))
{
    http.route("GET", "/api/admin/presence/inspect", HttpAccess::Operator, this,
               [this](const HttpRequest &request, HttpResponder responder) {
                   handleInspect(request, std::move(responder));
               });
    http.route("POST", "/api/admin/presence/purge", HttpAccess::Operator, this,
               [this](const HttpRequest &request, HttpResponder responder) {
                   handlePurge(request, std::move(responder));
               });
}

void PresenceApi::handleInspect(const HttpRequest &request, HttpResponder responder)
{
    m_inspections.Increment();
    const auto subject =
        readSubject(request.queryValue("user").toUtf8(), request.queryValue("room").toUtf8());
    if (!subject) {
        responder.send(HttpResponse::problem(subject.error()));
        return;
    }
    // A std::function must be copyable.
    auto answer = std::make_shared<HttpResponder>(std::move(responder));
    m_presence.inspect(*subject, this, [answer](const Result<PresenceInspection> &found) {
        answer->send(found ? HttpResponse::json(inspectionToJson(*found))
                           : HttpResponse::problem(found.error()));
    });
}

void PresenceApi::handlePurge(const HttpRequest &request, HttpResponder responder)
{
    m_purges.Increment();
    const auto body = request.jsonBody();
    if (!body) {
        responder.send(HttpResponse::problem(body.error()));
        return;
    }
    const auto subject = readSubject(body->value(QLatin1String("user")).toString().toUtf8(),
                                     body->value(QLatin1String("room")).toString().toUtf8());
    if (!subject) {
        responder.send(HttpResponse::problem(subject.error()));
        return;
    }
    qCInfo(lcPresence).noquote() << "presence: an operator purges"
                                 << (subject->user ? "the user" : "the room")
                                 << (subject->user ? subject->user->value()
                                                   : subject->room->value());
    auto answer = std::make_shared<HttpResponder>(std::move(responder));
    m_presence.purge(*subject, this, [answer](const Result<PurgeReport> &report) {
        answer->send(report ? HttpResponse::json(purgeToJson(*report))
                            : HttpResponse::problem(report.error()));
    });
}

} // namespace Rollcall::Presence
