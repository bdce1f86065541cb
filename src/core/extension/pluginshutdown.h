// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/clock.h"
#include "core/extension/pluginspec.h"

#include <QObject>

#include <memory>

namespace Rollcall {

/// Stops running plugins: each when everything that depends on it has finished, all before one
/// deadline.
///
/// Past the deadline those that have not been asked yet are asked, and nobody is waited for.
class PluginShutdown : public QObject
{
    Q_OBJECT
public:
    /// `order`: what is depended on first. The specs and the clock must outlive this.
    PluginShutdown(std::vector<PluginSpec *> order, Clock &clock, QObject *parent);

    void start(std::chrono::milliseconds deadline);

Q_SIGNALS:
    /// Once, from the event loop or from start().
    void finished(const QStringList &unfinished);

private:
    bool mayStop(const PluginSpec *spec) const;
    void askThoseThatMay();
    void ask(PluginSpec *spec);
    void handleDeadline();

    std::vector<PluginSpec *> m_order;
    std::unique_ptr<ClockTimer> m_timer;
    bool m_isFinished = false;
    bool m_isAsking = false;
    bool m_mustAskAgain = false;
};

} // namespace Rollcall
