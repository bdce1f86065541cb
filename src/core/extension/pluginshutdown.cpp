// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/extension/pluginshutdown.h"

#include "core/extension/contained_p.h"
#include "core/extension/plugin.h"

#include <QLoggingCategory>

#include <algorithm>
#include <utility>

namespace Rollcall {

namespace {

Q_LOGGING_CATEGORY(log, "rollcall.core.extension.shutdown")

} // namespace

PluginShutdown::PluginShutdown(std::vector<PluginSpec *> order, Clock &clock, QObject *parent)
    : QObject(parent)
    , m_order(std::move(order))
    , m_timer(clock.createTimer([this] { handleDeadline(); }))
{ }

void PluginShutdown::start(std::chrono::milliseconds deadline)
{
    m_timer->startOnce(deadline);
    askThoseThatMay();
}

bool PluginShutdown::mayStop(const PluginSpec *spec) const
{
    return std::ranges::none_of(m_order, [spec](const PluginSpec *other) {
        return other->isActive()
            && std::ranges::find(other->m_dependencies, spec) != other->m_dependencies.end();
    });
}

void PluginShutdown::askThoseThatMay()
{
    m_mustAskAgain = true;
    if (m_isFinished || m_isAsking) // a plugin that finishes while another is asked
        return;
    m_isAsking = true;
    while (std::exchange(m_mustAskAgain, false)) {
        for (auto it = m_order.rbegin(); it != m_order.rend(); ++it) {
            PluginSpec *spec = *it;
            if (spec->state() == PluginState::Running && mayStop(spec))
                ask(spec);
        }
    }
    m_isAsking = false;
    if (std::ranges::any_of(m_order, &PluginSpec::isActive))
        return;
    m_isFinished = true;
    m_timer->stop();
    Q_EMIT finished({});
}

void PluginShutdown::ask(PluginSpec *spec)
{
    spec->setState(PluginState::Stopping);
    connect(spec->plugin(), &Plugin::shutdownFinished, this, [this, spec] {
        if (m_isFinished || spec->state() != PluginState::Stopping)
            return;
        spec->setState(PluginState::Stopped);
        askThoseThatMay();
    });
    bool isFinished = true; // also after an exception
    const QString thrown = contained(
        [&] { isFinished = spec->plugin()->aboutToShutdown() == Plugin::Shutdown::Finished; });
    if (!thrown.isEmpty())
        qCWarning(log).noquote()
            << QStringLiteral("plugin %1: aboutToShutdown() %2").arg(spec->id(), thrown);
    if (isFinished)
        spec->setState(PluginState::Stopped);
}

void PluginShutdown::handleDeadline()
{
    QStringList unfinished;
    m_isFinished = true;
    for (auto it = m_order.rbegin(); it != m_order.rend(); ++it) {
        PluginSpec *spec = *it;
        if (spec->state() == PluginState::Running)
            ask(spec);
        if (spec->state() == PluginState::Stopping)
            unfinished.append(spec->id());
    }
    qCWarning(log).noquote() << QStringLiteral("the stop deadline is over, not waiting for: %1")
                                    .arg(unfinished.join(QStringLiteral(", ")));
    Q_EMIT finished(unfinished);
}

} // namespace Rollcall
