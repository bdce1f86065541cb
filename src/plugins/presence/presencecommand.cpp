// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/presence/presencecommand.h"

#include "core/extension/commandrun.h"
#include "core/extension/plugincontext.h"
#include "core/services/redisservice.h"
#include "plugins/presence/inspectionreport.h"
#include "plugins/presence/purger.h"

#include <QJsonDocument>

namespace Rollcall::Presence {

namespace {

using namespace std::chrono_literals;

constexpr auto kConnectDeadline = 5s;

constexpr auto kUsage = R"(usage: rollcall presence inspect NAME [--json]
       rollcall presence purge NAME [--yes] [--json]

  inspect   why a user or a room is shown as it is: each node and connection, last heartbeat, what is left
            of deadline, grace and lease, and what does not fit together
  purge     take a user out of every room, or everybody who is not alive out of a room. A living node is
            asked to evict the user. Without --yes it only says what it would do

NAME is a user id or a room id (a page's path): whatever there is under it. --user NAME and --room NAME say
which. Redis is asked directly: give the settings of a host with --config, or the Redis that a host
embeds with --set redis.url=unix:///path (it prints the path when it starts).

Exit codes: 0 all fits together, or it is done; 1 something does not fit, or --yes is missing; 2 the
command line is wrong; 69 Redis does not answer
)";

QString printed(const QJsonObject &json) { return QString::fromUtf8(QJsonDocument(json).toJson()); }

} // namespace

PresenceCommand::PresenceCommand(CommandRun &run, QObject *parent)
    : QObject(parent)
    , m_run(run)
{ }

PresenceCommand::~PresenceCommand() = default;

void PresenceCommand::start()
{
    const QStringList &arguments = m_run.arguments();
    if (arguments.isEmpty() || arguments.contains(QLatin1String("--help"))
        || arguments.front() == QLatin1String("help")) {
        m_run.print(QString::fromLatin1(kUsage));
        m_run.finish(arguments.isEmpty() ? CommandRun::kUsage : CommandRun::kSuccess);
        return;
    }
    if (const QString problem = readArguments(); !problem.isEmpty()) {
        m_run.printError(
            QStringLiteral("presence: %1 (rollcall presence help says more)").arg(problem));
        m_run.finish(CommandRun::kUsage);
        return;
    }
    m_redis = m_run.context().find<RedisService>();
    if (!m_redis) {
        fail(QStringLiteral(
            "there is no Redis to look into: give the --config that names one, or that of a "
            "running host, --set redis.url=unix:///path (it prints the path)"));
        return;
    }
    m_timer = m_run.context().clock().createTimer(
        [this] { fail(QStringLiteral("Redis does not answer: %1").arg(m_redis->downReason())); });
    m_timer->startOnce(kConnectDeadline);
    connect(m_redis, &RedisService::up, this, &PresenceCommand::handleUp);
    if (m_redis->isUp())
        handleUp();
}

QString PresenceCommand::readArguments()
{
    QStringList names;
    for (const QString &argument : m_run.arguments().sliced(1)) {
        if (argument == QLatin1String("--json"))
            m_isJson = true;
        else if (argument == QLatin1String("--yes"))
            m_isSure = true;
        else
            names.append(argument);
    }
    const QString &verb = m_run.arguments().front();
    if (verb == QLatin1String("purge"))
        m_verb = Verb::Purge;
    else if (verb != QLatin1String("inspect"))
        return QStringLiteral("%1: there are inspect and purge").arg(verb);
    if (m_isSure && m_verb == Verb::Inspect)
        return QStringLiteral("--yes belongs to purge");
    return readSubject(names);
}

QString PresenceCommand::readSubject(const QStringList &names)
{
    QString name = names.value(0);
    bool isUser = true;
    bool isRoom = true;
    if (name.startsWith(QLatin1String("--"))) {
        const QString kind = name.section(QLatin1Char('='), 0, 0);
        isUser = kind == QLatin1String("--user");
        isRoom = kind == QLatin1String("--room");
        if (!isUser && !isRoom)
            return QStringLiteral("%1: not an option").arg(kind);
        name = name.contains(QLatin1Char('=')) ? name.section(QLatin1Char('='), 1) : names.value(1);
        if (names.size() > (names.front().contains(QLatin1Char('=')) ? 1 : 2))
            return QStringLiteral("one name at a time");
    } else if (names.size() > 1) {
        return names[1].startsWith(QLatin1String("--"))
            ? QStringLiteral("%1: not an option").arg(names[1])
            : QStringLiteral("one name at a time");
    }
    if (name.isEmpty())
        return QStringLiteral("a user or a room is needed");
    if (isUser)
        m_subject.user = UserId(name.toUtf8());
    if (isRoom)
        m_subject.room = RoomId(name.toUtf8());
    return {};
}

void PresenceCommand::handleUp()
{
    if (std::exchange(m_hasBegun, true))
        return;
    m_timer->stop();
    m_inspector = std::make_unique<Inspector>(*m_redis, std::nullopt);
    m_purger = std::make_unique<Purger>(*m_redis, m_run.context().clock(), *m_inspector);
    m_inspector->inspect(m_subject, this, [this](const Result<PresenceInspection> &found) {
        if (found)
            handleFound(*found);
        else
            fail(found.error().logText);
    });
}

void PresenceCommand::handleFound(const PresenceInspection &found)
{
    if (m_verb == Verb::Inspect) {
        m_run.print(m_isJson ? printed(inspectionToJson(found)) : inspectionToText(found));
        m_run.finish(findingsIn(found) == 0 ? CommandRun::kSuccess : CommandRun::kFailure);
        return;
    }
    const auto isIt = [this](const UserInspection &user) { return m_subject.user == user.user; };
    const bool isUser = std::ranges::any_of(found.users, isIt);
    const bool isRoom =
        found.room && (found.room->counted > 0 || found.room->stored || !found.room->nodes.empty());
    if (isUser && isRoom && m_subject.user && m_subject.room) {
        m_run.printError(QStringLiteral(
            "presence: there are a user and a room of this name: say --user or --room"));
        m_run.finish(CommandRun::kUsage);
        return;
    }
    if (!m_isSure) {
        finishPurge({Purger::plan(found, m_subject), found.isComplete}, true);
        return;
    }
    m_purger->purge(m_subject, this, [this](const Result<PurgeReport> &report) {
        if (report)
            finishPurge(*report, false);
        else
            fail(report.error().logText);
    });
}

void PresenceCommand::finishPurge(const PurgeReport &report, bool isPlan)
{
    m_run.print(m_isJson ? printed(purgeToJson(report)) : purgeToText(report, isPlan));
    const bool isNothing = report.seats.empty();
    if (isPlan && !isNothing)
        m_run.printError(QStringLiteral("presence: nothing was removed: --yes does it"));
    else if (!report.isComplete)
        m_run.printError(QStringLiteral("presence: there is more: repeat it"));
    const bool isDone = report.isComplete && (isNothing || !isPlan);
    m_run.finish(isDone ? CommandRun::kSuccess : CommandRun::kFailure);
}

void PresenceCommand::fail(const QString &why)
{
    m_run.printError(QStringLiteral("presence: ") + why);
    m_run.finish(CommandRun::kUnavailable);
}

} // namespace Rollcall::Presence
