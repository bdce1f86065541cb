// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/clock.h"
#include "core/base/metrics.h"
#include "host/commandline.h"
#include "host/hostconfig.h"

#include <QObject>

#include <memory>

namespace Rollcall {

class RedisHub;
struct RedisReply;

/// `rollcall doctor`: looks at everything a host with these settings needs. One line per check,
/// with a hint where something is to be done.
class Doctor : public QObject
{
    Q_OBJECT
public:
    explicit Doctor(const CommandLine &line);
    ~Doctor() override;

    /// Returns the exit code: Failure if any check failed.
    int run();

private:
    enum class Verdict { Ok, Warning, Failure };

    void report(Verdict verdict, const char *check, const QString &found, const QString &hint = {});
    void checkSettingsAndPlugins();
    void checkDescriptors();
    void checkPort();
    void checkRedis();
    void checkClock();
    void checkEviction(const RedisReply &reply);

    CommandLine m_line;
    HostSettings m_settings;
    SystemClock m_clock;
    Metrics m_metrics;
    std::unique_ptr<RedisHub> m_redis;
    bool m_hasFailure = false;
};

} // namespace Rollcall
