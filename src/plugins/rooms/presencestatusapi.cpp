// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/rooms/presencestatusapi.h"

#include "core/base/clock.h"
#include "core/protocol/jsontext.h"
#include "core/protocol/pageid.h"
#include "core/protocol/wireid.h"
#include "core/services/presenceservice.h"

#include <QJsonArray>

#include <cmath>

namespace Rollcall::Rooms {

namespace {

constexpr char kRequests[] = "presence_api_requests_total";
constexpr char kRequestsHelp[] = "Calls of the HTTP API about presence";
// Beyond, a JSON number is not exact.
constexpr double kMaxExactNumber = 9007199254740992.0;

bool isGuest(const UserId &user) { return user.value().startsWith("anon:"); }

/// A number that a client sent instead of a text, as it writes it.
std::optional<QByteArray> idOf(const QJsonValue &value)
{
    if (value.isString())
        return value.toString().toUtf8();
    const double number = value.toDouble(NAN);
    if (std::isnan(number) || number != std::floor(number) || std::abs(number) >= kMaxExactNumber)
        return std::nullopt;
    return QByteArray::number(qint64(number));
}

/// A numeric id goes out as a number: 7, not "7".
void appendPk(QByteArray &out, const UserId &user)
{
    bool isNumber = false;
    const qint64 number = user.value().toLongLong(&isNumber);
    if (isNumber && std::abs(double(number)) < kMaxExactNumber
        && QByteArray::number(number) == user.value())
        appendJsonInteger(out, number);
    else
        appendJsonText(out, user.value());
}

const char *statusName(const UserStatus &status)
{
    if (!status.isOnline)
        return "offline";
    return status.state == MemberState::Away ? "away" : "online";
}

Result<std::vector<UserId>> readUsers(const HttpRequest &request)
{
    const auto problem = [](const QString &text) { return Error{ErrorCode::BadRequest, {}, text}; };
    const auto json = request.jsonBody();
    if (!json)
        return json.error();
    const QJsonValue list = json->value(QLatin1String("userIds"));
    if (!list.isArray())
        return problem(QStringLiteral("userIds must be a list"));
    const QJsonArray ids = list.toArray();
    if (ids.size() > PresenceStatusApi::kMaxUsers)
        return problem(
            QStringLiteral("at most %1 userIds at a time").arg(PresenceStatusApi::kMaxUsers));
    std::vector<UserId> users;
    for (const QJsonValue &value : ids) {
        const auto id = idOf(value);
        if (!id || !isValidId(*id))
            return problem(QStringLiteral("userIds must be ids of 1 to 128 bytes"));
        users.emplace_back(*id);
    }
    return users;
}

} // namespace

PresenceStatusApi::PresenceStatusApi(HttpService &http, PresenceService &presence, Clock &clock,
                                     Metrics &metrics, QObject *parent)
    : QObject(parent)
    , m_presence(presence)
    , m_clock(clock)
    , m_statusCalls(metrics.counter(kRequests, kRequestsHelp, {{"call", "status"}}))
    , m_pageCalls(metrics.counter(kRequests, kRequestsHelp, {{"call", "page"}}))
{
    http.route("POST", "/api/presence/status", HttpAccess::User, this,
               [this](const HttpRequest &request, HttpResponder responder) {
                   handleStatus(request, std::move(responder));
               });
    // A slash at the end makes no difference to the router.
    http.route("GET", "/api/presence/page", HttpAccess::All, this,
               [this](const HttpRequest &request, HttpResponder responder) {
                   handlePage(request, std::move(responder));
               });
}

void PresenceStatusApi::handleStatus(const HttpRequest &request, HttpResponder responder)
{
    m_statusCalls.Increment();
    const auto users = readUsers(request);
    if (!users) {
        responder.send(HttpResponse::problem(users.error()));
        return;
    }
    // A std::function must be copyable.
    auto answer = std::make_shared<HttpResponder>(std::move(responder));
    m_presence.fetchStatuses(*users, this, [this, answer](const UserStatuses &statuses) {
        answer->send(statusResponse(statuses));
    });
}

HttpResponse PresenceStatusApi::statusResponse(const UserStatuses &statuses) const
{
    HttpResponse response;
    response.headers = freshnessHeaders(statuses.stale, statuses.asOfMs);
    QByteArray &out = response.body;
    out += R"({"success":true,"users":[)";
    for (const UserStatus &status : statuses.users) {
        out += &status == &statuses.users.front() ? R"({"userId":)" : R"(,{"userId":)";
        appendJsonText(out, status.user.value());
        out += R"(,"status":)";
        appendJsonText(out, statusName(status));
        out += R"(,"lastSeen":)";
        appendJsonInteger(out, status.lastSeenMs);
        out += R"(,"deviceId":)";
        appendJsonText(out, status.device);
        out += '}';
    }
    out += R"(],"timestamp":)";
    appendJsonInteger(out, m_clock.wallMs());
    out += '}';
    return response;
}

void PresenceStatusApi::handlePage(const HttpRequest &request, HttpResponder responder)
{
    m_pageCalls.Increment();
    const auto room = pageRoom(request.queryValue("url").toUtf8());
    if (!room) {
        responder.send(HttpResponse::problem(ErrorCode::BadRequest,
                                             QStringLiteral("url must be the path of a page")));
        return;
    }
    auto answer = std::make_shared<HttpResponder>(std::move(responder));
    m_presence.fetchSnapshot(*room, this, [this, answer](const RoomSnapshot &snapshot) {
        answer->send(pageResponse(snapshot));
    });
}

HttpResponse PresenceStatusApi::pageResponse(const RoomSnapshot &snapshot) const
{
    HttpResponse response;
    response.headers = freshnessHeaders(snapshot.stale, snapshot.asOfMs);
    QByteArray &out = response.body;
    out += R"({"url":)";
    appendJsonText(out, snapshot.room.value());
    out += R"(,"count":)";
    appendJsonInteger(out, qint64(snapshot.users));
    out += R"(,"users":[)";
    int guests = 0;
    bool isFirst = true;
    for (const Member &member : snapshot.members) {
        if (isGuest(member.user)) {
            ++guests;
            continue;
        }
        out += std::exchange(isFirst, false) ? R"({"pk":)" : R"(,{"pk":)";
        appendPk(out, member.user);
        out += R"(,"username":)";
        appendJsonText(out, member.displayName);
        out += R"(,"avatar":)";
        appendJsonText(out, member.avatar);
        out += member.state == MemberState::Away ? R"(,"state":"away"})" : R"(,"state":"online"})";
    }
    out += R"(],"anonymous_count":)";
    appendJsonInteger(out, qint64(guests));
    out += '}';
    return response;
}

HttpHeaders PresenceStatusApi::freshnessHeaders(bool isStale, qint64 asOfMs) const
{
    const qint64 age = isStale ? std::max<qint64>(0, m_clock.wallMs() - asOfMs) / 1000 : 0;
    return {{"X-Rollcall-Stale", isStale ? "true" : "false"}, {"Age", QByteArray::number(age)}};
}

} // namespace Rollcall::Rooms
