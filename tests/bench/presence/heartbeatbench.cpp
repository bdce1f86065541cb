// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "bench/presence/heartbeatbench.h"

#include "bench/presence/commonways.h"
#include "bench/presence/ourway.h"
#include "bench/presence/pacer.h"
#include "bench/presence/redisusage.h"
#include "bench/presence/standstill.h"
#include "bench/presence/statistics.h"

#include <algorithm>
#include <cstdio>

namespace Rollcall::Bench {

namespace {

using namespace std::chrono_literals;

constexpr auto kRest = 3s;
// What a person's writing time is off from its place in the cycle becomes a fifth of that with each
// cycle.
constexpr int kSettlingCycles = 5;

struct Subject
{
    Subject(std::unique_ptr<HeartbeatWay> itsWay, const Crowd &crowd)
        : way(std::move(itsWay))
        , pacer(*way, crowd)
        , standstill(way->redis)
    { }

    std::unique_ptr<HeartbeatWay> way;
    Pacer pacer;
    Standstill standstill;
    double bytesPerMember = 0;
    std::vector<double> idle; // Redis' CPU while nobody beats, us per second
};

/// By round, per heartbeat.
struct Figures
{
    std::vector<double> redisMicroseconds;
    std::vector<double> ownMicroseconds;
    std::vector<double> commands;
    std::vector<double> commandsPerWrite;
    std::vector<double> pace; // heartbeats/s

