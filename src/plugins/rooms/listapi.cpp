// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/rooms/listapi.h"

#include "core/protocol/jsontext.h"
#include "core/services/presenceservice.h"
#include "plugins/rooms/directory.h"
#include "plugins/rooms/matchmaker.h"
#include "plugins/rooms/roomboard.h"
#include "plugins/rooms/roomjson.h"

#include <algorithm>

namespace Rollcall::Rooms {

namespace {

const char *trendOf(const RoomActivity::Minute &minute)
{
    const int difference = minute.joined - minute.left;
    return difference > 0 ? "rising" : difference < 0 ? "falling" : "steady";
}

} // namespace

ListApi::ListApi(HttpService &http, Directory &directory, RoomBoard &board,
                 PresenceService &presence, NodeId node, Clock &clock, Metrics &metrics,
                 QObject *parent)
    : QObject(parent)
    , m_directory(directory)
    , m_board(board)
    , m_presence(presence)
    , m_node(std::move(node))
    , m_activity(clock)
    , m_list(board, presence, clock, metrics)
{
    applyConfiguration();
    const auto route = [&](const QByteArray &pattern,
                           void (ListApi::*handler)(const HttpRequest &, HttpResponder)) {
        http.route("GET", pattern, HttpAccess::All, this,
                   [this, handler](const HttpRequest &request, HttpResponder responder) {
                       (this->*handler)(request, std::move(responder));
                   });
    };
    route("/rooms", &ListApi::handleList);
    route("/rooms/hottest", &ListApi::handleHottest);
    route("/rooms/{id}", &ListApi::handleRoom);
    connect(&presence, &PresenceService::memberJoined, this,
            [this](const RoomId &room) { m_activity.countJoined(room); });
    connect(&presence, &PresenceService::memberLeft, this,
            [this](const RoomId &room) { m_activity.countLeft(room); });
}

void ListApi::applyConfiguration() { m_list.setInterval(m_directory.config().renderInterval); }

void ListApi::setRealtime(RealtimeService *realtime)
{
    m_realtime = realtime;
    if (!realtime)
        return;
    const auto count = [this](const RoomId &room) { m_activity.countMessage(room); };
    connect(realtime, &RealtimeService::chatReceived, this, count);
    connect(realtime, &RealtimeService::transformReceived, this, count);
}

void ListApi::handleList(const HttpRequest &request, HttpResponder responder)
{
    const auto query = RoomQuery::parse(request.query);
    if (query)
        responder.send(m_list.answer(*query, request.header("If-None-Match")));
    else
        responder.send(HttpResponse::problem(query.error()));
}

void ListApi::handleRoom(const HttpRequest &request, HttpResponder responder)
{
    const RoomId id(request.arguments.value(0));
    const auto room = m_board.find(id);
    if (!room) {
        responder.send(HttpResponse::problem(ErrorCode::RoomNotFound));
        return;
    }
    // A std::function must be copyable.
    auto answer = std::make_shared<HttpResponder>(std::move(responder));
    m_presence.fetchSnapshot(id, this,
                             [this, answer, room = *room,
                              isOperator = request.isOperator](const RoomSnapshot &snapshot) {
                                 answer->send(roomResponse(room, snapshot, isOperator));
                             });
}

HttpResponse ListApi::roomResponse(const RoomStatus &room, const RoomSnapshot &snapshot,
                                   bool isOperator) const
{
    const RoomId &id = snapshot.room;
    HttpResponse response;
    response.headers = m_list.freshnessHeaders();
    QByteArray &out = response.body;
    out += '{';
    appendRoomMembers(out, room);
    out += R"(,"kind":)";
    appendJsonText(out, roomKindName(room.definition.kind));
    out += R"(,"members":[)";
    for (const Member &member : snapshot.members) {
        if (&member != &snapshot.members.front())
            out += ',';
        appendMember(out, member);
    }
    out += ']';
    appendHealth(out, id);
    if (isOperator)
        appendConnections(out, id);
    out += snapshot.stale ? R"(,"stale":true,"asOfMs":)" : R"(,"stale":false,"asOfMs":)";
    appendJsonInteger(out, snapshot.asOfMs);
    out += '}';
    return response;
}

void ListApi::appendHealth(QByteArray &out, const RoomId &room) const
{
    const RoomActivity::Minute minute = m_activity.lastMinute(room);
    out += R"(,"health":{"joinsPerMinute":)";
    appendJsonInteger(out, qint64(minute.joined));
    out += R"(,"leavesPerMinute":)";
    appendJsonInteger(out, qint64(minute.left));
    out += R"(,"messagesPerSecond":)";
    if (m_realtime)
        appendJsonNumber(out, minute.messages / 60.0);
    else
        out += "null";
    out += R"(,"trend":)";
    appendJsonText(out, trendOf(minute));
    out += '}';
}

void ListApi::appendConnections(QByteArray &out, const RoomId &room) const
{
    out += R"(,"node":)";
    appendJsonText(out, m_node.value());
    out += R"(,"connectionsHere":[)";
    bool isFirst = true;
    const auto connections = m_realtime ? m_realtime->connections() : std::vector<ConnectionInfo>();
    for (const ConnectionInfo &connection : connections) {
        if (std::find(connection.rooms.begin(), connection.rooms.end(), room)
            == connection.rooms.end())
            continue;
        out += isFirst ? R"({"connectionId":)" : R"(,{"connectionId":)";
        isFirst = false;
        appendJsonInteger(out, connection.id.value());
        out += R"(,"userId":)";
        appendJsonText(out, connection.user.value());
        out += R"(,"dialect":)";
        appendJsonText(out, dialectName(connection.dialect));
        out += R"(,"address":)";
        appendJsonText(out, connection.address.toString().toUtf8());
        out += R"(,"connectedAtMs":)";
        appendJsonInteger(out, connection.connectedAtMs);
        out += '}';
    }
    out += ']';
}

void ListApi::handleHottest(const HttpRequest &request, HttpResponder responder)
{
    Matchmaker::Wish wish;
    wish.region = request.queryValue("region").toUtf8();
    wish.theme = request.queryValue("theme").toUtf8();
    if (request.caller) {
        wish.isExcluded = [this, user = request.caller->subject](const RoomId &room) {
            return m_directory.isBlocked(room, user);
        };
    }
    const Matchmaker::Choice choice = Matchmaker::hottest(m_board.rooms(), wish);
    HttpResponse response;
    if (!choice.room) {
        response = HttpResponse::problem(ErrorCode::NoRoom);
        response.headers.emplaceBack("Retry-After", "1");
        responder.send(std::move(response));
        return;
    }
    response.headers = m_list.freshnessHeaders();
    QByteArray &out = response.body;
    out += R"({"roomId":)";
    appendJsonText(out, choice.room->definition.id.value());
    out += R"(,"rank":1,"candidates":)";
    appendJsonInteger(out, qint64(choice.candidates));
    out += choice.isSameRegion ? R"(,"score":{"sameRegion":true,"occupancy":)"
                               : R"(,"score":{"sameRegion":false,"occupancy":)";
    appendJsonInteger(out, qint64(choice.room->users));
    out += R"(,"freeSeats":)";
    if (choice.room->definition.capacity > 0)
        appendJsonInteger(out, qint64(choice.room->freeSeats()));
    else
        out += "null";
    out += R"(},"room":{)";
    appendRoomMembers(out, *choice.room);
    out += "}}";
    responder.send(std::move(response));
}

} // namespace Rollcall::Rooms
