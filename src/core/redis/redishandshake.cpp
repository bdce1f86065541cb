// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/redis/redishandshake_p.h"

#include "core/redis/redisoptions.h"

namespace Rollcall {

bool isRedisRefusal(QByteArrayView errorCode)
{
    return errorCode == "NOAUTH" || errorCode == "WRONGPASS";
}

RedisBatch RedisHandshake::begin(const RedisOptions &options)
{
    *this = RedisHandshake();
    RedisBatch commands;
    const auto say = [&](Step step, std::initializer_list<QByteArrayView> arguments) {
        m_unanswered.push_back(step);
        commands.command(arguments);
    };
    if (!options.username.isEmpty())
        say(Step::Authenticate, {"AUTH", options.username, options.password});
    else if (!options.password.isEmpty())
        say(Step::Authenticate, {"AUTH", options.password});
    if (options.database != 0)
        say(Step::Select, {"SELECT", QByteArray::number(options.database)});
    if (!options.clientName.isEmpty())
        say(Step::SetName, {"CLIENT", "SETNAME", options.clientName});
    say(Step::Ping, {"PING"});
    return commands;
}

RedisHandshake::State RedisHandshake::take(const RedisReply &reply)
{
    const Step step = m_unanswered.front();
    m_unanswered.pop_front();
    // A name is for people who look at CLIENT LIST; a proxy may not know the command.
    if (step == Step::SetName)
        return State::Going;
    if (reply.type == RedisReply::Type::Error) {
        m_failure = QString::fromUtf8(reply.text.left(200));
        const QByteArray code = reply.errorCode();
        m_isRefused = isRedisRefusal(code)
            || (step != Step::Ping && code != "LOADING" && code != "MASTERDOWN"
                && !reply.text.contains("max number of clients"));
        return State::Failed;
    }
    if (step != Step::Ping)
        return State::Going;
    if (reply.type == RedisReply::Type::Status && reply.text == "PONG")
        return State::Done;
    m_failure = QStringLiteral("not a Redis server: it does not answer PING with PONG");
    return State::Failed;
}

} // namespace Rollcall
