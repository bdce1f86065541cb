// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "plugins/realtime/recipient.h"

#include <string>
#include <vector>

namespace Rollcall::Realtime {

/// Buffers that have been grown before, for logs that are about to be written to.
class TurnBuffers
{
public:
    std::string take();
    /// Kept, cleared, unless enough is kept already.
    void give(std::string &&buffer);

private:
    std::vector<std::string> m_spare;
    size_t m_bytes = 0; ///< of all of them
};

/// What a room's recipients get in one loop turn, if it is the same for all of them: each frame is
/// written once, and each reader gets a slice of it at the end of the turn, in one send, without
/// the frames that it is the author of.
///
/// Readers are borrowed. A reader is in no other log, and leaves with remove() or by dying. Whoever
/// fills the log calls flush() at the end of the turn, or before: what has not been flushed is
/// memory.
class TurnLog
{
public:
    explicit TurnLog(TurnBuffers &buffers)
        : m_buffers(buffers)
    { }
    ~TurnLog();
    TurnLog(const TurnLog &) = delete;
    TurnLog &operator=(const TurnLog &) = delete;

    /// Reads what is appended from now on. It reads in no log yet.
    void add(Recipient &recipient);
    /// It has got, in its out-buffer or not at all, what there was; see settle().
    void remove(Recipient &recipient);
    bool isReading(const Recipient &recipient) const { return recipient.m_log == this; }
    size_t readers() const { return m_readers.size(); }
    Recipient &reader(size_t place) const { return *m_readers[place].recipient; }
    bool has(ConnectionId id) const { return placeOf(id) < m_readers.size(); }

    /// One frame for all readers but the author, if that is one of them. Returns how many they are.
    size_t append(std::span<const char> frame, ConnectionId author = {});
    size_t size() const { return m_bytes.size(); }

    /// Moves what the reader has not got to its out-buffer.
    void settle(Recipient &recipient);
    /// Sends each reader what it has not got, at once. Those whose network did not take all of it
    /// are removed and appended to `waiting`.
    void flush(std::vector<Recipient *> &waiting);

private:
    static constexpr qint32 kNone = -1;

    struct Reader
    {
        Recipient *recipient;
        ConnectionId id;
        quint32 begin; ///< what comes before it has got
        qint32 lastCut; ///< of its own; or kNone
    };
    /// A frame that its author does not get.
    struct Cut
    {
        quint32 begin;
        quint32 end;
        qint32 previous; ///< of the same author
    };

    size_t placeOf(ConnectionId id) const;
    Pieces slice(Reader &reader);

    TurnBuffers &m_buffers;
    std::vector<Reader> m_readers;
    std::string m_bytes;
    std::vector<Cut> m_cuts;
    std::vector<std::span<const char>> m_pieces; ///< of the reader that is served
};

} // namespace Rollcall::Realtime
