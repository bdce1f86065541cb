// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/clock.h"
#include "core/services/presenceinspection.h"

#include <QObject>

#include <memory>

namespace Rollcall {
class CommandRun;
class RedisService;
} // namespace Rollcall

namespace Rollcall::Presence {

class Inspector;
class Purger;

/// `rollcall presence inspect` and `purge`: looks into Redis directly, whether a host runs or not.
class PresenceCommand final : public QObject
{
    Q_OBJECT
public:
    /// `run` must outlive this.
    explicit PresenceCommand(CommandRun &run, QObject *parent = nullptr);
    ~PresenceCommand() override;

    void start();

private:
    enum class Verb { Inspect, Purge };

    /// Empty, or what is wrong with the arguments.
    QString readArguments();
    QString readSubject(const QStringList &names);
    void handleUp();
    void handleFound(const PresenceInspection &found);
    void finishPurge(const PurgeReport &report, bool isPlan);
    void fail(const QString &why);

    CommandRun &m_run;
    RedisService *m_redis = nullptr;
    std::unique_ptr<ClockTimer> m_timer;
    std::unique_ptr<Inspector> m_inspector;
    std::unique_ptr<Purger> m_purger;
    Verb m_verb = Verb::Inspect;
    PresenceSubject m_subject;
    bool m_isJson = false;
    bool m_isSure = false;
    bool m_hasBegun = false;
};

} // namespace Rollcall::Presence
