// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/clock.h"
#include "core/base/export.h"

#include <QByteArray>
#include <QObject>

#include <memory>

namespace Rollcall {

class RedisService;

/// A random secret that all nodes of one Redis have in common (key `rollcall:secret`), for demos
/// without `auth.secret`. Without Redis it is this node's own.
class ROLLCALL_CORE_EXPORT SharedSecret : public QObject
{
    Q_OBJECT
public:
    /// `redis` is borrowed and may be null.
    SharedSecret(RedisService *redis, Clock &clock, QObject *parent = nullptr);
    ~SharedSecret() override;

    /// Emits obtained() at once or once Redis answers; again if Redis comes back with another
    /// secret.
    void start();

Q_SIGNALS:
    void obtained(const QByteArray &secret);

private:
    void exchange();

    RedisService *m_redis;
    std::unique_ptr<ClockTimer> m_retry;
    QByteArray m_secret; // ours, or the one that was agreed on
    bool m_isShared = false;
};

} // namespace Rollcall
