// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/auth/jwttokenservice.h"
#include "core/base/manualclock.h"
#include "core/base/metrics.h"
#include "plugins/rooms/directory.h"
#include "plugins/rooms/joinapi.h"
#include "plugins/rooms/listapi.h"
#include "plugins/rooms/operatorapi.h"
#include "plugins/rooms/roomboard.h"

#include "support/fakehttpservice.h"
#include "support/fakepresenceservice.h"

#include <QJsonArray>

namespace Rollcall::Rooms {

inline ConfiguredRoom roomOf(const char *id, int capacity = 0, const char *region = "",
                             bool isPrivate = false)
{
    RoomDefinition room;
    room.id = RoomId(id);
    room.name = id;
    room.region = region;
    room.capacity = capacity;
    room.isPrivate = isPrivate;
    return {room, {}};
}

inline Member memberOf(const char *user)
{
    Member member;
    member.user = UserId(user);
    member.displayName = user;
    return member;
}

/// The rooms plugin's parts as one node has them, on fakes of what is around it.
struct TestNode
{
    explicit TestNode(const RoomsConfig &config = {}, RedisService *redis = nullptr)
        : directory(config, presence, redis, clock, metrics)
        , board(directory, presence, clock)
        , listApi(http, directory, board, presence, NodeId("n.1"), clock, metrics)
        , tokens(authConfig(), clock, nullptr)
        , joinApi(http, directory, board, presence, tokens, clock, metrics)
        , operatorApi(http, directory)
    {
        if (!tokens.start())
            qFatal("no tokens");
        directory.start();
    }

    static AuthConfig authConfig()
    {
        AuthConfig config;
        config.secret = "0123456789abcdef0123456789abcdef";
        config.operatorSecret = "fedcba9876543210";
        return config;
    }

    /// An answer that must have come already.
    HttpResponse call(const QByteArray &method, const QByteArray &target,
                      const QByteArray &body = {})
    {
        HttpRequest request;
        request.body = body;
        const auto answer = http.call(method, target, request);
        return answer->value_or(HttpResponse{0, {}, "(no answer yet)", {}});
    }
    static QJsonObject jsonOf(const HttpResponse &response)
    {
        return QJsonDocument::fromJson(response.body).object();
    }
    static QByteArray headerOf(const HttpResponse &response, const QByteArray &name)
    {
        for (const auto &[key, value] : response.headers) {
            if (key == name)
                return value;
        }
        return {};
    }
    static QStringList idsOf(const HttpResponse &list)
    {
        QStringList ids;
        for (const QJsonValue &room : jsonOf(list).value("rooms").toArray())
            ids.append(room.toObject().value("id").toString());
        return ids;
    }
    void enter(quint64 connection, const char *room, const char *user)
    {
        MembershipRequest request;
        request.connection = ConnectionId(connection);
        request.room = RoomId(room);
        request.member = memberOf(user);
        presence.join(request, &presence, {});
    }

    ManualClock clock;
    Metrics metrics;
    FakePresenceService presence;
    FakeHttpService http;
    Directory directory;
    RoomBoard board;
    ListApi listApi;
    JwtTokenService tokens;
    JoinApi joinApi;
    OperatorApi operatorApi;
};

} // namespace Rollcall::Rooms
