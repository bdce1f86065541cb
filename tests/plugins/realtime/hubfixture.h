// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/manualclock.h"
#include "networkrecipient.h"
#include "plugins/realtime/hub.h"
#include "plugins/realtime/roomsdialect.h"

#include <memory>
#include <vector>

namespace Rollcall::Realtime {

/// A hub and people with networks, on a clock of its own or on a shared one.
struct HubFixture
{
    Metrics metrics;
    RealtimeMetrics counts{metrics};
    ManualClock own;
    ManualClock &clock;
    RealtimeConfig config;
    RoomsDialect codec{ClientLimits()};
    std::vector<std::unique_ptr<NetworkRecipient>> people;
    Hub hub{clock, config, counts};

    HubFixture()
        : clock(own)
    { }
    explicit HubFixture(ManualClock &shared)
        : clock(shared)
    { }

    NetworkRecipient &make()
    {
        people.push_back(std::make_unique<NetworkRecipient>(people.size() + 1, codec));
        return *people.back();
    }
    NetworkRecipient &enter(const char *room = "r")
    {
        NetworkRecipient &person = make();
        hub.enter(RoomId(room), person, false);
        return person;
    }
    void chat(const char *text, const char *room = "r")
    {
        hub.broadcast(RoomId(room), ChatEvent{room, "a", text, "m"});
    }
    void move(const char *user, double x, quint64 origin = 0, const char *room = "r")
    {
        hub.move(RoomId(room), UserId(user), Transform{.x = x}, ConnectionId(origin));
    }
    void tell(Recipient &one, const char *text) { hub.send(one, ChatEvent{"-", "a", text, "m"}); }
    void endTurn()
    {
        Rollcall::endTurn();
        for (const auto &person : people)
            person->flush();
    }
};

} // namespace Rollcall::Realtime
