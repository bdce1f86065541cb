// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/services/presenceservice.h"

#include <QObject>
#include <QPointer>

#include <chrono>
#include <functional>
#include <memory>

namespace Rollcall {

class Clock;
class ClockTimer;
class RedisService;
class TokenService;

/// Waits until this node can give out seats and tokens and knows who is where: everybody comes back
/// at once when a host was restarted. Before Redis answers they would be refused, and before what
/// the host's last run has left there is gone they would see each other leave.
class StartGate final : public QObject
{
    Q_OBJECT
public:
    /// `open` runs once: when Redis answers (or there is none), the secret is known and presence is
    /// fresh, or after `patience`. Maybe before this returns. Everything is borrowed; `presence`
    /// may be null.
    StartGate(Clock &clock, RedisService &redis, TokenService &tokens, PresenceService *presence,
              std::chrono::milliseconds patience, std::function<void()> open);
    ~StartGate() override;

private:
    void look();
    void open();

    RedisService &m_redis;
    TokenService &m_tokens;
    QPointer<PresenceService> m_presence;
    std::function<void()> m_open;
    std::unique_ptr<ClockTimer> m_patience;
};

} // namespace Rollcall
