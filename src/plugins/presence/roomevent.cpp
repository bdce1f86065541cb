// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/presence/roomevent.h"

#include "core/redis/rediskeys.h"

#include <array>

namespace Rollcall::Presence {

namespace {

using Kind = RoomEvent::Kind;

constexpr std::array<std::pair<QByteArrayView, Kind>, 8> kKinds{{{"join", Kind::Join},
                                                                 {"restored", Kind::Restored},
                                                                 {"update", Kind::Update},
                                                                 {"leave", Kind::Leave},
                                                                 {"reap", Kind::Reap},
                                                                 {"mark", Kind::Mark},
                                                                 {"relay", Kind::Relay},
                                                                 {"evict", Kind::Evict}}};

/// Cuts a message into its lines, the last part on demand.
class Lines
{
public:
    explicit Lines(QByteArrayView message)
        : m_rest(message)
    { }

    bool atEnd() const { return m_isOver; }
    QByteArrayView rest() const { return m_rest; }
    QByteArrayView next()
    {
        const qsizetype end = m_rest.indexOf('\n');
        const QByteArrayView line = end < 0 ? m_rest : m_rest.first(end);
        m_isOver = end < 0;
        m_rest = end < 0 ? QByteArrayView() : m_rest.sliced(end + 1);
        return line;
    }
    /// The bytes that follow a line with their number. Empty and over when there are fewer.
    QByteArray counted()
    {
        bool isNumber = false;
        const qlonglong size = next().toByteArray().toLongLong(&isNumber);
        if (!isNumber || size < 0 || size > m_rest.size()) {
            m_isOver = true;
            return {};
        }
        const QByteArray bytes = m_rest.first(size).toByteArray();
        m_rest = m_rest.sliced(size);
        m_isOver = m_rest.isEmpty();
        return bytes;
    }

private:
    QByteArrayView m_rest;
    bool m_isOver = false;
};

bool parseReason(Lines &lines, RoomEvent &event)
{
    const auto reason = leaveReasonFromName(lines.next());
    event.reason = reason.value_or(LeaveReason::Lost);
    return reason.has_value();
}

bool parseUser(Lines &lines, RoomEvent &event)
{
    const UserId user = userFromMemberName(lines.next());
    event.users.push_back(user);
    return !user.isNull();
}

bool parseNumber(Lines &lines, RoomEvent &event)
{
    bool isNumber = false;
    event.number = lines.next().toByteArray().toULongLong(&isNumber);
    return isNumber;
}

bool parseRest(Lines &lines, RoomEvent &event)
{
    switch (event.kind) {
    case Kind::Join:
    case Kind::Update:
        if (!parseUser(lines, event))
            return false;
        event.body = lines.rest().toByteArray();
        return true;
    case Kind::Restored:
        return true;
    case Kind::Leave:
    case Kind::Evict:
        return parseUser(lines, event) && parseReason(lines, event);
    case Kind::Reap:
        if (!parseReason(lines, event))
            return false;
        while (!lines.atEnd()) {
            if (!parseUser(lines, event))
                return false;
        }
        return true;
    case Kind::Mark:
        return parseNumber(lines, event);
    case Kind::Relay:
        if (!parseNumber(lines, event))
            return false;
        while (!lines.atEnd())
            event.payloads.push_back(lines.counted());
        return true;
    }
    return false;
}

} // namespace

std::optional<RoomEvent> RoomEvent::parse(const QByteArray &message)
{
    Lines lines(message);
    const QByteArrayView name = lines.next();
    for (const auto &[candidate, kind] : kKinds) {
        if (candidate != name)
            continue;
        RoomEvent event;
        event.kind = kind;
        event.node = NodeId(lines.next().toByteArray());
        if (event.node.isNull() || !parseRest(lines, event))
            return std::nullopt;
        return event;
    }
    return std::nullopt;
}

QByteArray RoomEvent::relay(const NodeId &node, quint64 sequence,
                            std::span<const QByteArray> payloads)
{
    QByteArray message = "relay\n" + node.value() + '\n' + QByteArray::number(sequence);
    qsizetype size = message.size() + 1;
    for (const QByteArray &payload : payloads)
        size += payload.size() + 12;
    message.reserve(size);
    message += '\n';
    for (const QByteArray &payload : payloads) {
        message += QByteArray::number(payload.size());
        message += '\n';
        message += payload;
    }
    return message;
}

QByteArray RoomEvent::evict(const NodeId &node, const UserId &user, LeaveReason reason)
{
    return "evict\n" + node.value() + '\n' + memberName(user) + '\n'
        + leaveReasonName(reason).toByteArray();
}

} // namespace Rollcall::Presence
