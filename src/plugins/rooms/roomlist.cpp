// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/rooms/roomlist.h"

#include "core/auth/randomsecret.h"
#include "core/protocol/jsontext.h"
#include "core/services/presenceservice.h"
#include "plugins/rooms/roomboard.h"
#include "plugins/rooms/roomdefinitionjson.h"
#include "plugins/rooms/roomjson.h"

#include <algorithm>

namespace Rollcall::Rooms {

namespace {

constexpr qsizetype kMaxCachedBytes = 8
    << 20; // of all queries together; beyond it the cache begins anew

bool isSame(const RoomStatus &a, const RoomStatus &b)
{
    return a.users == b.users && a.connections == b.connections && a.reserved == b.reserved
        && a.stubOccupancy == b.stubOccupancy && isSameRoom(a.definition, b.definition);
}

bool isSame(const std::vector<RoomStatus> &a, const std::vector<RoomStatus> &b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](const RoomStatus &x, const RoomStatus &y) { return isSame(x, y); });
}

/// If-None-Match: a list of tags, weak ones too, or "*" (RFC 9110 13.1.2).
bool matches(const QByteArray &ifNoneMatch, const QByteArray &tag)
{
    for (QByteArray candidate : ifNoneMatch.split(',')) {
        candidate = candidate.trimmed();
        if (candidate.startsWith("W/"))
            candidate.remove(0, 2);
        if (candidate == tag || candidate == "*")
            return true;
    }
    return false;
}

} // namespace

RoomList::RoomList(RoomBoard &board, PresenceService &presence, Clock &clock, Metrics &metrics)
    : m_board(board)
    , m_presence(presence)
    , m_clock(clock)
    , m_renders(metrics.counter("rooms_list_renders_total", "Room lists made into JSON"))
    , m_answers(
          metrics.counter("rooms_list_answers_total", "GET /rooms answered", {{"status", "200"}}))
    , m_notModified(
          metrics.counter("rooms_list_answers_total", "GET /rooms answered", {{"status", "304"}}))
    , m_run(randomId(6))
{ }

HttpHeaders RoomList::freshnessHeaders() const
{
    const bool isStale = !m_presence.isFresh();
    const qint64 age =
        isStale ? std::max<qint64>(0, (m_clock.wallMs() - m_presence.asOfMs()) / 1000) : 0;
    return {{"Age", QByteArray::number(age)}, {"X-Rollcall-Stale", isStale ? "true" : "false"}};
}

void RoomList::look()
{
    const auto now = m_clock.now();
    if (m_lookedAt && now - *m_lookedAt < m_interval)
        return;
    m_lookedAt = now;
    m_board.refresh();
    const std::vector<RoomStatus> &rooms = m_board.rooms();
    const std::vector<RoomStatus> &others = m_board.others();
    const bool isStale = !m_presence.isFresh();
    if (m_revision > 0 && isStale == m_isStale && isSame(rooms, m_rooms)
        && isSame(others, m_others))
        return;
    m_rooms = rooms;
    m_others = others;
    m_isStale = isStale;
    m_changedAtMs = m_clock.wallMs();
    ++m_revision;
    m_bodies.clear();
    m_cachedBytes = 0;
}

HttpResponse RoomList::answer(const RoomQuery &query, const QByteArray &ifNoneMatch)
{
    look();
    HttpResponse response;
    const QByteArray tag = '"' + m_run + '-' + QByteArray::number(m_revision) + '"';
    response.headers = freshnessHeaders();
    response.headers.emplaceBack("ETag", tag);
    response.headers.emplaceBack("Cache-Control", "no-cache");
    if (matches(ifNoneMatch, tag)) {
        m_notModified.Increment();
        response.status = 304;
        return response;
    }
    m_answers.Increment();
    const QByteArray key = query.cacheKey();
    if (const auto cached = m_bodies.constFind(key); cached != m_bodies.cend()) {
        response.body = *cached;
        return response;
    }
    response.body = render(query);
    m_renders.Increment();
    if (m_cachedBytes + response.body.size() > kMaxCachedBytes) {
        m_bodies.clear();
        m_cachedBytes = 0;
    }
    m_cachedBytes += response.body.size();
    m_bodies.insert(key, response.body);
    return response;
}

QByteArray RoomList::render(const RoomQuery &query) const
{
    const RoomQuery::Page page = query.apply(query.kind == RoomKind::Room ? m_rooms : m_others);
    QByteArray out;
    out.reserve(128 + qsizetype(page.rooms.size()) * 256);
    out += R"({"rooms":[)";
    for (const RoomStatus *room : page.rooms) {
        out += room == page.rooms.front() ? "{" : ",{";
        appendRoomMembers(out, *room);
        out += '}';
    }
    out += R"(],"nextCursor":)";
    if (page.nextCursor.isEmpty())
        out += "null";
    else
        appendJsonText(out, page.nextCursor);
    out += m_isStale ? R"(,"stale":true,"asOfMs":)" : R"(,"stale":false,"asOfMs":)";
    appendJsonInteger(out, m_changedAtMs);
    out += '}';
    return out;
}

} // namespace Rollcall::Rooms
