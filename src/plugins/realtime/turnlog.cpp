// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/realtime/turnlog.h"

#include <algorithm>
#include <utility>

namespace Rollcall::Realtime {

namespace {

constexpr size_t kSpareBytes = 4 << 20;
constexpr size_t kSpareBuffers = 256;

/// While the one before is being sent to, in which the kernel clears the caches of much.
void prefetch(const Recipient *recipient)
{
    constexpr size_t kLine = 64;
    __builtin_prefetch(recipient);
    __builtin_prefetch(reinterpret_cast<const char *>(recipient) + kLine);
}

} // namespace

std::string TurnBuffers::take()
{
    if (m_spare.empty())
        return {};
    std::string buffer = std::move(m_spare.back());
    m_spare.pop_back();
    m_bytes -= buffer.capacity();
    return buffer;
}

void TurnBuffers::give(std::string &&buffer)
{
    if (m_bytes + buffer.capacity() > kSpareBytes || m_spare.size() >= kSpareBuffers)
        return;
    buffer.clear();
    m_bytes += buffer.capacity();
    m_spare.push_back(std::move(buffer));
}

TurnLog::~TurnLog()
{
    for (const Reader &reader : m_readers)
        reader.recipient->m_log = nullptr;
}

void TurnLog::add(Recipient &recipient)
{
    Q_ASSERT(!recipient.m_log);
    recipient.m_log = this;
    recipient.m_place = quint32(m_readers.size());
    m_readers.push_back({&recipient, recipient.id(), quint32(m_bytes.size()), kNone});
}

void TurnLog::remove(Recipient &recipient)
{
    Q_ASSERT(isReading(recipient));
    recipient.m_log = nullptr;
    Reader &place = m_readers[recipient.m_place];
    place = m_readers.back();
    place.recipient->m_place = recipient.m_place;
    m_readers.pop_back();
}

size_t TurnLog::placeOf(ConnectionId id) const
{
    return size_t(std::ranges::find(m_readers, id, &Reader::id) - m_readers.begin());
}

size_t TurnLog::append(std::span<const char> frame, ConnectionId author)
{
    const size_t own = author.isNull() ? m_readers.size() : placeOf(author);
    const bool isCut = own < m_readers.size();
    if (m_bytes.empty())
        m_bytes = m_buffers.take();
    const auto begin = quint32(m_bytes.size());
    m_bytes.append(frame.data(), frame.size());
    if (isCut) {
        Reader &reader = m_readers[own];
        m_cuts.push_back({begin, quint32(m_bytes.size()), reader.lastCut});
        reader.lastCut = qint32(m_cuts.size()) - 1;
    }
    return m_readers.size() - size_t(isCut);
}

// The cuts are chained from the last to the first one, and so are the pieces between them made.
Pieces TurnLog::slice(Reader &reader)
{
    m_pieces.clear();
    auto end = quint32(m_bytes.size());
    const auto add = [&](quint32 begin) {
        if (begin < end)
            m_pieces.emplace_back(m_bytes.data() + begin, end - begin);
    };
    for (qint32 cut = reader.lastCut; cut != kNone; cut = m_cuts[size_t(cut)].previous) {
        add(m_cuts[size_t(cut)].end);
        end = m_cuts[size_t(cut)].begin;
    }
    add(reader.begin);
    std::ranges::reverse(m_pieces);
    reader.begin = quint32(m_bytes.size());
    reader.lastCut = kNone;
    return m_pieces;
}

void TurnLog::settle(Recipient &recipient)
{
    Q_ASSERT(isReading(recipient));
    for (const std::span<const char> piece : slice(m_readers[recipient.m_place]))
        recipient.append(piece);
}

void TurnLog::flush(std::vector<Recipient *> &waiting)
{
    if (m_bytes.empty())
        return;
    const size_t before = waiting.size();
    for (Reader &reader : m_readers) {
        if (&reader != &m_readers.back())
            prefetch((&reader + 1)->recipient);
        if (const Pieces pieces = slice(reader); !pieces.empty()) {
            reader.recipient->sendNow(pieces);
            if (reader.recipient->isWaiting())
                waiting.push_back(reader.recipient);
        }
        reader.begin = 0;
    }
    m_buffers.give(std::exchange(m_bytes, {}));
    m_cuts.clear();
    for (size_t i = before; i < waiting.size(); ++i)
        remove(*waiting[i]);
}

} // namespace Rollcall::Realtime
