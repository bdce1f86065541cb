// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>

#include <vector>

namespace Rollcall {

/// Something with bytes to send at the end of the loop turn.
class Flushable
{
public:
    /// Sends. Must not run foreign code: nothing may be destroyed meanwhile.
    virtual void flush() = 0;

protected:
    virtual ~Flushable() = default;

private:
    friend class FlushQueue;
    static constexpr size_t kNowhere = ~size_t(0);
    size_t m_place = kNowhere;
};

/// Who has something to send: all of it goes out once per loop turn, just before the loop waits.
///
/// A loop that never waits (it is kept busy, or driven by processEvents()) flushes when the second
/// turn begins.
class FlushQueue : public QObject
{
public:
    explicit FlushQueue(QObject *parent = nullptr);

    void add(Flushable *item)
    {
        if (item->m_place == Flushable::kNowhere) {
            item->m_place = m_items.size();
            m_items.push_back(item);
        }
    }
    void remove(Flushable *item)
    {
        if (item->m_place != Flushable::kNowhere) {
            m_items[item->m_place] = nullptr;
            item->m_place = Flushable::kNowhere;
        }
    }
    void flushAll();

private:
    void handleAwake();

    std::vector<Flushable *> m_items;
    std::vector<Flushable *> m_flushing;
    bool m_hasWaitedATurn = false;
};

} // namespace Rollcall
