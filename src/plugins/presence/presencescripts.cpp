// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/presence/presencescripts.h"

#include "claim.lua.h"
#include "common.lua.h"
#include "grace.lua.h"
#include "inspect.lua.h"
#include "inspect_room.lua.h"
#include "join.lua.h"
#include "lease.lua.h"
#include "leave.lua.h"
#include "members.lua.h"
#include "reap.lua.h"
#include "room_holders.lua.h"
#include "room_members.lua.h"
#include "sweep.lua.h"

namespace Rollcall::Presence {

namespace {

/// Whatever makes room must run when there is none (Redis 7 script flags).
constexpr char kAlsoWithoutMemory[] = "#!lua flags=allow-oom\n";

RedisScript withCommon(const char *script, const char *flags = "")
{
    return RedisScript(QByteArray(flags) + kCommonScript + script);
}

} // namespace

const RedisScript &PresenceScripts::join()
{
    static const RedisScript script = withCommon(kJoinScript);
    return script;
}

const RedisScript &PresenceScripts::claim()
{
    static const RedisScript script = withCommon(kClaimScript);
    return script;
}

const RedisScript &PresenceScripts::leave()
{
    static const RedisScript script = withCommon(kLeaveScript, kAlsoWithoutMemory);
    return script;
}

const RedisScript &PresenceScripts::grace()
{
    // A few bytes for a few seconds; refused, they would be missing or stay.
    static const RedisScript script = withCommon(kGraceScript, kAlsoWithoutMemory);
    return script;
}

const RedisScript &PresenceScripts::members()
{
    static const RedisScript script = withCommon(kMembersScript);
    return script;
}

const RedisScript &PresenceScripts::reap()
{
    static const RedisScript script = withCommon(kReapScript, kAlsoWithoutMemory);
    return script;
}

const RedisScript &PresenceScripts::lease()
{
    static const RedisScript script = withCommon(kLeaseScript, kAlsoWithoutMemory);
    return script;
}

const RedisScript &PresenceScripts::sweep()
{
    static const RedisScript script = withCommon(kSweepScript, kAlsoWithoutMemory);
    return script;
}

const RedisScript &PresenceScripts::inspect()
{
    static const RedisScript script = withCommon(kInspectScript);
    return script;
}

const RedisScript &PresenceScripts::inspectRoom()
{
    static const RedisScript script = withCommon(kInspectRoomScript);
    return script;
}

const RedisScript &PresenceScripts::roomMembers()
{
    static const RedisScript script = withCommon(kRoomMembersScript);
    return script;
}

const RedisScript &PresenceScripts::roomHolders()
{
    static const RedisScript script = withCommon(kRoomHoldersScript);
    return script;
}

void PresenceScripts::load(RedisClient &client)
{
    for (const RedisScript *script :
         {&join(), &claim(), &leave(), &grace(), &members(), &reap(), &lease(), &sweep()})
        client.send({"SCRIPT", "LOAD", script->source()});
}

ScriptCall &ScriptCall::key(QByteArray key)
{
    m_keys.append(std::move(key));
    return *this;
}

ScriptCall &ScriptCall::argument(QByteArray argument)
{
    m_arguments.append(std::move(argument));
    return *this;
}

void ScriptCall::run(RedisClient &client, const RedisScript &script, QObject *context,
                     RedisCallback callback) const
{
    const QVarLengthArray<QByteArrayView, 12> keys(m_keys.begin(), m_keys.end());
    const QVarLengthArray<QByteArrayView, 32> arguments(m_arguments.begin(), m_arguments.end());
    client.evaluate(script, {keys.data(), size_t(keys.size())},
                    {arguments.data(), size_t(arguments.size())}, context, std::move(callback));
}

} // namespace Rollcall::Presence
