// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/export.h"

#include <QObject>
#include <QStringList>

#include <chrono>
#include <functional>
#include <optional>

namespace Rollcall {

class Plugin;
class PluginContext;

/// One run of a plugin's command, `rollcall <name> <arguments>`: what it was asked, where it says
/// something, and how it ends. Made by the host, alive until the process ends.
class ROLLCALL_CORE_EXPORT CommandRun : public QObject
{
    Q_OBJECT
public:
    using Writer = std::function<void(const QString &)>;
    /// As `rollcall help` documents them.
    static constexpr int kSuccess = 0;
    static constexpr int kFailure = 1;
    static constexpr int kUsage = 2;
    static constexpr int kUnavailable = 69;
    static constexpr std::chrono::milliseconds kDefaultDeadline{std::chrono::seconds(30)};

    /// `context` must outlive the run.
    CommandRun(QString name, QStringList arguments, PluginContext &context, Writer out,
               Writer error);

    const QString &name() const { return m_name; }
    /// What stands behind the name, without the host's own options (--config, --set, --plugin-path,
    /// --log-format).
    const QStringList &arguments() const { return m_arguments; }
    /// Its only service is RedisService, connecting, and that only when `redis.url` names one: the
    /// Redis that a host embeds belongs to that host's process.
    PluginContext &context() const { return m_context; }

    /// Calls Plugin::runCommand(). An exception is said and ends the run with kFailure.
    void start(Plugin &plugin);

    /// To stdout, as it is.
    void print(const QString &text) { m_out(text); }
    /// A line to stderr, "rollcall: ..." before it.
    void printError(const QString &text) { m_error(text); }

    /// From the start of the run; past it the host ends the process with kUnavailable.
    void setDeadline(std::chrono::milliseconds deadline) { m_deadline = deadline; }
    std::chrono::milliseconds deadline() const { return m_deadline; }

    /// The process ends with this code (0 to 255). Once; later calls are ignored.
    void finish(int exitCode);
    std::optional<int> exitCode() const { return m_exitCode; }

Q_SIGNALS:
    void finished(int exitCode);

private:
    QString m_name;
    QStringList m_arguments;
    PluginContext &m_context;
    Writer m_out;
    Writer m_error;
    std::chrono::milliseconds m_deadline = kDefaultDeadline;
    std::optional<int> m_exitCode;
};

} // namespace Rollcall
