// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "bench/presence/resyncbench.h"

#include "bench/presence/benchnode.h"
#include "bench/presence/httpconnection.h"
#include "bench/presence/probe.h"
#include "bench/presence/rawredis.h"
#include "bench/presence/redisusage.h"
#include "bench/presence/resyncnode.h"
#include "bench/presence/statistics.h"

#include <QAbstractEventDispatcher>
#include <QCoreApplication>

#include <algorithm>
#include <cstdio>

namespace Rollcall::Bench {

namespace {

using Seconds = std::chrono::duration<double>;

struct Figures
{
    std::vector<double> seconds;
    std::vector<double> untilFresh; // of a node
    std::vector<double> redisSeconds;
    std::vector<double> bytes; // written to Redis
    std::vector<double> pings; // ms
    std::vector<double> lists;

    template <typename Work>
    void measure(TestRedis &redis, quint16 port, Work work)
    {
        redis.command({"FLUSHALL"});
        RawRedis connection(redis.socketPath());
        HttpConnection http(port);
        const QByteArray ping = RawRedis::encode({"PING"});
        Probe pingProbe([&] { connection.run(ping, 1); }, std::chrono::milliseconds(2));
        Probe listProbe([&] { http.get("/rooms?limit=10"); }, std::chrono::milliseconds(10));
        const RedisUsage before = RedisUsage::of(redis);
        const ResyncNode::Took took = work();
        seconds.push_back(took.resync.count());
        untilFresh.push_back(took.untilFresh.count());
        const RedisUsage after = RedisUsage::of(redis);
        redisSeconds.push_back(after.cpuSeconds - before.cpuSeconds);
        bytes.push_back(after.inputBytes - before.inputBytes);
        pingProbe.stop();
        listProbe.stop();
        // The list is answered by this thread.
        runUntil([&] { return listProbe.isDone(); }, "GET /rooms");
        append(pings, pingProbe.finish());
        append(lists, listProbe.finish());
    }
    static void append(std::vector<double> &all, const std::vector<double> &more)
    {
        all.insert(all.end(), more.begin(), more.end());
    }
    void printBytes(const char *name, const Crowd &crowd) const
    {
        const auto [least, most] = std::ranges::minmax(bytes);
        std::printf("%s: %.0f bytes written per member (%.0f to %.0f)\n", name,
                    median(bytes) / crowd.size(), least / crowd.size(), most / crowd.size());
    }
    void print(const char *name) const
    {
        std::printf("%-40s %9.3f %6.0f%% %9.3f %9.3f %9.2f %9.2f %9.2f %9.2f\n", name,
                    median(seconds), spread(seconds) * 100, median(untilFresh),
                    median(redisSeconds), median(pings), *std::ranges::max_element(pings),
                    median(lists), *std::ranges::max_element(lists));
    }
};

/// On a thread of its own: the host answers GET /rooms meanwhile.
ResyncNode::Took setsOf(const TestRedis &redis, const QByteArray &commands, int count)
{
    Seconds took{0};
    std::atomic<bool> isDone = false;
    std::thread writer([&] {
        RawRedis connection(redis.socketPath());
        const auto begin = std::chrono::steady_clock::now();
        connection.run(commands, count);
        took = std::chrono::steady_clock::now() - begin;
        isDone = true;
        QCoreApplication::eventDispatcher()->wakeUp();
    });
    runUntil([&isDone] { return isDone.load(); }, "the plain SETs");
    writer.join();
    return {took, took};
}

/// Says so when it took more than one: a connection that is lost on the way begins another, and
/// what was written until then is read and checked.
ResyncNode::Took resynchronize(ResyncNode &node)
{
    const int connections = node.connections();
    const int resyncs = node.resyncs();
    const ResyncNode::Took took = node.resynchronize();
    if (node.connections() != connections + 1 || node.resyncs() != resyncs + 1)
        std::printf("  this round: %d connections, %d resyncs\n", node.connections() - connections,
                    node.resyncs() - resyncs);
    return took;
}

/// Commands together as many bytes; `life`: of the keys, in s; empty: endless.
QByteArray plainSets(const QByteArrayList &keys, double bytes, const QByteArray &life = {})
{
    const auto set = [&life](const QByteArray &key, const QByteArray &value) {
        return life.isEmpty() ? RawRedis::encode({"SET", key, value})
                              : RawRedis::encode({"SET", key, value, "EX", life});
    };
    const qsizetype length = qsizetype(bytes / double(keys.size())) - set(keys.front(), "").size();
    const QByteArray value(std::max<qsizetype>(1, length - 2), 'x');
    QByteArray commands;
    for (const QByteArray &key : keys)
        commands += set(key, value);
    return commands;
}

QByteArrayList keysOf(const Crowd &crowd, const QByteArray &prefix)
{
    QByteArrayList keys;
    for (int i = 0; i < crowd.size(); ++i)
        keys.append(prefix + userName(i));
    return keys;
}

} // namespace

void runResync(const Crowd &crowd, int rounds)
{
    std::printf("\nresync: %d members in %d rooms, %d rounds\n", crowd.size(), crowd.rooms, rounds);
    Presence::PresenceConfig leanConfig;
    leanConfig.profile = Presence::PresenceConfig::Profile::Lean;
    ResyncNode full(crowd, {});
    ResyncNode lean(crowd, leanConfig);
    std::fprintf(stderr, "bench: filling for the resync\n");
    full.populate();
    lean.populate();
    TestRedis plain;
    Figures ours;
    Figures ourLean;
    Figures sets;
    Figures threeSets;
    for (int round = 0; round < rounds; ++round) {
        std::fprintf(stderr, "bench: resync, round %d of %d\n", round + 1, rounds);
        ours.measure(full.redis, full.port(), [&] { return resynchronize(full); });
        ourLean.measure(lean.redis, lean.port(), [&] { return resynchronize(lean); });
        const double bytes = ours.bytes.back();
        const QByteArray commands = plainSets(keysOf(crowd, "bench:"), bytes);
        sets.measure(plain, full.port(), [&] { return setsOf(plain, commands, crowd.size()); });
        // As many keys, and as many of them with a deadline.
        const QByteArray third = plainSets(keysOf(crowd, "bench:a:"), bytes / 3, "21600")
            + plainSets(keysOf(crowd, "bench:b:"), bytes / 3, "21600")
            + plainSets(keysOf(crowd, "bench:c:"), bytes / 3);
        threeSets.measure(plain, full.port(),
                          [&] { return setsOf(plain, third, 3 * crowd.size()); });
    }
    ours.printBytes("full", crowd);
    ourLean.printBytes("lean", crowd);
    sets.printBytes("SET", crowd);
    threeSets.printBytes("three SETs", crowd);
    std::printf("%-40s %9s %7s %9s %9s %9s %9s %9s %9s\n", "", "seconds", "spread", "fresh",
                "Redis s", "PING ms", "worst", "/rooms ms", "worst");
    ours.print("Rollcall, profile full");
    ourLean.print("Rollcall, profile lean");
    sets.print("plain pipelined SET, as many bytes");
    threeSets.print("... as many keys too, 2 of 3 with EX");
    std::printf("full: %.2f times the plain SET; Redis' CPU alone: %.2f times\n",
                median(ours.seconds) / median(sets.seconds),
                median(ours.redisSeconds) / median(sets.redisSeconds));
    std::printf("full: %.2f times as many SETs as keys; Redis' CPU alone: %.2f times\n",
                median(ours.seconds) / median(threeSets.seconds),
                median(ours.redisSeconds) / median(threeSets.redisSeconds));
    std::fflush(stdout);
}

} // namespace Rollcall::Bench
