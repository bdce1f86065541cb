// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "presencemodel.h"

#include "core/redis/rediskeys.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace Rollcall::Presence {

namespace {

// One script: everything is seen at the same moment.
constexpr char kDump[] = R"(
local all = {}
for _, key in ipairs(redis.call('KEYS', '*')) do
  local kind = redis.call('TYPE', key).ok
  local content
  if kind == 'set' then content = redis.call('SMEMBERS', key)
  elseif kind == 'zset' then content = redis.call('ZRANGE', key, 0, -1, 'WITHSCORES')
  elseif kind == 'hash' then content = redis.call('HGETALL', key)
  else content = {redis.call('GET', key)} end
  all[#all + 1] = {key, redis.call('PTTL', key), content}
end
return all
)";

QByteArray userPart(const QByteArray &user)
{
    const QByteArray name = memberName(UserId(user));
    return name.startsWith("user:") ? name.sliced(5) : name;
}

QByteArray oneSided(const PresenceModel::Names &found, const PresenceModel::Names &expected)
{
    QByteArray text;
    for (const QByteArray &name : found)
        text += expected.contains(name) ? QByteArray() : ": has " + name;
    for (const QByteArray &name : expected)
        text += found.contains(name) ? QByteArray() : ": lacks " + name;
    return text;
}

} // namespace

/// By key; what is not in here must not be there.
struct PresenceModel::Expected
{
    std::map<QByteArray, Names> sets;
    std::map<QByteArray, Names> seatFields; // of users' hashes
    std::map<QByteArray, std::pair<QByteArray, QByteArray>>
        members; // the user, and their state where one node alone knows it
    std::map<QByteArray, QByteArray> counts; // rooms:occupancy
    Names online; // members' names
    Names nodes;
};

void PresenceModel::remove(int node, const SeatKey &seat, quint64 connection)
{
    const auto it = of(node).find(seat);
    if (it == of(node).end())
        return;
    it->second.erase(connection);
    if (it->second.empty())
        of(node).erase(it);
}

size_t PresenceModel::connectionCount() const
{
    size_t count = 0;
    for (const Seats &seats : m_seats) {
        for (const auto &[key, connections] : seats)
            count += connections.size();
    }
    return count;
}

std::map<QByteArray, PresenceModel::Names> PresenceModel::rooms() const
{
    std::map<QByteArray, Names> rooms;
    for (const Seats &seats : m_seats) {
        for (const auto &[key, connections] : seats)
            rooms[key.room].insert(key.user);
    }
    return rooms;
}

PresenceModel::Names PresenceModel::users() const
{
    Names users;
    for (const Seats &seats : m_seats) {
        for (const auto &[key, connections] : seats)
            users.insert(key.user);
    }
    return users;
}

PresenceModel::Names PresenceModel::heldBy(int node, const QByteArray &room) const
{
    Names users;
    for (auto it = of(node).lower_bound({room, {}}); it != of(node).end() && it->first.room == room;
         ++it)
        users.insert(it->first.user);
    return users;
}

int PresenceModel::holders(const SeatKey &seat) const
{
    return int(std::ranges::count_if(m_seats,
                                     [&seat](const Seats &seats) { return seats.contains(seat); }));
}

MemberState PresenceModel::stateOf(const Connections &connections)
{
    const bool isActive = std::ranges::any_of(
        connections, [](const auto &entry) { return entry.second == MemberState::Active; });
    return isActive ? MemberState::Active : MemberState::Away;
}

PresenceModel::Expected PresenceModel::expected() const
{
    Expected expected;
    for (size_t node = 0; node < kNodes; ++node) {
        const QByteArray &name = m_names[node];
        if (!name.isEmpty())
            expected.nodes.insert(name);
        for (const auto &[seat, connections] : m_seats[node]) {
            const QByteArray room = encodeKeyPart(seat.room);
            const QByteArray member = memberName(UserId(seat.user));
            expected.sets["presence:page:" + room].insert(member);
            expected.sets["room:" + room + ":nodes"].insert(name);
            expected.sets["room:" + room + ":node:" + name].insert(member);
            expected.sets["presence:node:" + name + ":rooms"].insert(seat.room);
            expected.seatFields["presence:" + member].insert("at:" + name + ':' + seat.room);
            expected.online.insert(member);
            const bool isAlone = holders(seat) == 1;
            expected.members["room:" + room + ":user:" + userPart(seat.user)] = {
                seat.user,
                isAlone ? memberStateName(stateOf(connections)).toByteArray() : QByteArray()};
        }
    }
    for (const auto &[room, users] : rooms())
        expected.counts[room] = QByteArray::number(users.size());
    return expected;
}

