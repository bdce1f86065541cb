// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/redis/redisclient.h"
#include "core/redis/redisscript.h"

#include <QVarLengthArray>

namespace Rollcall::Presence {

/// The scripts of scripts/*.lua, each with what they share before it.
struct PresenceScripts
{
    static const RedisScript &join();
    static const RedisScript &claim();
    static const RedisScript &leave();
    static const RedisScript &grace();
    static const RedisScript &members();
    static const RedisScript &reap();
    static const RedisScript &lease();
    static const RedisScript &sweep();
    static const RedisScript &inspect();
    static const RedisScript &inspectRoom();
    static const RedisScript &roomMembers();
    static const RedisScript &roomHolders();

    /// Loads those that change something, so that none has to be sent again after others that came
    /// later.
    static void load(RedisClient &client);
};

/// A script's keys and arguments while they are put together.
class ScriptCall
{
public:
    ScriptCall &key(QByteArray key);
    ScriptCall &argument(QByteArray argument);
    ScriptCall &argument(qint64 number) { return argument(QByteArray::number(number)); }
    void run(RedisClient &client, const RedisScript &script, QObject *context,
             RedisCallback callback) const;

private:
    QVarLengthArray<QByteArray, 12> m_keys;
    QVarLengthArray<QByteArray, 32> m_arguments;
};

} // namespace Rollcall::Presence
