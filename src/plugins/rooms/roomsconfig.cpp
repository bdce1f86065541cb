// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/rooms/roomsconfig.h"

#include "core/base/configuration.h"
#include "plugins/rooms/roomdefinitionjson.h"

#include <QJsonArray>
#include <QSet>

#include <cmath>

using namespace std::chrono_literals;

namespace Rollcall::Rooms {

namespace {

std::vector<ConfiguredRoom> readRooms(ConfigurationReader &reader, const RoomsConfig &config)
{
    std::vector<ConfiguredRoom> rooms;
    QSet<RoomId> ids;
    const QJsonArray tables = reader.tables("room", OnReload::Applied,
                                            "The rooms there are: id, name, theme, region, "
                                            "capacity (0: unlimited), private, stubOccupancy");
    for (qsizetype i = 0; i < tables.size(); ++i) {
        const QJsonObject table = tables[i].toObject();
        QStringList problems;
        RoomDefinition base;
        base.capacity = config.defaultCapacity;
        ConfiguredRoom room{roomFromJson(table, base, true, problems), {}};
        if (room.definition.id.isNull() && problems.isEmpty())
            problems.append(QStringLiteral("id is missing"));
        if (const QJsonValue stub = table.value(QLatin1String("stubOccupancy"));
            !stub.isUndefined()) {
            const double number = stub.toDouble(-1);
            if (number >= 0 && number <= kMaxCapacity && std::trunc(number) == number)
                room.stubOccupancy = int(number);
            else
                problems.append(QStringLiteral("stubOccupancy must be a whole number from 0"));
        }
        if (ids.contains(room.definition.id))
            problems.append(QStringLiteral("the id is taken by a room above"));
        const QString id = QString::fromUtf8(room.definition.id.value());
        for (const QString &problem : problems)
            reader.addError("room", QStringLiteral("room %1 (%2): %3").arg(i + 1).arg(id, problem));
        if (problems.isEmpty()) {
            ids.insert(room.definition.id);
            rooms.push_back(std::move(room));
        }
    }
    if (qsizetype(rooms.size()) > config.maxRooms)
        reader.addError("room", QStringLiteral("more rooms than rooms.maxRooms"));
    return rooms;
}

} // namespace

RoomsConfig RoomsConfig::read(Configuration &configuration)
{
    RoomsConfig config;
    ConfigurationReader rooms(configuration, "rooms");
    config.autoCreate =
        rooms.boolean("autoCreate",
                      {.onReload = OnReload::Applied,
                       .help = "Joining a room that does not exist makes it, until it "
                               "is empty again"});
    config.defaultCapacity = int(rooms.integer(
        "defaultCapacity",
        {.fallback = 50,
         .max = kMaxCapacity,
         .onReload = OnReload::Applied,
         .help = "Distinct users in a room that does not say its own capacity; 0: unlimited"}));
    config.maxRooms = int(rooms.integer(
        "maxRooms",
        {.fallback = 10'000,
         .min = 1,
         .max = 1'000'000,
         .onReload = OnReload::Applied,
         .help = "Most rooms of all kinds of origin: configured, made by operators, automatic"}));
    config.reservationTtl =
        rooms.duration("reservationTtl",
                       {.fallback = 15s,
                        .min = 1s,
                        .max = 10min,
                        .onReload = OnReload::Applied,
                        .help = "How long POST /rooms/join holds a seat until join_room"});
    config.tokenLifetime = rooms.duration(
        "tokenLifetime",
        {.fallback = 60s,
         .min = 1s,
         .max = 24h,
         .onReload = OnReload::Applied,
         .help = "How long a realtimeToken can be presented; the session it opens lives on"});
    config.renderInterval =
        rooms.duration("renderInterval",
                       {.fallback = 100ms,
                        .min = 0ms,
                        .max = 1min,
                        .onReload = OnReload::Applied,
                        .help = "GET /rooms is made anew at most this often, when asked for"});
    config.joinAttempts = int(
        rooms.integer("joinAttempts",
                      {.fallback = 32,
                       .min = 1,
                       .max = 1000,
                       .onReload = OnReload::Applied,
                       .help = "How many rooms a join without roomId tries before it gives up"}));
    config.joinRate.perSecond = rooms.number(
        "joinsPerSecondPerAddress",
        {.fallback = config.joinRate.perSecond,
         .max = 1'000'000,
         .onReload = OnReload::Applied,
         .help =
             "POST /rooms/join of one address (IPv6: one /64; behind a trusted proxy the forwarded "
             "one); more get 429. 0: no limit"});
    config.joinRate.burst = int(
        rooms.integer("joinBurstPerAddress",
                      {.fallback = config.joinRate.burst,
                       .min = 1,
                       .max = 1'000'000,
                       .onReload = OnReload::Applied,
                       .help = "How many of them may come at once: everybody behind one address, "
                               "after an outage, and again"}));
    config.hasAffinity = rooms.boolean(
        "affinity",
        {.fallback = true,
         .onReload = OnReload::Applied,
         .help =
             "POST /rooms/join sends clients to the node that holds most of the room's members, "
             "if that has an edge.publicUrl; false: always to the node that was asked"});
    config.useStubOccupancy = rooms.boolean(
        "stubOccupancy",
        {.onReload = OnReload::Applied,
         .help = "Show the stubOccupancy of rooms that have one instead of the real occupancy",
         .environment = {{"USE_ESTIMATED_OCCUPANCY_STUB"}}});
    config.rooms = readRooms(rooms, config);

    ConfigurationReader client(configuration, "client");
    config.clientProvider =
        client.text("provider",
                    {.fallback = "ws",
                     .choices = {"ws", "sim"},
                     .onReload = OnReload::Applied,
                     .help = "Told to clients in /config.json: ws, or sim for the "
                             "simulation in the browser",
                     .environment = {{"REALTIME_PROVIDER"}}});
    config.clientMock =
        client.boolean("mock",
                       {.onReload = OnReload::Applied,
                        .help = "Told to clients in /config.json: true means provider sim",
                        .environment = {{"USE_MOCK_REALTIME"}}});
    config.clientReconnectInterval = client.duration(
        "reconnectInterval",
        {.fallback = 1s,
         .min = 50ms,
         .max = 10min,
         .onReload = OnReload::Applied,
         .help = "Told to clients in /config.json: the first pause before they reconnect",
         .environment = {{"REALTIME_RECONNECT_INTERVAL_MS", 1ms}}});
    return config;
}

} // namespace Rollcall::Rooms
