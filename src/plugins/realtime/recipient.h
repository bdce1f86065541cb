// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/strongid.h"

#include <span>

namespace Rollcall::Realtime {

class DialectCodec;
class TurnLog;

/// Bytes in several places that belong together.
using Pieces = std::span<const std::span<const char>>;

/// Who can be sent something: a connection, as the hub sees it.
///
/// It may read along in one TurnLog; what it has not got of that goes out before anything that is
/// delivered to it alone. Dying, it leaves the log.
class Recipient
{
public:
    Recipient() = default;
    virtual ~Recipient();
    Recipient(const Recipient &) = delete;
    Recipient &operator=(const Recipient &) = delete;

    virtual ConnectionId id() const = 0;
    virtual DialectCodec &codec() const = 0;
    /// Bytes in the out-buffer that wait for the network, or for the end of the loop turn.
    virtual size_t bytesPending() const = 0;
    /// Whether some of them wait for the network: it did not take them at once.
    virtual bool isWaiting() const = 0;
    /// Gives the network what it takes of the out-buffer; nothing while isWaiting(). Destroys
    /// nothing.
    virtual void flush() = 0;

    /// Appends a complete frame, or a piece of one that is followed by the rest, to the
    /// connection's out-buffer.
    void deliver(std::span<const char> bytes)
    {
        settle();
        append(bytes);
    }
    /// Moves what is in the log for it to the out-buffer, because something else is about to
    /// follow.
    void settle()
    {
        if (m_log)
            settleLog();
    }
    /// The one it reads along in; null: none.
    TurnLog *log() const { return m_log; }

protected:
    virtual void append(std::span<const char> bytes) = 0;
    /// Gives the network the out-buffer and the pieces, at once. What it does not take is pending.
    /// Destroys nothing.
    virtual void sendNow(Pieces pieces) = 0;

private:
    friend class TurnLog;

    void settleLog();

    TurnLog *m_log = nullptr;
    quint32 m_place = 0; ///< in the log
};

} // namespace Rollcall::Realtime
