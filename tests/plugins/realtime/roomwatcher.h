// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gatewayfixture.h"

#include <map>

namespace Rollcall::Realtime {

/// A client that keeps the list of a room's members from the room's events, as docs/protocol.md
/// tells clients to.
class RoomWatcher
{
public:
    using Members = std::map<QString, QString>; ///< user id -> name and state

    RoomWatcher(std::unique_ptr<FakeClient> connected, QString user)
        : client(std::move(connected))
        , m_user(std::move(user))
    { }

    std::unique_ptr<FakeClient> client;
    Members members;
    QString mode;
    int occupancy = 0;
    int departures = 0; ///< of users that were in the list
    int arrivals = 0; ///< of users that were not in the list
    QStringList types; ///< of all events so far

    void read()
    {
        for (const QJsonObject &event : client->takeEvents()) {
            types.append(event["t"].toString());
            apply(types.last(), event["payload"].toObject());
        }
    }
    int count(const QString &type) const { return int(types.count(type)); }

    /// What everybody ought to see.
    static Members expected(const RoomSnapshot &snapshot)
    {
        Members members;
        for (const Member &member : snapshot.members)
            members[member.user.value()] =
                member.displayName + '/' + memberStateName(member.state).toByteArray();
        return members;
    }
    bool isRight(const RoomSnapshot &snapshot) const
    {
        if (mode == QLatin1String("count"))
            return occupancy == snapshot.users && members.size() == 1 && members.contains(m_user);
        return members == expected(snapshot);
    }

private:
    void put(const QJsonValue &member)
    {
        const auto [entry, isNew] = members.insert_or_assign(member["userId"].toString(),
                                                             member["displayName"].toString() + '/'
                                                                 + member["state"].toString());
        arrivals += isNew;
    }
    void remove(const QJsonValue &member)
    {
        departures += int(members.erase(member["userId"].toString()));
    }
    void apply(const QString &type, const QJsonObject &payload)
    {
        if (payload.contains("occupancy"))
            occupancy = payload["occupancy"].toInt();
        if (payload.contains("mode"))
            mode = payload["mode"].toString();
        if (type == QLatin1String("room_state")) {
            members.clear();
            for (const QJsonValue &member : payload["members"].toArray())
                put(member);
        } else if (type == QLatin1String("member_joined")) {
            put(payload["member"]);
        } else if (type == QLatin1String("member_updated")) {
            if (members.contains(payload["userId"].toString()))
                put(payload);
        } else if (type == QLatin1String("member_left")) {
            remove(payload);
        } else if (type == QLatin1String("presence_delta")) {
            for (const QJsonValue &member : payload["joined"].toArray())
                put(member);
            for (const QJsonValue &member : payload["updated"].toArray())
                put(member);
            for (const QJsonValue &member : payload["left"].toArray())
                remove(member);
        } else if (type == QLatin1String("presence_mode") && mode == QLatin1String("count")) {
            std::erase_if(members, [this](const auto &entry) { return entry.first != m_user; });
        }
    }

    QString m_user;
};

} // namespace Rollcall::Realtime
