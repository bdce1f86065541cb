// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/redis/redisreply.h"

#include <QString>

#include <memory>

struct redisReader;
struct redisReadTask;

namespace Rollcall {

/// Turns the bytes of a connection into replies, with caps on what one reply may cost.
///
/// After a failure (not RESP, or a reply above the caps) the stream cannot be read on: drop the
/// connection.
class RedisReader
{
public:
    RedisReader(qint64 maxReplyBytes, qint64 maxReplyElements);
    ~RedisReader();

    /// Alternate with take() until it is empty: feed at most a few KiB at a time.
    bool feed(QByteArrayView bytes);
    /// False: no complete reply yet, or failed.
    bool take(RedisReply &reply);

    bool hasFailed() const { return !m_failure.isEmpty(); }
    const QString &failure() const { return m_failure; }

private:
    struct ReaderDeleter
    {
        void operator()(redisReader *reader) const;
    };
    friend struct RedisReplyFactory;

    RedisReply *create(const redisReadTask *task, RedisReply::Type type, qint64 bytes);
    bool fail(const QString &why);

    std::unique_ptr<redisReader, ReaderDeleter> m_reader;
    RedisReply m_root;
    qint64 m_maxBytes;
    qint64 m_maxElements;
    qint64 m_bytes = 0; // of the reply being read
    qint64 m_elements = 0;
    QString m_failure;
};

} // namespace Rollcall
