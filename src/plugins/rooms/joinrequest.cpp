// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/rooms/joinrequest.h"

#include "core/auth/randomsecret.h"
#include "core/protocol/member.h"
#include "core/protocol/wireid.h"

#include <cmath>

namespace Rollcall::Rooms {

namespace {

/// Reads members of one object and keeps the first problem.
class Body
{
public:
    Body(const QJsonObject &object, std::optional<Error> &error)
        : m_object(object)
        , m_error(error)
    { }

    /// Empty if absent or null.
    QByteArray text(const char *key, bool (*isValid)(QByteArrayView))
    {
        const QJsonValue value = m_object.value(QLatin1String(key));
        if (value.isUndefined() || value.isNull())
            return {};
        const QByteArray text = value.toString().toUtf8();
        if (!value.isString())
            fail(key, ErrorCode::BadRequest, "must be a text");
        else if (!text.isEmpty() && !isValid(text))
            fail(key, ErrorCode::OutOfRange, "is too long or has characters that are not allowed");
        return text;
    }
    /// A text or a whole number.
    QByteArray id(const char *key, bool *isNumber = nullptr)
    {
        const QJsonValue value = m_object.value(QLatin1String(key));
        const double number = value.toDouble();
        const bool isWhole =
            value.isDouble() && std::trunc(number) == number && std::abs(number) < 9e15;
        if (isNumber)
            *isNumber = isWhole;
        if (isWhole)
            return QByteArray::number(value.toInteger());
        return text(key, [](QByteArrayView id) { return isValidId(id); });
    }
    QJsonObject object(const char *key)
    {
        const QJsonValue value = m_object.value(QLatin1String(key));
        if (!value.isObject() && !value.isUndefined() && !value.isNull())
            fail(key, ErrorCode::BadRequest, "must be an object");
        return value.toObject();
    }
    void fail(const char *key, ErrorCode code, const char *why)
    {
        if (!m_error)
            m_error = Error{code, {}, QLatin1String(key) + QLatin1Char(' ') + QLatin1String(why)};
    }

private:
    const QJsonObject m_object;
    std::optional<Error> &m_error;
};

bool isShort(QByteArrayView text) { return isValidId(text); }

TokenClaims guestClaims(Body &user)
{
    TokenClaims claims;
    claims.subject = UserId(user.id("userId", &claims.numericSubject));
    claims.name = user.text("displayName", isValidDisplayName);
    claims.avatar = user.text("avatarId", isValidAvatar);
    if (claims.subject.isNull())
        claims.subject = UserId("anon:" + randomId());
    return claims;
}

} // namespace

Result<JoinRequest> JoinRequest::parse(const HttpRequest &request)
{
    const auto json = request.jsonBody();
    if (!json)
        return json.error();
    std::optional<Error> error;
    Body body(*json, error);
    Body user(body.object("user"), error);
    JoinRequest join;
    if (const QByteArray room = body.id("roomId"); !room.isEmpty())
        join.room = RoomId(room);
    join.region = body.text("region", isShort);
    join.theme = body.text("theme", isShort);
    if (request.caller) {
        const TokenClaims &caller = *request.caller;
        if (caller.room)
            return Error{ErrorCode::Forbidden,
                         {},
                         QStringLiteral("This token opens one room and cannot ask for others")};
        const QByteArray claimed = user.id("userId");
        if (!claimed.isEmpty() && claimed != caller.subject.value())
            return Error{
                ErrorCode::Forbidden, {}, QStringLiteral("user.userId is not who the token says")};
        join.claims = caller;
        join.claims.groups.clear(); // of no use to a room, and the token stays small
        if (join.region.isEmpty())
            join.region = caller.region;
    } else {
        join.claims = guestClaims(user);
    }
    if (const QByteArray device = body.id("deviceId"); !device.isEmpty())
        join.claims.device = device;
    if (const QByteArray type = body.text("deviceType", isShort); !type.isEmpty())
        join.claims.deviceType = type;
    if (join.claims.deviceType.isEmpty())
        join.claims.deviceType = deviceTypeName(DeviceType::Desktop).toByteArray();
    if (!deviceTypeFromName(join.claims.deviceType))
        body.fail("deviceType", ErrorCode::BadRequest, "must be desktop, mobile, vr or web");
    if (error)
        return *error;
    return join;
}

} // namespace Rollcall::Rooms