    template <typename Run>
    void measure(HeartbeatWay &way, Run run)
    {
        const quint64 commandsBefore = way.commands();
        const quint64 writesBefore = way.writes();
        const RedisUsage before = RedisUsage::of(way.redis);
        const auto begin = std::chrono::steady_clock::now();
        const auto ownBefore = threadCpu();
        const double count = run();
        const std::chrono::duration<double, std::micro> own = threadCpu() - ownBefore;
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
        const RedisUsage after = RedisUsage::of(way.redis);
        const double sent = double(way.commands() - commandsBefore);
        redisMicroseconds.push_back((after.cpuSeconds - before.cpuSeconds) * 1e6 / count);
        std::fprintf(stderr, "bench:   %.2f us\n", redisMicroseconds.back());
        ownMicroseconds.push_back(own.count() / count);
        commands.push_back(sent / count);
        commandsPerWrite.push_back(sent / double(way.writes() - writesBefore));
        pace.push_back(count / took.count());
    }
};

using Subjects = std::vector<std::unique_ptr<Subject>>;

void print(const Subjects &subjects, const std::vector<Figures> &all)
{
    std::printf("%-46s %8s %6s %8s %7s %7s %8s %7s %8s %8s\n", "way", "Redis us", "spread",
                "commands", "of (a)", "of (b)", "own us", "c/write", "beats/s", "B/member");
    const auto cost = [&](size_t i) { return median(all[i].redisMicroseconds); };
    for (size_t i = 0; i < all.size(); ++i) {
        std::printf("%-46s %8.2f %5.0f%% %8.4f %7.4f %7.4f %8.2f %7.1f %8.0f %8.0f\n",
                    subjects[i]->way->name().constData(), cost(i),
                    spread(all[i].redisMicroseconds) * 100, median(all[i].commands),
                    cost(i) / cost(0), cost(i) / cost(1), median(all[i].ownMicroseconds),
                    median(all[i].commandsPerWrite), median(all[i].pace),
                    subjects[i]->bytesPerMember);
    }
    for (const Figures &figures : all) {
        std::printf("  by round, Redis us:");
        for (const double each : figures.redisMicroseconds)
            std::printf(" %.2f", each);
        const auto [least, most] = std::ranges::minmax(figures.commands);
        std::printf("; commands %.4f to %.4f\n", least, most);
    }
    std::fflush(stdout);
}

/// What is left when the CPU that the same Redis takes while nobody beats is subtracted.
void printWithoutIdle(const Subjects &subjects, const std::vector<Figures> &all, double rate)
{
    const auto idle = [&](size_t i) { return median(subjects[i]->idle) / rate; };
    const auto net = [&](size_t i) { return median(all[i].redisMicroseconds) - idle(i); };
    std::printf("without what Redis takes while nobody beats:\n");
    for (size_t i = 0; i < all.size(); ++i) {
        std::printf("%-46s idle %.2f us, the rest %.2f us: %.4f of (a), %.4f of (b)\n",
                    subjects[i]->way->name().constData(), idle(i), net(i), net(i) / net(0),
                    net(i) / net(1));
    }
    std::fflush(stdout);
}

Subjects makeSubjects(const Crowd &crowd)
{
    const Presence::PresenceConfig full;
    Presence::PresenceConfig lean = full;
    lean.profile = Presence::PresenceConfig::Profile::Lean;
    Subjects subjects;
    const auto add = [&](std::unique_ptr<HeartbeatWay> way) {
        subjects.push_back(std::make_unique<Subject>(std::move(way), crowd));
    };
    add(std::make_unique<UnpipelinedWay>(crowd));
    add(std::make_unique<ScriptWay>(crowd, ScriptWay::Sending::AsItComes));
    add(std::make_unique<ScriptWay>(crowd, ScriptWay::Sending::Collected));
    add(std::make_unique<OurWay>(crowd, full, "Rollcall, profile full"));
    add(std::make_unique<OurWay>(crowd, lean, "Rollcall, profile lean"));
    return subjects;
}

void fill(Subject &subject, const Crowd &crowd)
{
    std::fprintf(stderr, "bench: filling \"%s\"\n", subject.way->name().constData());
    const double empty = RedisUsage::of(subject.way->redis).memoryBytes;
    subject.way->populate();
    // Only ours is not the same with every beat.
    if (dynamic_cast<OurWay *>(subject.way.get()))
        subject.pacer.runCompressed(kSettlingCycles * Pacer::kCycle);
    subject.bytesPerMember =
        (RedisUsage::of(subject.way->redis).memoryBytes - empty) / crowd.size();
    subject.way->check();
    subject.standstill.begin();
}

void measureIdle(const Subjects &subjects)
{
    std::vector<double> before;
    for (const auto &subject : subjects)
        before.push_back(RedisUsage::of(subject->way->redis).cpuSeconds);
    rest(kRest);
    for (size_t i = 0; i < subjects.size(); ++i)
        subjects[i]->idle.push_back((RedisUsage::of(subjects[i]->way->redis).cpuSeconds - before[i])
                                    * 1e6 / std::chrono::seconds(kRest).count());
}

template <typename Run>
void measureRound(const char *what, const Subjects &subjects, std::vector<Figures> &all, Run run)
{
    for (size_t i = 0; i < subjects.size(); ++i) {
        Subject &subject = *subjects[i];
        std::fprintf(stderr, "bench: %s, \"%s\"\n", what, subject.way->name().constData());
        subject.standstill.end();
        run(subject, all[i]);
        subject.way->check();
        subject.standstill.begin();
    }
}

} // namespace

void runHeartbeats(const Crowd &crowd, const HeartbeatPlan &plan)
{
    std::printf("\nheartbeats: %d rooms x %d members, a beat each 15 s, TTL %d s, all figures per "
                "heartbeat\n",
                crowd.rooms, crowd.members, int(kTtl.count()));
    const Subjects subjects = makeSubjects(crowd);
    for (const auto &subject : subjects)
        fill(*subject, crowd);
    std::vector<Figures> paced(subjects.size());
    for (int round = 0; round < plan.rounds; ++round) {
        measureIdle(subjects);
        measureRound("real time", subjects, paced, [&](Subject &subject, Figures &figures) {
            subject.pacer.run(plan.warmUp);
            figures.measure(*subject.way, [&] { return subject.pacer.run(plan.window); });
        });
    }
    std::printf("%d rounds in real time, %d ms each\n", plan.rounds, int(plan.window.count()));
    print(subjects, paced);
    printWithoutIdle(subjects, paced, double(crowd.size()) / double(kBeat.count()));
    if (plan.compressedRounds == 0)
        return;
    std::vector<Figures> compressed(subjects.size());
    for (int round = 0; round < plan.compressedRounds; ++round) {
        measureRound("back to back", subjects, compressed, [](Subject &subject, Figures &figures) {
            figures.measure(*subject.way,
                            [&] { return subject.pacer.runCompressed(Pacer::kCycle); });
        });
    }
    std::printf("%d rounds back to back, %d s of heartbeats each\n", plan.compressedRounds,
                int(Pacer::kCycle.count()));
    print(subjects, compressed);
}

} // namespace Rollcall::Bench
