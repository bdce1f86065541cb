// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>

class QSocketNotifier;

namespace Rollcall {

/// SIGTERM, SIGINT and SIGHUP as Qt signals; SIGPIPE is ignored. One object per process.
///
/// A third SIGTERM or SIGINT ends the process even when the event loop does not turn any more.
class UnixSignals : public QObject
{
    Q_OBJECT
public:
    explicit UnixSignals(QObject *parent = nullptr);
    ~UnixSignals() override;

Q_SIGNALS:
    void stopRequested();
    void reloadRequested();

private:
    void handleReadable();

    QSocketNotifier *m_notifier = nullptr;
};

} // namespace Rollcall
