// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "support/testredis.h"

#include <QDeadlineTimer>
#include <QFile>
#include <QThread>

#include <hiredis/hiredis.h>

#include <csignal>
#include <memory>
#include <sys/prctl.h>
#include <vector>

namespace Rollcall {

using namespace std::chrono_literals;

namespace {

using Context = std::unique_ptr<redisContext, decltype(&redisFree)>;

Context connectTo(const QString &path)
{
    return {redisConnectUnixWithTimeout(path.toLocal8Bit().constData(), {5, 0}), &redisFree};
}

RedisReply convert(const redisReply *from)
{
    RedisReply reply;
    if (!from) {
        reply.type = RedisReply::Type::Failure;
        return reply;
    }
    switch (from->type) {
    case REDIS_REPLY_STRING:
        reply.type = RedisReply::Type::Text;
        break;
    case REDIS_REPLY_STATUS:
        reply.type = RedisReply::Type::Status;
        break;
    case REDIS_REPLY_ERROR:
        reply.type = RedisReply::Type::Error;
        break;
    case REDIS_REPLY_INTEGER:
        reply.type = RedisReply::Type::Integer;
        break;
    case REDIS_REPLY_ARRAY:
        reply.type = RedisReply::Type::Array;
        break;
    default:
        reply.type = RedisReply::Type::Null;
    }
    if (from->str)
        reply.text = QByteArray(from->str, qsizetype(from->len));
    reply.integer = from->integer;
    for (size_t i = 0; i < from->elements; ++i)
        reply.elements.push_back(convert(from->element[i]));
    return reply;
}

RedisReply run(redisContext *context, const QByteArrayList &arguments)
{
    if (!context || context->err)
        return convert(nullptr);
    std::vector<const char *> texts;
    std::vector<size_t> lengths;
    for (const QByteArray &argument : arguments) {
        texts.push_back(argument.constData());
        lengths.push_back(size_t(argument.size()));
    }
    redisSetTimeout(context, {5, 0});
    auto *answer = static_cast<redisReply *>(
        redisCommandArgv(context, int(texts.size()), texts.data(), lengths.data()));
    const RedisReply reply = convert(answer);
    if (answer)
        freeReplyObject(answer);
    return reply;
}

} // namespace

TestRedis::TestRedis(const QStringList &arguments)
    : m_directory(QStringLiteral("/tmp/rollcall-test-XXXXXX"))
    , m_arguments(arguments)
{
    const qsizetype password = arguments.indexOf(QStringLiteral("--requirepass"));
    if (password >= 0 && password + 1 < arguments.size())
        m_password = arguments.at(password + 1).toUtf8();
    m_process.setStandardOutputFile(m_directory.filePath(QStringLiteral("log")), QIODevice::Append);
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    // A test that crashes must not leave its server behind.
    m_process.setChildProcessModifier([] { prctl(PR_SET_PDEATHSIG, SIGKILL); });
    launch();
}

TestRedis::~TestRedis() { kill(); }

QString TestRedis::socketPath() const { return m_directory.filePath(QStringLiteral("redis.sock")); }

QString TestRedis::url() const { return QStringLiteral("unix://") + socketPath(); }

RedisOptions TestRedis::options() const
{
    RedisOptions options;
    options.socket = RedisOptions::Socket::Unix;
    options.host = socketPath();
    options.password = m_password;
    return options;
}

void TestRedis::launch()
{
    QStringList arguments{QStringLiteral("--port"),
                          QStringLiteral("0"),
                          QStringLiteral("--unixsocket"),
                          socketPath(),
                          QStringLiteral("--dir"),
                          m_directory.path(),
                          QStringLiteral("--save"),
                          QString(),
                          QStringLiteral("--notify-keyspace-events"),
                          QStringLiteral("Ex")};
    m_process.start(QStringLiteral("redis-server"), arguments + m_arguments);
    if (!m_process.waitForStarted())
        qFatal("redis-server does not start: %s", qPrintable(m_process.errorString()));
    const QDeadlineTimer deadline(10s);
    while (!answers()) {
        if (deadline.hasExpired() || m_process.state() == QProcess::NotRunning) {
            QFile log(m_directory.filePath(QStringLiteral("log")));
            const bool isOpen = log.open(QIODevice::ReadOnly);
            qFatal("redis-server does not answer:\n%s", isOpen ? log.readAll().constData() : "");
        }
        m_process.waitForFinished(5);
    }
}

bool TestRedis::answers()
{
    const RedisReply reply = command({"PING"});
    return reply.text == "PONG";
}

void TestRedis::kill()
{
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.kill();
    m_process.waitForFinished();
}

void TestRedis::stop() { ::kill(pid_t(m_process.processId()), SIGSTOP); }

void TestRedis::resume() { ::kill(pid_t(m_process.processId()), SIGCONT); }

void TestRedis::saveAndKill()
{
    if (const RedisReply reply = command({"SAVE"}); !reply.isOk())
        qFatal("redis-server cannot save: %s", reply.text.constData());
    kill();
}

void TestRedis::restart(Data data)
{
    if (m_process.state() != QProcess::NotRunning) {
        if (data == Data::Kept)
            saveAndKill();
        else
            kill();
    }
    if (data == Data::Lost)
        QFile::remove(m_directory.filePath(QStringLiteral("dump.rdb")));
    launch();
}

RedisReply TestRedis::command(const QByteArrayList &arguments)
{
    const Context context = connectTo(socketPath());
    if (!m_password.isEmpty())
        run(context.get(), {"AUTH", m_password});
    return run(context.get(), arguments);
}

} // namespace Rollcall
