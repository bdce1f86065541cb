// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/auth/jwtclaims.h"

#include "core/protocol/jsontext.h"
#include "core/protocol/wireid.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <cmath>

namespace Rollcall {

namespace {

constexpr double kMaxSeconds = 253'402'300'799.0; // the end of the year 9999
constexpr qsizetype kMaxGroups = 100;

/// Reads claims one by one and remembers the first that is wrong.
class ClaimReader
{
public:
    explicit ClaimReader(const QJsonObject &object)
        : m_object(object)
    { }

    const QString &failure() const { return m_failure; }
    void fail(const char *claim, const char *why)
    {
        if (m_failure.isEmpty())
            m_failure =
                QStringLiteral("claim '%1' %2").arg(QLatin1String(claim), QLatin1String(why));
    }
    bool has(const char *claim) const { return m_object.contains(QLatin1String(claim)); }

    /// Empty if absent.
    QByteArray text(const char *claim, bool (*isValid)(QByteArrayView))
    {
        const QJsonValue value = m_object.value(QLatin1String(claim));
        if (value.isUndefined() || value.isNull())
            return {};
        const QByteArray text = value.toString().toUtf8();
        if (!value.isString())
            fail(claim, "is not a text");
        else if (!text.isEmpty() && !isValid(text))
            fail(claim, "is too long or has control characters");
        return text;
    }
    /// A text or a whole number.
    QByteArray id(const QJsonValue &value, const char *claim, bool *isNumber = nullptr)
    {
        const double number = value.toDouble();
        const bool isWhole =
            value.isDouble() && std::trunc(number) == number && std::abs(number) < 9e15;
        const QByteArray id =
            isWhole ? QByteArray::number(value.toInteger()) : value.toString().toUtf8();
        if (isNumber)
            *isNumber = isWhole;
        if (!isValidId(id))
            fail(claim, "is not an id");
        return id;
    }
    /// NumericDate (RFC 7519 2), in milliseconds; 0 if absent.
    qint64 time(const char *claim)
    {
        const QJsonValue value = m_object.value(QLatin1String(claim));
        if (value.isUndefined())
            return 0;
        const double seconds = value.toDouble(-1);
        if (!(seconds > 0 && seconds <= kMaxSeconds)) {
            fail(claim, "is not a time");
            return 0;
        }
        return qint64(seconds * 1000);
    }
    QList<QByteArray> groups(const char *claim)
    {
        const QJsonValue value = m_object.value(QLatin1String(claim));
        if (value.isUndefined() || value.isNull())
            return {};
        const QJsonArray array = value.toArray();
        if (!value.isArray() || array.size() > kMaxGroups)
            fail(claim, "is not a list of at most 100 ids");
        QList<QByteArray> list;
        for (const QJsonValue &item : array)
            list.append(id(item, claim));
        return list;
    }
    /// A text, or a list that holds it (RFC 7519 4.1.3).
    bool names(const char *claim, const QByteArray &wanted) const
    {
        const QJsonValue value = m_object.value(QLatin1String(claim));
        const QString text = QString::fromUtf8(wanted);
        return value.isArray() ? value.toArray().contains(text)
                               : value.isString() && value.toString() == text;
    }

private:
    const QJsonObject &m_object;
    QString m_failure;
};

bool isShortText(QByteArrayView text) { return isValidId(text); }

Error invalid(const QString &why) { return {ErrorCode::InvalidToken, why, {}}; }

} // namespace

Result<TokenClaims> claimsFromJson(const QByteArray &json, const ClaimRules &rules)
{
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(json, &error);
    if (error.error != QJsonParseError::NoError || !document.isObject())
        return invalid(QStringLiteral("the payload is not a JSON object"));
    const QJsonObject object = document.object();
    ClaimReader reader(object);
    TokenClaims claims;
    claims.subject =
        UserId(reader.id(object.value(QLatin1String("sub")), "sub", &claims.numericSubject));
    if (reader.has("room"))
        claims.room = RoomId(reader.id(object.value(QLatin1String("room")), "room"));
    claims.name = reader.text("name", isValidDisplayName);
    claims.avatar = reader.text("avatar", isValidAvatar);
    claims.device = reader.text("device", isShortText);
    claims.deviceType = reader.text("deviceType", isShortText);
    claims.role = reader.text("role", isShortText);
    claims.region = reader.text("region", isShortText);
    claims.groups = reader.groups("groups");
    claims.id = reader.text("jti", isShortText);
    claims.expiresAtMs = reader.time("exp");
    const qint64 notBeforeMs = reader.time("nbf");
    reader.time("iat"); // checked for its type only: RFC 7519 4.1.6 gives it no other meaning
    if (!reader.failure().isEmpty())
        return invalid(reader.failure());

    if (!rules.issuer.isEmpty() && !reader.names("iss", rules.issuer))
        return invalid(QStringLiteral("claim 'iss' is not auth.issuer"));
    if (!rules.audience.isEmpty() && !reader.names("aud", rules.audience))
        return invalid(QStringLiteral("claim 'aud' does not hold auth.audience"));
    if (notBeforeMs > rules.nowMs + rules.leeway.count())
        return invalid(QStringLiteral("claim 'nbf': not valid yet"));
    if (auto isValidNow = checkExpiry(claims, rules); !isValidNow)
        return isValidNow.error();
    return claims;
}

Result<void> checkExpiry(const TokenClaims &claims, const ClaimRules &rules)
{
    if (claims.expiresAtMs != 0 && claims.expiresAtMs + rules.leeway.count() <= rules.nowMs)
        return Error{ErrorCode::TokenExpired, QStringLiteral("claim 'exp': expired"), {}};
    return {};
}

QByteArray claimsToJson(const TokenClaims &claims, const ClaimRules &rules)
{
    QByteArray json = "{\"sub\":";
    json.reserve(384);
    // By hand, because every POST /rooms/join makes one. What is not UTF-8 was refused on its way
    // in.
    if (claims.numericSubject)
        appendJsonInteger(json, claims.subject.value().toLongLong());
    else
        appendJsonText(json, claims.subject.value());
    const auto append = [&json](const char *name, const QByteArray &text) {
        if (text.isEmpty())
            return;
        json.append(",\"").append(name).append("\":");
        appendJsonText(json, text);
    };
    if (claims.room)
        append("room", claims.room->value());
    append("name", claims.name);
    append("avatar", claims.avatar);
    append("device", claims.device);
    append("deviceType", claims.deviceType);
    append("role", claims.role);
    append("region", claims.region);
    append("jti", claims.id);
    append("iss", rules.issuer);
    append("aud", rules.audience);
    if (!claims.groups.isEmpty()) {
        json += ",\"groups\":[";
        for (const QByteArray &group : claims.groups) {
            appendJsonText(json, group);
            json += ',';
        }
        json.back() = ']';
    }
    json += ",\"iat\":";
    appendJsonInteger(json, rules.nowMs / 1000);
    if (claims.expiresAtMs != 0) {
        json += ",\"exp\":";
        appendJsonInteger(json, (claims.expiresAtMs + 999) / 1000);
    }
    return json + '}';
}

} // namespace Rollcall
