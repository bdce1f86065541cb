// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/base/endofturn.h"

#include <QCoreApplication>

#include <utility>

namespace Rollcall {

EndOfTurn::EndOfTurn(std::function<void()> callback, QObject *parent)
    : QObject(parent)
    , m_callback(std::move(callback))
{ }

void EndOfTurn::request()
{
    if (std::exchange(m_isRequested, true))
        return;
    // Low: behind what else was posted in this turn.
    QCoreApplication::postEvent(this, new QEvent(kEvent), Qt::LowEventPriority);
}

void EndOfTurn::customEvent(QEvent *)
{
    m_isRequested = false;
    m_callback();
}

} // namespace Rollcall
