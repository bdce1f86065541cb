// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>

#include <vector>

namespace Rollcall {

/// Something to be called in the next loop turn.
class DeferredCall
{
public:
    virtual void runDeferred() = 0;

protected:
    virtual ~DeferredCall() = default;

private:
    friend class DeferredCalls;
    static constexpr size_t kNowhere = ~size_t(0);
    size_t m_place = kNowhere;
};

/// Calls objects back from the event loop, each once however often it was added. They may destroy
/// each other.
class DeferredCalls : public QObject
{
public:
    using QObject::QObject;

    void add(DeferredCall *call);
    /// To be called by the object's destructor.
    void remove(DeferredCall *call);

protected:
    void customEvent(QEvent *event) override;

private:
    void post();

    std::vector<DeferredCall *> m_calls; // borrowed; null: removed
    size_t m_begin = 0; // of the places in m_calls: what came before has run
    bool m_isPosted = false;
    bool m_isRunning = false;
};

} // namespace Rollcall