QByteArray PresenceModel::differenceIn(TestRedis &redis, qint64 now,
                                       std::chrono::milliseconds ttl) const
{
    const RedisReply dump = redis.command({"EVAL", kDump, "0"});
    if (!dump.isArray())
        return "Redis does not answer: " + dump.text;
    Expected expected = this->expected();
    Names online = expected.online;
    Names deadlines = expected.online;
    for (const RedisReply &entry : dump.elements) {
        const QByteArray key = entry.elements[0].text;
        const qint64 life = entry.elements[1].integer;
        Names names;
        std::map<QByteArray, QByteArray> pairs;
        const std::vector<RedisReply> &content = entry.elements[2].elements;
        for (size_t i = 0; i < content.size(); ++i) {
            names.insert(content[i].text);
            if (i % 2 == 0 && i + 1 < content.size())
                pairs[content[i].text] = content[i + 1].text;
        }
        if (key == "presence:reaper" || key.startsWith("rollcall:"))
            continue;
        if (key == "rooms:occupancy") {
            if (std::exchange(expected.counts, {}) != pairs)
                return key;
        } else if (key == "presence:nodes") {
            for (const auto &[name, until] : pairs) {
                if (expected.nodes.erase(name) == 0)
                    return key + " has " + name;
            }
        } else if (key == "presence:online" || key == "presence:deadlines") {
            const bool isDeadlines = key == "presence:deadlines";
            for (const auto &[name, score] : pairs) {
                if ((isDeadlines ? deadlines : online).erase(name) == 0)
                    return key + " has " + name;
                const double at = score.toDouble();
                if (isDeadlines && (at < double(now) || at > double(now + ttl.count() + 10'000)))
                    return key + ' ' + name + " at " + score;
            }
        } else if (const auto set = expected.sets.find(key); set != expected.sets.end()) {
            if (set->second != names)
                return key;
            expected.sets.erase(set);
        } else if (const auto member = expected.members.find(key);
                   member != expected.members.end()) {
            const QJsonObject json = QJsonDocument::fromJson(content.front().text).object();
            const auto &[user, state] = member->second;
            if (json.value(QLatin1String("userId")).toString().toUtf8() != user || life < 0)
                return key;
            if (!state.isEmpty() && json.value(QLatin1String("state")).toString().toUtf8() != state)
                return key + " is not " + state;
            expected.members.erase(member);
        } else if (const auto fields = expected.seatFields.find(key);
                   fields != expected.seatFields.end()) {
            Names seats;
            for (const auto &[name, value] : pairs) {
                if (!name.startsWith("at:"))
                    continue;
                seats.insert(name);
                if (value.contains("grace")) // who is lost is not in the model any more
                    return key + ' ' + name + " is in grace";
            }
            if (fields->second != seats)
                return key;
            if (life <= 0 || life > ttl.count() + 10'000)
                return key + " lives " + QByteArray::number(life);
            expected.seatFields.erase(fields);
        } else if (key.startsWith("presence:meta:")) {
            const QByteArray part = key.sliced(14);
            const bool isOnline =
                expected.online.contains(part.startsWith("anon:") ? part : "user:" + part);
            if (isOnline ? life != -1 || pairs["status"] == "offline"
                         : life < 0 || pairs["status"] != "offline")
                return key + ' ' + pairs["status"] + ' ' + QByteArray::number(life);
        } else if (!(key.startsWith("presence:node:")
                     && std::ranges::find(m_names, key.sliced(14)) != m_names.end())) {
            return "a ghost: " + key;
        }
    }
    if (!expected.counts.empty())
        return "no rooms:occupancy";
    for (const auto &[key, content] : expected.sets)
        return "no " + key;
    for (const auto &[key, content] : expected.members)
        return "no " + key;
    for (const auto &[key, content] : expected.seatFields)
        return "no " + key;
    for (const QByteArray &name : online)
        return "presence:online lacks " + name;
    for (const QByteArray &name : deadlines)
        return "presence:deadlines lacks " + name;
    for (const QByteArray &name : expected.nodes)
        return "presence:nodes lacks " + name;
    return {};
}

QByteArray PresenceModel::differenceOn(int node, const PresenceService &presence,
                                       const std::map<QByteArray, Names> &announced,
                                       const Names &online) const
{
    const QByteArray where = " on node " + QByteArray::number(node);
    if (!presence.isFresh())
        return "not fresh" + where;
    std::map<QByteArray, int> counts;
    for (const RoomOccupancy &room : presence.occupancies())
        counts[room.room.value()] = room.users;
    for (const auto &[room, users] : rooms()) {
        if (counts[room] != int(users.size()))
            return "count of " + room + where;
        counts.erase(room);
        if (heldBy(node, room).empty())
            continue;
        Names members;
        for (const Member &member : presence.snapshot(RoomId(room)).members) {
            members.insert(member.user.value());
            const SeatKey seat{room, member.user.value()};
            for (int each = 0; each < kNodes && holders(seat) == 1; ++each) {
                const auto held = of(each).find(seat);
                if (held != of(each).end() && stateOf(held->second) != member.state)
                    return "state of " + seat.user + " in " + room + where;
            }
        }
        if (members != users)
            return "members of " + room + where + oneSided(members, users);
        const auto told = announced.find(room);
        const Names shown = told == announced.end() ? Names() : told->second;
        if (shown != users)
            return "announced members of " + room + where + oneSided(shown, users);
    }
    for (const auto &[room, users] : counts) {
        if (users != 0)
            return "ghosts in " + room + where;
    }
    if (online != users())
        return "online" + where + oneSided(online, users());
    return {};
}

} // namespace Rollcall::Presence
