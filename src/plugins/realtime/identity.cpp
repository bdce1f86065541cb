// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/realtime/identity.h"

#include "core/protocol/wireid.h"
#include "core/services/tokenservice.h"

#include <QRandomGenerator>

namespace Rollcall::Realtime {

namespace {

constexpr QByteArrayView kSubprotocol = "rollcall";
constexpr qsizetype kMaxTokenBytes = 2048;

UserId newGuest()
{
    const quint64 random[] = {QRandomGenerator::system()->generate64(),
                              QRandomGenerator::system()->generate64()};
    const QByteArray bytes(reinterpret_cast<const char *>(random), sizeof random);
    return UserId("anon:"
                  + bytes.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals));
}

Error refusal(ErrorCode code, const char *logText)
{
    return {code, QString::fromLatin1(logText), {}};
}

void describe(Identity &identity, const JoinMessage &join)
{
    // What a token says about its bearer is not for the bearer to change.
    if (identity.displayName.isEmpty())
        identity.displayName = join.displayName.toByteArray();
    if (identity.displayName.isEmpty())
        identity.displayName =
            isValidDisplayName(identity.user.value()) ? identity.user.value() : "Guest";
    if (identity.avatar.isEmpty())
        identity.avatar = join.avatar.toByteArray();
    if (identity.device.isEmpty())
        identity.device = join.device.toByteArray();
    if (join.deviceType)
        identity.deviceType = *join.deviceType;
}

Result<Identity> guest(const JoinMessage &join, const Identity &current, const TokenService &tokens)
{
    if (tokens.isAuthRequired())
        return refusal(ErrorCode::Unauthorized, "no token");
    Identity identity;
    if (!join.user.text.isEmpty())
        identity.user = UserId(join.user.text.toByteArray());
    else
        identity.user = current.user.isNull() ? newGuest() : current.user;
    if (identity.user == current.user) {
        identity.avatar = join.avatar.isEmpty() ? current.avatar : QByteArray();
        identity.displayName = join.displayName.isEmpty() ? current.displayName : QByteArray();
        identity.device = join.device.isEmpty() ? current.device : QByteArray();
    }
    return identity;
}

Result<Identity> bearer(const JoinMessage &join, const QByteArray &handshakeToken,
                        const Identity &current, const TokenService &tokens)
{
    if (!join.token.isEmpty())
        return identityFromToken(join.token.toByteArray(), tokens);
    if (!handshakeToken.isEmpty())
        return identityFromToken(handshakeToken, tokens);
    if (current.isVerified)
        return current;
    return guest(join, current, tokens);
}

} // namespace

QByteArray handshakeToken(const UpgradeRequest &request)
{
    const QString item = request.query.queryItemValue(QStringLiteral("token"), QUrl::FullyDecoded);
    if (!item.isEmpty())
        return item.toUtf8();
    const QByteArray authorization = request.header("Authorization");
    if (authorization.size() > 7 && qstrnicmp(authorization.constData(), "Bearer ", 7) == 0)
        return authorization.mid(7).trimmed();
    for (const char *name : {"token", "voicepingtoken"}) {
        if (const QByteArray token = request.header(name); !token.isEmpty())
            return token;
    }
    const QList<QByteArray> &offered = request.subprotocols;
    if (const qsizetype at = offered.indexOf(kSubprotocol); at >= 0 && at + 1 < offered.size())
        return offered.at(at + 1);
    return {};
}

Result<Identity> identityFromToken(const QByteArray &token, const TokenService &tokens)
{
    if (token.size() > kMaxTokenBytes)
        return refusal(ErrorCode::InvalidToken, "token too long");
    Result<TokenClaims> claims = tokens.verify(token);
    if (!claims)
        return claims.error();
    if (!isValidId(claims->subject.value()))
        return refusal(ErrorCode::InvalidToken, "sub is no user id");
    Identity identity;
    identity.user = claims->subject;
    if (isValidDisplayName(claims->name))
        identity.displayName = claims->name;
    if (isValidAvatar(claims->avatar))
        identity.avatar = claims->avatar;
    if (isValidId(claims->device))
        identity.device = claims->device;
    identity.role = claims->role;
    identity.reservation = claims->id;
    identity.onlyRoom = claims->room;
    identity.deviceType = deviceTypeFromName(claims->deviceType).value_or(DeviceType::Desktop);
    identity.isVerified = true;
    return identity;
}

Result<Identity> identityForJoin(const JoinMessage &join, const QByteArray &handshakeToken,
                                 const Identity &current, const TokenService &tokens)
{
    Result<Identity> identity = bearer(join, handshakeToken, current, tokens);
    if (!identity)
        return identity;
    if (!join.user.text.isEmpty() && join.user.text != QByteArrayView(identity->user.value()))
        return refusal(ErrorCode::Forbidden, "another user than the token's");
    if (identity->onlyRoom && QByteArrayView(identity->onlyRoom->value()) != join.room.text)
        return refusal(ErrorCode::Forbidden, "a token for another room");
    describe(*identity, join);
    return identity;
}

} // namespace Rollcall::Realtime
