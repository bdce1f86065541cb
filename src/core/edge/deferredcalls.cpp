// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/edge/deferredcalls.h"

#include <QCoreApplication>
#include <QEvent>

namespace Rollcall {

void DeferredCalls::add(DeferredCall *call)
{
    if (call->m_place != DeferredCall::kNowhere)
        return;
    call->m_place = m_begin + m_calls.size();
    m_calls.push_back(call);
    post();
}

void DeferredCalls::post()
{
    if (m_isPosted)
        return;
    m_isPosted = true;
    QCoreApplication::postEvent(this, new QEvent(QEvent::User));
}

void DeferredCalls::remove(DeferredCall *call)
{
    if (call->m_place == DeferredCall::kNowhere)
        return;
    m_calls[call->m_place - m_begin] = nullptr;
    call->m_place = DeferredCall::kNowhere;
}

void DeferredCalls::customEvent(QEvent *)
{
    m_isPosted = false;
    if (m_isRunning) // somebody runs an event loop inside a call; the rest waits for it
        return;
    m_isRunning = true;
    // Calls added meanwhile run in the next turn: whoever keeps adding itself must not stop the
    // loop.
    const size_t count = m_calls.size();
    for (size_t i = 0; i < count; ++i) {
        if (DeferredCall *call = m_calls[i]) {
            m_calls[i] = nullptr;
            call->m_place = DeferredCall::kNowhere;
            call->runDeferred();
        }
    }
    m_calls.erase(m_calls.begin(), m_calls.begin() + std::ptrdiff_t(count));
    m_begin += count;
    m_isRunning = false;
    if (!m_calls.empty())
        post();
}

} // namespace Rollcall
