// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "bench/presence/heartbeatbench.h"

#include "bench/presence/commonways.h"
#include "bench/presence/ourway.h"
#include "bench/presence/redisusage.h"
#include "bench/presence/statistics.h"

#include <cstdio>

namespace Rollcall::Bench {

namespace {

struct Figures
{
    std::unique_ptr<HeartbeatWay> way;
    std::vector<double> redisMicroseconds; // per heartbeat, by round
    std::vector<double> ownMicroseconds;
    std::vector<double> commands;
    double bytesPerMember = 0;
};

void beat(HeartbeatWay &way, int people)
{
    for (int tick = 0; tick < kTicksPerBeat; ++tick)
        way.tick(int(qint64(people) * tick / kTicksPerBeat),
                 int(qint64(people) * (tick + 1) / kTicksPerBeat));
}

void measure(Figures &figures, const Crowd &crowd)
{
    HeartbeatWay &way = *figures.way;
    const double heartbeats = double(way.beatsPerRound()) * crowd.size();
    const quint64 commands = way.commands();
    const RedisUsage before = RedisUsage::of(way.redis);
    const auto own = threadCpu();
    for (int i = 0; i < way.beatsPerRound(); ++i)
        beat(way, crowd.size());
    const std::chrono::duration<double, std::micro> spent = threadCpu() - own;
    const RedisUsage after = RedisUsage::of(way.redis);
    figures.redisMicroseconds.push_back((after.cpuSeconds - before.cpuSeconds) * 1e6 / heartbeats);
    figures.ownMicroseconds.push_back(spent.count() / heartbeats);
    figures.commands.push_back(double(way.commands() - commands) / heartbeats);
}

void print(const std::vector<Figures> &all)
{
    const double unpipelined = median(all[0].redisMicroseconds);
    const double script = median(all[1].redisMicroseconds);
    std::printf("%-46s %9s %7s %8s %7s %7s %8s %8s\n", "way", "Redis us", "spread", "commands",
                "of (a)", "of (b)", "own us", "B/member");
    for (const Figures &figures : all) {
        const double cost = median(figures.redisMicroseconds);
        std::printf("%-46s %9.2f %6.0f%% %8.3f %7.3f %7.3f %8.2f %8.0f\n",
                    figures.way->name().constData(), cost, spread(figures.redisMicroseconds) * 100,
                    median(figures.commands), cost / unpipelined, cost / script,
                    median(figures.ownMicroseconds), figures.bytesPerMember);
    }
    std::fflush(stdout);
}

} // namespace

void runHeartbeats(const Crowd &crowd, int rounds)
{
    std::printf("\nheartbeats: %d rooms x %d members, a beat each 15 s, TTL %d s, %d rounds, "
                "all figures per heartbeat\n",
                crowd.rooms, crowd.members, int(kTtl.count()), rounds);
    // Renewed as often as ever, but it must outlive the other ways' turns, during which our clock
    // stands still: a node that lost its lease would check everything again.
    Presence::PresenceConfig full;
    full.lease = std::chrono::hours(1);
    Presence::PresenceConfig lean = full;
    lean.profile = Presence::PresenceConfig::Profile::Lean;
    std::vector<Figures> all;
    const auto add = [&all](std::unique_ptr<HeartbeatWay> way) {
        all.emplace_back().way = std::move(way);
    };
    add(std::make_unique<UnpipelinedWay>(crowd));
    add(std::make_unique<ScriptWay>(crowd));
    add(std::make_unique<OurWay>(crowd, full, "Rollcall, profile full"));
    add(std::make_unique<OurWay>(crowd, lean, "Rollcall, profile lean"));
    for (Figures &figures : all) {
        std::fprintf(stderr, "bench: filling \"%s\"\n", figures.way->name().constData());
        const double empty = RedisUsage::of(figures.way->redis).memoryBytes;
        figures.way->populate();
        for (int i = 1; i < figures.way->beatsPerRound(); ++i)
            beat(*figures.way, crowd.size()); // the first cycle is not like the others
        figures.bytesPerMember =
            (RedisUsage::of(figures.way->redis).memoryBytes - empty) / crowd.size();
    }
    for (int round = 0; round < rounds; ++round) {
        for (Figures &figures : all) {
            std::fprintf(stderr, "bench: round %d of %d, \"%s\"\n", round + 1, rounds,
                         figures.way->name().constData());
            measure(figures, crowd);
        }
    }
    print(all);
}

} // namespace Rollcall::Bench
