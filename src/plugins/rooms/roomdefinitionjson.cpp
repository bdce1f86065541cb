// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/rooms/roomdefinitionjson.h"

#include "core/protocol/wireid.h"

#include <cmath>

namespace Rollcall::Rooms {

namespace {

constexpr qsizetype kMaxLabelBytes = 64; // theme and region

QString textOf(const QByteArray &utf8) { return QString::fromUtf8(utf8); }

/// Reads members that are present and collects what is wrong with them.
class Reader
{
public:
    Reader(const QJsonObject &json, QStringList &problems)
        : m_json(json)
        , m_problems(problems)
    { }

    void text(const char *key, QByteArray &value, bool (*isValid)(QByteArrayView))
    {
        const QJsonValue found = m_json.value(QLatin1String(key));
        if (found.isUndefined())
            return;
        const QByteArray text = found.toString().toUtf8();
        if (found.isString() && isValid(text))
            value = text;
        else
            fail(key, "is not a text that can be used here");
    }
    void boolean(const char *key, bool &value)
    {
        const QJsonValue found = m_json.value(QLatin1String(key));
        if (found.isBool())
            value = found.toBool();
        else if (!found.isUndefined())
            fail(key, "must be true or false");
    }
    void integer(const char *key, int &value, int max)
    {
        const QJsonValue found = m_json.value(QLatin1String(key));
        if (found.isUndefined())
            return;
        const double number = found.toDouble(-1);
        if (number >= 0 && number <= max && std::trunc(number) == number)
            value = int(number);
        else
            m_problems.append(QStringLiteral("%1 must be a whole number from 0 to %2")
                                  .arg(QLatin1String(key))
                                  .arg(max));
    }
    void fail(const char *key, const char *why)
    {
        m_problems.append(QLatin1String(key) + QLatin1Char(' ') + QLatin1String(why));
    }

private:
    const QJsonObject &m_json;
    QStringList &m_problems;
};

bool isLabel(QByteArrayView text) { return text.isEmpty() || isValidId(text, kMaxLabelBytes); }

} // namespace

bool isValidRoomId(QByteArrayView id)
{
    return isValidId(id) && id != "hottest" && id != "join" && id != "*";
}

bool isSameRoom(const RoomDefinition &a, const RoomDefinition &b)
{
    return a.id == b.id && a.name == b.name && a.theme == b.theme && a.region == b.region
        && a.kind == b.kind && a.isPrivate == b.isPrivate && a.capacity == b.capacity;
}

RoomDefinition roomFromJson(const QJsonObject &json, const RoomDefinition &base, bool isStrict,
                            QStringList &problems)
{
    static const QStringList kKnown{QStringLiteral("id"),       QStringLiteral("name"),
                                    QStringLiteral("theme"),    QStringLiteral("region"),
                                    QStringLiteral("capacity"), QStringLiteral("isPrivate"),
                                    QStringLiteral("private"),  QStringLiteral("stubOccupancy")};
    RoomDefinition room = base;
    Reader reader(json, problems);
    QByteArray id = room.id.value();
    reader.text("id", id, isValidRoomId);
    room.id = RoomId(id);
    reader.text("name", room.name, isValidDisplayName);
    reader.text("theme", room.theme, isLabel);
    reader.text("region", room.region, isLabel);
    reader.integer("capacity", room.capacity, kMaxCapacity);
    reader.boolean("private", room.isPrivate);
    reader.boolean("isPrivate", room.isPrivate);
    if (isStrict) {
        for (const QString &key : json.keys()) {
            if (!kKnown.contains(key))
                problems.append(QStringLiteral("unknown member '%1'").arg(key));
        }
    }
    if (room.name.isEmpty())
        room.name = room.id.value();
    return room;
}

QJsonObject roomToJson(const RoomDefinition &room)
{
    return {{QStringLiteral("name"), textOf(room.name)},
            {QStringLiteral("theme"), textOf(room.theme)},
            {QStringLiteral("region"), textOf(room.region)},
            {QStringLiteral("isPrivate"), room.isPrivate},
            {QStringLiteral("capacity"), room.capacity}};
}

} // namespace Rollcall::Rooms
