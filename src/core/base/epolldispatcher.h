// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/export.h"

#include <QAbstractEventDispatcher>

#include <memory>

namespace Rollcall {

/// An event dispatcher on epoll, for the thread of a node with tens of thousands of sockets
/// (Linux).
///
/// Qt's own dispatchers hand every descriptor to poll() in every turn: with 10,000 connections each
/// turn costs milliseconds. Here the kernel keeps the set. What differs from Qt's:
/// - Interest changes of a descriptor are collected and given to the kernel just before waiting, so
/// that a write
///   notifier switched on and off within a turn costs nothing. Only the removal of a descriptor's
///   last notifier is immediate: its number may be used again in the same turn.
/// - aboutToBlock() is emitted in every turn that may wait (QEventLoop::WaitForMoreEvents), also
/// when there is more
///   to do at once: whoever joins writes until the end of the turn flushes there.
/// - Events posted from the dispatcher's own thread cost no system call.
///
/// Install it with QCoreApplication::setEventDispatcher() before the application object is made,
/// which then owns it. At most one notifier per descriptor and type, as with Qt's.
class ROLLCALL_BASE_EXPORT EpollDispatcher final : public QAbstractEventDispatcher
{
    Q_OBJECT
public:
    explicit EpollDispatcher(QObject *parent = nullptr);
    ~EpollDispatcher() override;

    bool processEvents(QEventLoop::ProcessEventsFlags flags) override;

    void registerSocketNotifier(QSocketNotifier *notifier) override;
    void unregisterSocketNotifier(QSocketNotifier *notifier) override;

    void registerTimer(int id, qint64 intervalMs, Qt::TimerType type, QObject *object) override;
    bool unregisterTimer(int id) override;
    bool unregisterTimers(QObject *object) override;
    QList<TimerInfo> registeredTimers(QObject *object) const override;
    int remainingTime(int id) override;

    /// From any thread.
    void wakeUp() override;
    /// From any thread.
    void interrupt() override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace Rollcall
