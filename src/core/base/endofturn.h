// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/export.h"

#include <QEvent>
#include <QObject>

#include <functional>

namespace Rollcall {

/// Calls back at the end of a loop turn in which it was asked to: behind what its sockets, timers
/// and earlier posted events do, and before the loop tells that it is about to wait (when sockets
/// are flushed). Asked from inside a posted event, at the end of the next turn, which then begins
/// without waiting.
///
/// Needs an event loop of its thread. Destroying it takes the request back.
class ROLLCALL_BASE_EXPORT EndOfTurn final : public QObject
{
public:
    /// The type of its event, for tests: QCoreApplication::sendPostedEvents(nullptr, kEvent) ends a
    /// turn.
    static constexpr QEvent::Type kEvent = static_cast<QEvent::Type>(QEvent::MaxUser - 17);

    explicit EndOfTurn(std::function<void()> callback, QObject *parent = nullptr);

    /// Once per turn is enough; more does no harm.
    void request();

protected:
    void customEvent(QEvent *event) override;

private:
    std::function<void()> m_callback;
    bool m_isRequested = false;
};

} // namespace Rollcall
