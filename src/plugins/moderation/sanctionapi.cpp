// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/moderation/sanctionapi.h"

#include "plugins/moderation/apihelpers.h"
#include "plugins/moderation/moderator.h"

#include <QJsonArray>

#include <optional>

namespace Rollcall::Moderation {

namespace {

constexpr qsizetype kMaxReasonBytes = 200;
constexpr double kMaxDurationMs = 10.0 * 365 * 86'400'000;

/// Nothing for a value that is no duration. Absent: for ever.
std::optional<std::chrono::milliseconds> durationFrom(const QJsonValue &value)
{
    if (value.isUndefined() || value.isNull())
        return Sanction::kForever;
    const double number = value.toDouble();
    if (!value.isDouble() || !(number >= 1) || number > kMaxDurationMs)
        return std::nullopt;
    return std::chrono::milliseconds(qint64(number));
}

QJsonArray listOf(const Verdicts &verdicts, const RoomId &room, qint64 nowMs)
{
    QJsonArray list;
    for (const auto &[user, untilMs] : verdicts.of(room, nowMs)) {
        list.append(QJsonObject{{QStringLiteral("userId"), QString::fromUtf8(user.value())},
                                {QStringLiteral("untilMs"), untilMs}});
    }
    return list;
}

void refuse(HttpResponder &responder, const char *why)
{
    responder.send(HttpResponse::problem(ErrorCode::BadRequest, QLatin1String(why)));
}

} // namespace

SanctionApi::SanctionApi(HttpService &http, Moderator &moderator, QObject *parent)
    : QObject(parent)
    , m_moderator(moderator)
{
    addRoutes(http, "kick", &ModerationService::kick, false);
    addRoutes(http, "ban", &ModerationService::ban, true);
    addRoutes(http, "mute", &ModerationService::mute, true);
    http.route("GET", "/api/admin/rooms/{id}/moderation", HttpAccess::Operator, this,
               [this](const HttpRequest &request, HttpResponder responder) {
                   handleList(request, std::move(responder));
               });
}

void SanctionApi::addRoutes(HttpService &http, const QByteArray &name, Command command,
                            bool canBeLifted)
{
    const QByteArray pattern = "/api/admin/rooms/{id}/" + name;
    http.route("POST", pattern, HttpAccess::Operator, this,
               [this, command](const HttpRequest &request, HttpResponder responder) {
                   handleSanction(request, std::move(responder), command);
               });
    if (!canBeLifted)
        return;
    http.route("DELETE", pattern + "/{user}", HttpAccess::Operator, this,
               [this, command](const HttpRequest &request, HttpResponder responder) {
                   handleLift(request, std::move(responder), command);
               });
}

void SanctionApi::handleSanction(const HttpRequest &request, HttpResponder responder,
                                 Command command)
{
    const auto body = request.jsonBody();
    if (!body)
        return responder.send(HttpResponse::problem(body.error()));
    Sanction sanction;
    sanction.room = RoomId(request.arguments.value(0));
    sanction.user = userIdFrom(body->value(QLatin1String("userId")));
    sanction.reason = body->value(QLatin1String("reason")).toString().toUtf8();
    const auto duration = durationFrom(body->value(QLatin1String("durationMs")));
    if (!isValidId(sanction.room.value(), kMaxPageIdBytes) || sanction.user.isNull())
        return refuse(responder, "A room and a userId are needed");
    if (!duration)
        return refuse(responder, "durationMs must be from 1 to ten years; none is for ever");
    if (sanction.reason.size() > kMaxReasonBytes)
        return refuse(responder, "reason is longer than 200 bytes");
    sanction.duration = *duration;
    (m_moderator.*command)(sanction, this, answerTo(std::move(responder), {204, {}, {}, {}}));
}

void SanctionApi::handleLift(const HttpRequest &request, HttpResponder responder, Command command)
{
    Sanction sanction;
    sanction.room = RoomId(request.arguments.value(0));
    sanction.user = UserId(request.arguments.value(1));
    sanction.duration = std::chrono::milliseconds(0);
    if (!isValidId(sanction.room.value(), kMaxPageIdBytes) || !isValidId(sanction.user.value()))
        return refuse(responder, "A room and a userId are needed");
    (m_moderator.*command)(sanction, this, answerTo(std::move(responder), {204, {}, {}, {}}));
}

void SanctionApi::handleList(const HttpRequest &request, HttpResponder responder)
{
    const RoomId room(request.arguments.value(0));
    const qint64 nowMs = m_moderator.nowMs();
    responder.send(
        HttpResponse::json({{QStringLiteral("roomId"), QString::fromUtf8(room.value())},
                            {QStringLiteral("bans"), listOf(m_moderator.bans(), room, nowMs)},
                            {QStringLiteral("mutes"), listOf(m_moderator.mutes(), room, nowMs)}}));
}

} // namespace Rollcall::Moderation
