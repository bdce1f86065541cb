// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/moderation/blockapi.h"

#include "plugins/moderation/apihelpers.h"
#include "plugins/moderation/moderator.h"

#include <QJsonArray>

#include <algorithm>

namespace Rollcall::Moderation {

namespace {

/// The token's user; without one (guests are let in only where no token is needed) who they say
/// they are. Null: nobody.
UserId callerOf(const HttpRequest &request, const QJsonObject &body = {})
{
    if (request.caller)
        return request.caller->subject;
    if (const UserId user = userIdFrom(body.value(QLatin1String("user"))[QLatin1String("userId")]);
        !user.isNull())
        return user;
    return userIdFrom(request.queryValue("userId"));
}

HttpResponse nobody()
{
    return HttpResponse::problem(ErrorCode::Unauthorized,
                                 QStringLiteral("Whose blocklist? A token or userId is needed"));
}

} // namespace

BlockApi::BlockApi(HttpService &http, Moderator &moderator, QObject *parent)
    : QObject(parent)
    , m_moderator(moderator)
{
    const auto route = [&](const QByteArray &method, const QByteArray &pattern,
                           void (BlockApi::*handler)(const HttpRequest &, HttpResponder)) {
        http.route(method, pattern, HttpAccess::User, this,
                   [this, handler](const HttpRequest &request, HttpResponder responder) {
                       (this->*handler)(request, std::move(responder));
                   });
    };
    route("POST", "/moderation/block", &BlockApi::handleBlock);
    route("DELETE", "/moderation/block/{id}", &BlockApi::handleUnblock);
    route("GET", "/moderation/blocks", &BlockApi::handleList);
}

void BlockApi::handleBlock(const HttpRequest &request, HttpResponder responder)
{
    const auto body = request.jsonBody();
    if (!body)
        return responder.send(HttpResponse::problem(body.error()));
    const UserId user = callerOf(request, *body);
    const UserId blocked = userIdFrom(body->value(QLatin1String("blockedUserId")));
    if (user.isNull())
        return responder.send(nobody());
    if (blocked.isNull() || blocked == user)
        return responder.send(
            HttpResponse::problem(ErrorCode::BadRequest,
                                  QStringLiteral("blockedUserId must be the id of somebody else")));
    change(user, blocked, true, std::move(responder));
}

void BlockApi::handleUnblock(const HttpRequest &request, HttpResponder responder)
{
    const UserId user = callerOf(request);
    const UserId blocked(request.arguments.value(0));
    if (user.isNull())
        return responder.send(nobody());
    if (!isValidId(blocked.value()))
        return responder.send(HttpResponse::problem(ErrorCode::BadRequest));
    change(user, blocked, false, std::move(responder));
}

void BlockApi::change(const UserId &user, const UserId &blocked, bool isBlocked,
                      HttpResponder responder)
{
    const HttpResponse success =
        HttpResponse::json({{QStringLiteral("blockedUserId"), QString::fromUtf8(blocked.value())},
                            {QStringLiteral("blocked"), isBlocked}});
    m_moderator.setBlocked(user, blocked, isBlocked, this, answerTo(std::move(responder), success));
}

void BlockApi::handleList(const HttpRequest &request, HttpResponder responder)
{
    const UserId user = callerOf(request);
    if (user.isNull())
        return responder.send(nobody());
    auto answer = std::make_shared<HttpResponder>(std::move(responder));
    m_moderator.readBlocks(user, this, [answer](const Result<QSet<UserId>> &blocked) {
        if (!blocked)
            return answer->send(HttpResponse::problem(blocked.error()));
        QStringList ids;
        for (const UserId &each : *blocked)
            ids.append(QString::fromUtf8(each.value()));
        std::ranges::sort(ids);
        answer->send(HttpResponse::json(
            {{QStringLiteral("blockedUserIds"), QJsonArray::fromStringList(ids)}}));
    });
}

} // namespace Rollcall::Moderation
