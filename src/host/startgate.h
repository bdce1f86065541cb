// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>

#include <chrono>
#include <functional>
#include <memory>

namespace Rollcall {

class Clock;
class ClockTimer;
class RedisService;
class TokenService;

/// Waits until this node can give out seats and tokens: everybody comes back at once when a host
/// was restarted, and would be refused in the moment before Redis answers.
class StartGate final : public QObject
{
    Q_OBJECT
public:
    /// `open` runs once: when Redis answers (or there is none) and the secret is known, or after
    /// `patience`. Maybe before this returns. Everything is borrowed.
    StartGate(Clock &clock, RedisService &redis, TokenService &tokens,
              std::chrono::milliseconds patience, std::function<void()> open);
    ~StartGate() override;

private:
    void look();
    void open();

    RedisService &m_redis;
    TokenService &m_tokens;
    std::function<void()> m_open;
    std::unique_ptr<ClockTimer> m_patience;
};

} // namespace Rollcall
