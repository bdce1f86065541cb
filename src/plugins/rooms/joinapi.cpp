// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/rooms/joinapi.h"

#include "core/auth/randomsecret.h"
#include "core/protocol/jsontext.h"
#include "core/services/presenceservice.h"
#include "core/services/tokenservice.h"
#include "core/services/upgradeservice.h"
#include "plugins/rooms/directory.h"
#include "plugins/rooms/joinrequest.h"
#include "plugins/rooms/matchmaker.h"
#include "plugins/rooms/roomboard.h"

#include <QSet>

namespace Rollcall::Rooms {

namespace {

constexpr const char *kRetryAfterSeconds = "1";
constexpr QByteArrayView kWebSocketPath = "/ws";

} // namespace

/// One call of POST /rooms/join until it is answered.
struct JoinApi::Attempt
{
    HttpResponder responder;
    JoinRequest request;
    QByteArray publicUrl;
    QSet<RoomId> tried = {}; // found full or blocked, while looking for the hottest
    // Of the room that is tried now:
    quint32 number = 0;
    bool isSeated = false;
    bool isHomeKnown = false;
    QByteArray homeUrl = {}; // of the node that holds most of its members; empty: this one
};

JoinApi::JoinApi(HttpService &http, Directory &directory, RoomBoard &board,
                 PresenceService &presence, TokenService &tokens, Clock &clock, Metrics &metrics,
                 QObject *parent)
    : QObject(parent)
    , m_http(http)
    , m_directory(directory)
    , m_board(board)
    , m_presence(presence)
    , m_tokens(tokens)
    , m_clock(clock)
    , m_joins(metrics, "rooms_joins_total", "POST /rooms/join by result", "result")
{
    http.route("POST", "/rooms/join", HttpAccess::User, this,
               [this](const HttpRequest &request, HttpResponder responder) {
                   handle(request, std::move(responder));
               });
    applyConfiguration();
    http.addReadinessCheck("tokens", this, false, [&tokens] {
        return tokens.isReady() ? QString() : QStringLiteral("no secret to sign tokens with yet");
    });
}

void JoinApi::applyConfiguration()
{
    m_http.limitRate("POST", "/rooms/join", m_directory.config().joinRate);
}

void JoinApi::handle(const HttpRequest &request, HttpResponder responder)
{
    auto parsed = JoinRequest::parse(request);
    // Shared by the callbacks of one join, of which only one runs: a std::function must be
    // copyable.
    const auto attempt =
        std::make_shared<Attempt>(Attempt{.responder = std::move(responder),
                                          .request = parsed ? std::move(*parsed) : JoinRequest(),
                                          .publicUrl = m_http.publicUrl(request)});
    if (m_isDraining)
        fail(*attempt, {ErrorCode::Draining, {}, {}});
    else if (!request.caller && m_tokens.isAuthRequired())
        fail(*attempt, {ErrorCode::Unauthorized, {}, {}});
    else if (!parsed)
        fail(*attempt, parsed.error());
    else if (!m_tokens.isReady())
        fail(*attempt, {ErrorCode::Unavailable, QStringLiteral("no secret to sign with yet"), {}});
    else if (attempt->request.room)
        tryRoom(attempt, *attempt->request.room);
    else
        tryHottest(attempt);
}

void JoinApi::tryHottest(const std::shared_ptr<Attempt> &attempt)
{
    const JoinRequest &request = attempt->request;
    Matchmaker::Wish wish{request.region, request.theme, [this, &attempt](const RoomId &room) {
                              return attempt->tried.contains(room)
                                  || m_directory.isBlocked(room, attempt->request.claims.subject);
                          }};
    const Matchmaker::Choice choice = Matchmaker::hottest(m_board.rooms(), wish);
    if (!choice.room || attempt->tried.size() >= m_directory.config().joinAttempts) {
        fail(*attempt, {ErrorCode::NoRoom, {}, {}});
        return;
    }
    tryRoom(attempt, RoomId(choice.room->definition.id));
}

void JoinApi::findHome(const std::shared_ptr<Attempt> &attempt, const RoomId &room)
{
    attempt->homeUrl.clear();
    attempt->isHomeKnown = !m_directory.config().hasAffinity;
    if (attempt->isHomeKnown)
        return;
    m_presence.findHome(room, this,
                        [this, attempt, room, number = ++attempt->number](const OpenNode *home) {
                            if (attempt->number != number)
                                return; // another room is tried by now
                            attempt->isHomeKnown = true;
                            if (home)
                                attempt->homeUrl = home->publicUrl;
                            if (attempt->isSeated)
                                succeed(*attempt, room);
                        });
}

void JoinApi::tryRoom(const std::shared_ptr<Attempt> &attempt, const RoomId &room)
{
    AdmissionRequest admission;
    admission.room = room;
    admission.user = attempt->request.claims.subject;
    attempt->isSeated = false;
    // Both questions go out together: one round trip to Redis, if they take one at all.
    findHome(attempt, room);
    m_directory.reserve(admission, this, [this, attempt, room](const Result<void> &result) {
        if (result) {
            attempt->isSeated = true;
            if (attempt->isHomeKnown)
                succeed(*attempt, room);
            return;
        }
        const ErrorCode code = result.error().code;
        const bool isRoomsFault = code == ErrorCode::RoomFull || code == ErrorCode::Blocked
            || code == ErrorCode::RoomNotFound;
        if (!attempt->request.room && isRoomsFault) {
            attempt->tried.insert(room);
            tryHottest(attempt);
        } else {
            fail(*attempt, result.error());
        }
    });
}

void JoinApi::succeed(Attempt &attempt, const RoomId &room)
{
    TokenClaims claims = attempt.request.claims;
    if (attempt.homeUrl.isEmpty() && m_presence.isDraining()) {
        m_directory.release(room, claims.subject);
        fail(attempt, {ErrorCode::Draining, {}, {}});
        return;
    }
    claims.room = room;
    claims.id = randomId();
    const auto lifetime = m_directory.config().tokenLifetime;
    const auto token = m_tokens.issue(claims, lifetime);
    if (!token) {
        m_directory.release(room, claims.subject);
        fail(attempt, token.error());
        return;
    }
    const qint64 nowMs = m_clock.wallMs();
    m_joins.count("ok");
    const QByteArray &url = attempt.homeUrl.isEmpty() ? attempt.publicUrl : attempt.homeUrl;
    // Written by hand: after an outage everybody asks at once.
    HttpResponse response;
    QByteArray &body = response.body;
    body.reserve(512 + token->size());
    body += "{\"roomId\":";
    appendJsonText(body, room.value());
    body += ",\"realtimeToken\":";
    appendJsonText(body, *token);
    body += ",\"voiceToken\":null,\"wsUrl\":";
    appendJsonText(body, webSocketUrl(url, kWebSocketPath));
    body += ",\"voiceUrl\":null,\"serverTimeMs\":";
    appendJsonInteger(body, nowMs);
    body += ",\"expiresAtMs\":";
    appendJsonInteger(body, qint64(nowMs + lifetime.count()));
    body += ",\"occupancy\":";
    appendJsonInteger(body, qint64(m_presence.occupancy(room)));
    body += '}';
    attempt.responder.send(std::move(response));
}

void JoinApi::fail(Attempt &attempt, const Error &error)
{
    const ErrorCodeInfo &info = errorCodeInfo(error.code);
    m_joins.count({info.name.data(), size_t(info.name.size())});
    HttpResponse response = HttpResponse::problem(error);
    if (response.status == 503)
        response.headers.emplaceBack("Retry-After", kRetryAfterSeconds);
    attempt.responder.send(std::move(response));
}

} // namespace Rollcall::Rooms
