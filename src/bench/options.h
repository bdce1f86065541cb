// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "bench/target.h"

#include <string>
#include <vector>

namespace Rollcall::Bench {

/// What the command line asks for. commandline.cpp has the defaults' help texts.
struct Options
{
    enum class Message { Movement, Chat };

    std::string scenario; ///< fanout, idle, storm, heartbeat, churn, reconnect; serve-limit
    std::vector<Target> targets; ///< connections are spread over them

    int connections = 100;
    int rooms = 0; ///< rooms that talk; 0: all
    int roomSize = 10;
    int senders = 0; ///< of a room; 0: all
    int window = 1; ///< messages in flight per sender; 0: --rate
    double rate = 0; ///< messages (churn: joins) per second, all together
    Message message = Message::Movement;
    bool isBatch = false;
    double warmup = 2;
    double seconds = 10;
    double heartbeat = 20; ///< 0: none
    double patience = 30; ///< s for a connection to be ready
    int atOnce = 100;
    int sourceAddresses = 1;
    bool isBare = false; ///< storm: the handshake only
    bool reconnects = false;
    bool asksForTokens = false;
    std::string secret;
    std::string prefix = "bench-";
    int pid = 0;
    int port = 9090; ///< serve-limit
    bool isJson = false;
    bool isQuiet = false;

    int talkingRooms() const;
    int talkingConnections() const { return talkingRooms() * roomSize; }
    int sendersPerRoom() const { return senders > 0 ? senders : roomSize; }
};

} // namespace Rollcall::Bench
