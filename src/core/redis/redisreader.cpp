// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/redis/redisreader_p.h"

#include <hiredis/hiredis.h>

#include <algorithm>
#include <cstring>

namespace Rollcall {

namespace {

/// Longer lines (a status, an error, a number, the length of a text) are not something Redis says.
/// Without this cap hiredis would search an endless line from its start at every feed.
constexpr size_t kMaxLine = 64 * 1024;

} // namespace

/// What hiredis calls while it reads. Generic lambdas, because the length is int in 0.14 and size_t
/// since 1.0.
struct RedisReplyFactory
{
    static RedisReader *reader(const redisReadTask *task)
    {
        return static_cast<RedisReader *>(task->privdata);
    }
    static RedisReply::Type typeOf(const redisReadTask *task)
    {
        switch (task->type) {
        case REDIS_REPLY_ERROR:
            return RedisReply::Type::Error;
        case REDIS_REPLY_STATUS:
            return RedisReply::Type::Status;
        default:
            return RedisReply::Type::Text;
        }
    }
    static redisReplyObjectFunctions functions()
    {
        redisReplyObjectFunctions functions{};
        functions.createString = [](const redisReadTask *task, char *text,
                                    size_t length) -> void * {
            RedisReply *reply = reader(task)->create(task, typeOf(task), qint64(length));
            if (reply)
                reply->text = QByteArray(text, qsizetype(length));
            return reply;
        };
        functions.createArray = [](const redisReadTask *task, auto count) -> void * {
            RedisReader *self = reader(task);
            const qint64 announced = qint64(count);
            if (announced > self->m_maxElements - self->m_elements) {
                self->fail(QStringLiteral(
                               "a reply announces %1 elements, more than redis.maxReplyElements")
                               .arg(announced));
                return nullptr;
            }
            RedisReply *reply = self->create(task, RedisReply::Type::Array, 0);
            // Not all at once: what is announced need not come.
            if (reply)
                reply->elements.reserve(size_t(std::min<qint64>(announced, 1024)));
            return reply;
        };
        functions.createInteger = [](const redisReadTask *task, long long value) -> void * {
            RedisReply *reply = reader(task)->create(task, RedisReply::Type::Integer, 0);
            if (reply)
                reply->integer = value;
            return reply;
        };
        functions.createNil = [](const redisReadTask *task) -> void * {
            return reader(task)->create(task, RedisReply::Type::Null, 0);
        };
        functions.freeObject = [](void *) {}; // all objects live in m_root
        return functions;
    }
};

void RedisReader::ReaderDeleter::operator()(redisReader *reader) const { redisReaderFree(reader); }

RedisReader::RedisReader(qint64 maxReplyBytes, qint64 maxReplyElements)
    : m_maxBytes(maxReplyBytes)
    , m_maxElements(maxReplyElements)
{
    static redisReplyObjectFunctions functions = RedisReplyFactory::functions();
    m_reader.reset(redisReaderCreateWithFunctions(&functions));
    if (m_reader)
        m_reader->privdata = this;
    else
        fail(QStringLiteral("out of memory"));
}

RedisReader::~RedisReader() = default;

bool RedisReader::fail(const QString &why)
{
    if (m_failure.isEmpty())
        m_failure = why;
    return false;
}

RedisReply *RedisReader::create(const redisReadTask *task, RedisReply::Type type, qint64 bytes)
{
    m_bytes += bytes;
    m_elements += 1;
    if (m_bytes > m_maxBytes) {
        fail(QStringLiteral("a reply is larger than redis.maxReplyBytes (%1)").arg(m_maxBytes));
        return nullptr;
    }
    if (m_elements > m_maxElements + 1) { // the outermost array is none of its own elements
        fail(QStringLiteral("a reply has more elements than redis.maxReplyElements (%1)")
                 .arg(m_maxElements));
        return nullptr;
    }
    RedisReply *reply = &m_root;
    if (task->parent) {
        // hiredis fills arrays depth first and never goes back to a sibling: growing the vector is
        // safe.
        auto &elements = static_cast<RedisReply *>(task->parent->obj)->elements;
        reply = &elements.emplace_back();
    } else {
        m_root = RedisReply();
    }
    reply->type = type;
    return reply;
}

bool RedisReader::feed(QByteArrayView bytes)
{
    if (hasFailed())
        return false;
    const size_t pending = m_reader->len - m_reader->pos;
    if (m_bytes + qint64(pending) + bytes.size() > m_maxBytes + qint64(kMaxLine))
        return fail(
            QStringLiteral("a reply is larger than redis.maxReplyBytes (%1)").arg(m_maxBytes));
    if (pending > kMaxLine && !std::memchr(m_reader->buf + m_reader->pos, '\n', kMaxLine))
        return fail(QStringLiteral("not the Redis protocol: a line without end"));
    if (redisReaderFeed(m_reader.get(), bytes.data(), size_t(bytes.size())) != REDIS_OK)
        return fail(QString::fromLatin1(m_reader->errstr));
    return true;
}

bool RedisReader::take(RedisReply &reply)
{
    if (hasFailed())
        return false;
    void *object = nullptr;
    if (redisReaderGetReply(m_reader.get(), &object) != REDIS_OK) {
        // errstr may quote a byte of the stream, nothing more.
        return fail(QStringLiteral("not the Redis protocol: %1")
                        .arg(QString::fromLatin1(m_reader->errstr)));
    }
    if (!object)
        return false;
    reply = std::move(m_root);
    m_root = RedisReply();
    m_bytes = 0;
    m_elements = 0;
    return true;
}

} // namespace Rollcall
