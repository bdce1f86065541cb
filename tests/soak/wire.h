// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

/// The rooms dialect as the soak's clients speak it. Users and rooms are numbers here ("u17",
/// "r3"), a chat's text begins with its number, and a movement says in its coordinates who sent it
/// from where: x is its seq, z its room.
namespace Rollcall::Soak {

constexpr int kNobody = -1;

/// A movement, or a member's place in a list.
struct Place
{
    int user = kNobody;
    std::int64_t sequence = 0; ///< 0: has not moved
    int room = kNobody; ///< that it was sent from
};

struct Departure
{
    int user = kNobody;
    bool isLost = false; ///< else: left
};

enum class Kind {
    RoomState,
    Joined,
    Left,
    Updated,
    Mode,
    Delta,
    Count,
    Movement,
    Chat,
    HeartbeatAck,
    Refused, ///< error, auth_error, rate_limited
    Other
};

enum class Mode { Full, Delta, Count };

/// A message of the server. Only what its kind has is set.
struct Received
{
    Kind kind = Kind::Other;
    int room = kNobody;
    int user = kNobody;
    Mode mode = Mode::Full;
    int occupancy = 0;
    std::int64_t number = 0; ///< of a chat or heartbeat
    bool isBatch = false;
    std::vector<Place>
        places; ///< RoomState: the members; Joined, Movement; Delta: joined and updated
    std::vector<Departure> departures; ///< Left, Delta
    std::string text; ///< Refused: all of it
};

class Decoder
{
public:
    /// `text` is followed by SIMDJSON_PADDING readable bytes. The result is valid until the next
    /// call. Null: it is not JSON, or not what the protocol says.
    const Received *decode(std::string_view text);

private:
    bool read(std::string_view type, simdjson::dom::element payload);

    simdjson::dom::parser m_parser;
    Received m_received;
};

/// The users in the answer to GET /rooms/{id}.
std::set<int> membersIn(const std::string &answer);

std::string userName(int user);
std::string roomName(int room);

std::string joinMessage(int room, int user, bool isBatch);
std::string leaveMessage(int room);
std::string heartbeatMessage(int room, std::int64_t number);
std::string chatMessage(int room, std::int64_t number, int padding);
std::string movementMessage(int room, std::int64_t sequence);

} // namespace Rollcall::Soak
