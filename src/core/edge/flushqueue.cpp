// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/edge/flushqueue.h"

#include <QAbstractEventDispatcher>

namespace Rollcall {

FlushQueue::FlushQueue(QObject *parent)
    : QObject(parent)
{
    QAbstractEventDispatcher *dispatcher = QAbstractEventDispatcher::instance();
    Q_ASSERT(dispatcher);
    connect(dispatcher, &QAbstractEventDispatcher::aboutToBlock, this, &FlushQueue::flushAll);
    connect(dispatcher, &QAbstractEventDispatcher::awake, this, &FlushQueue::handleAwake);
}

void FlushQueue::flushAll()
{
    m_hasWaitedATurn = false;
    if (m_items.empty() || !m_flushing.empty())
        return;
    m_flushing.swap(m_items);
    for (Flushable *item : m_flushing) {
        if (item)
            item->m_place = Flushable::kNowhere;
    }
    for (Flushable *item : m_flushing) {
        if (item)
            item->flush();
    }
    m_flushing.clear();
}

void FlushQueue::handleAwake()
{
    if (m_hasWaitedATurn)
        flushAll();
    m_hasWaitedATurn = !m_items.empty();
}

} // namespace Rollcall
