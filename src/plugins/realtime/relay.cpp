// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/realtime/relay.h"

#include "core/base/clock.h"
#include "core/protocol/jsontext.h"
#include "core/protocol/roomsencoder.h"
#include "core/services/presenceservice.h"
#include "plugins/realtime/hub.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace Rollcall::Realtime {

namespace {

constexpr QByteArrayView kDeviceEntered = "rollcall.device_entered"; // between nodes only

} // namespace

Relay::Relay(PresenceService &presence, Hub &hub, Clock &clock, RealtimeMetrics &metrics)
    : m_presence(presence)
    , m_hub(hub)
    , m_clock(clock)
    , m_metrics(metrics)
{ }

void Relay::send(const RoomId &room, const ServerEvent &event)
{
    if (!m_presence.hasRemoteMembers(room))
        return;
    QByteArray payload;
    appendRoomsFrame(payload, event, m_clock.wallMs());
    m_presence.relay(room, payload);
    ++m_metrics.counts().relayed;
}

void Relay::sendDeviceEntered(const RoomId &room, const DeviceEntry &entry)
{
    QByteArray payload = "{\"userId\":";
    appendJsonText(payload, entry.user.value());
    payload += ",\"deviceId\":";
    appendJsonText(payload, entry.device);
    payload += ",\"node\":";
    appendJsonText(payload, entry.node);
    payload += ",\"atMs\":";
    appendJsonInteger(payload, entry.atMs);
    payload += '}';
    send(room, OtherEvent{kDeviceEntered, payload});
}

void Relay::receive(const RoomId &room, const QByteArray &payload)
{
    ++m_metrics.counts().relayReceived;
    if (!m_hub.hasRecipients(room))
        return;
    const auto event = m_decoder.decode(payload);
    if (!event) {
        ++m_metrics.counts().relayRefused;
        return;
    }
    if (const auto *moved = std::get_if<TransformEvent>(&*event)) {
        m_hub.move(room, UserId(moved->user.toByteArray()), moved->transform, ConnectionId());
    } else if (auto chat = std::get_if<ChatEvent>(&*event)) {
        m_hub.broadcast(room, ChatEvent{room.value(), chat->user, chat->text, chat->messageId},
                        UserId(chat->user.toByteArray()));
    } else if (const auto *emote = std::get_if<EmoteEvent>(&*event)) {
        m_hub.broadcast(room, EmoteEvent{room.value(), emote->user, emote->emote},
                        UserId(emote->user.toByteArray()));
    } else if (const auto &other = std::get<OtherEvent>(*event); other.type != kDeviceEntered) {
        m_hub.broadcast(room, other);
    } else if (m_deviceHandler) {
        const QJsonObject entry = QJsonDocument::fromJson(other.payloadJson.toByteArray()).object();
        m_deviceHandler(room,
                        {UserId(entry[QLatin1String("userId")].toString().toUtf8()),
                         entry[QLatin1String("deviceId")].toString().toUtf8(),
                         entry[QLatin1String("atMs")].toInteger(),
                         entry[QLatin1String("node")].toString().toUtf8()});
    }
}

} // namespace Rollcall::Realtime
