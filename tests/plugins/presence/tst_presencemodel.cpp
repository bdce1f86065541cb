// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

// Random operations on three nodes and one real Redis, against a model of who is where. A failing
// run is repeated with ROLLCALL_TEST_SEED; ROLLCALL_TEST_TRACE=1 prints what was done.
#include "enginenode.h"
#include "modelnode.h"
#include "presencemodel.h"

#include <QDeadlineTimer>
#include <QElapsedTimer>
#include <QTest>

#include <random>

using namespace Rollcall;
using namespace Rollcall::Presence;
using namespace std::chrono_literals;

namespace {

constexpr int kNodes = PresenceModel::kNodes;
constexpr int kRooms = 14;
constexpr int kUsers = 60;
constexpr int kHallUsers = 400; // one room is larger than what REAP takes in one call
constexpr size_t kConnections = 1'500;
constexpr int kOperations = 30'000;
constexpr int kCheckEvery = 500;
constexpr auto kTtl = 3h;
constexpr auto kSettleTime = 40s;

using Names = PresenceModel::Names;
using SeatKey = PresenceModel::SeatKey;

} // namespace

class tst_PresenceModel : public QObject
{
    Q_OBJECT
private:
    unsigned roll(unsigned sides) { return unsigned(m_random() % sides); }
    void trace(const char *what, int node, const QByteArray &more = {})
    {
        if (m_isTracing)
            qInfo("%d %s n%d %s", m_step, what, node, more.constData());
    }
    SeatKey anySeat()
    {
        if (roll(3) == 0)
            return {"/hall", "h" + QByteArray::number(roll(kHallUsers))};
        return {"room:" + QByteArray::number(roll(kRooms)),
                (roll(5) ? "u" : "anon:g:") + QByteArray::number(roll(kUsers))};
    }
    /// A seat that the node holds, with one of its connections.
    std::optional<std::pair<SeatKey, quint64>> heldSeat(int node)
    {
        auto &seats = m_model.of(node);
        if (seats.empty())
            return std::nullopt;
        auto seat = seats.lower_bound(anySeat());
        if (seat == seats.end())
            seat = seats.begin();
        return std::pair(
            seat->first,
            std::next(seat->second.begin(), long(roll(unsigned(seat->second.size()))))->first);
    }
    void start(int node)
    {
        const QByteArray name =
            "n" + QByteArray::number(node) + '.' + QByteArray::number(++m_incarnation);
        trace("start", node, name);
        m_model.setName(node, name);
        m_nodes[node] = std::make_unique<ModelNode>(*m_redis, m_clock, name, m_config);
    }
    void crash(int node)
    {
        trace("crash", node);
        m_nodes[node].reset();
        m_model.of(node).clear();
        m_model.setName(node, {});
    }
    void drain(int node)
    {
        trace("drain", node);
        std::vector<quint64> connections;
        for (const auto &[seat, held] : m_model.of(node)) {
            for (const auto &[connection, state] : held)
                connections.push_back(connection);
        }
        m_nodes[node]->call([&](EngineNode &running) {
            running.engine.drain({});
            for (const quint64 connection : connections)
                running.engine.connectionEnded(ConnectionId(connection), LeaveReason::Drained);
        });
        crash(node);
    }

    void join(int node, const SeatKey &seat)
    {
        const quint64 connection = ++m_connection;
        trace("join", node, seat.room + ' ' + seat.user + ' ' + QByteArray::number(connection));
        enter(node, seat, connection);
        m_model.of(node)[seat][connection] = MemberState::Active;
    }
    void enter(int node, const SeatKey &seat, quint64 connection)
    {
        ModelNode *target = m_nodes[node].get();
        target->post([target, seat, connection](EngineNode &running) {
            Member member;
            member.user = UserId(seat.user);
            member.displayName = seat.user;
            running.engine.join({ConnectionId(connection), RoomId(seat.room), RoomKind::Room,
                                 Dialect::Rooms, member},
                                &running.engine,
                                [target](const RoomSnapshot &snapshot) { target->show(snapshot); });
        });
    }
    void leave(int node, const SeatKey &seat, quint64 connection)
    {
        trace("leave", node, seat.room + ' ' + seat.user + ' ' + QByteArray::number(connection));
        m_nodes[node]->post([seat, connection](EngineNode &running) {
            running.leave(connection, RoomId(seat.room));
        });
        m_model.remove(node, seat, connection);
    }
    void lose(int node, const SeatKey &seat, quint64 connection)
    {
        trace("lose", node, seat.room + ' ' + seat.user + ' ' + QByteArray::number(connection));
        m_nodes[node]->post([connection](EngineNode &running) { running.lose(connection); });
        m_model.remove(node, seat, connection);
    }
    void operate(int node)
    {
        const unsigned dice = roll(1000);
        const bool isFull = m_model.connectionCount() > kConnections;
        if (dice < (isFull ? 250u : 460u)) {
            join(node, anySeat());
            return;
        }
        const auto held = heldSeat(node);
        if (!held)
            return;
        const auto &[seat, connection] = *held;
        const int other = int(roll(kNodes));
        if (dice < 720) {
            leave(node, seat, connection);
        } else if (dice < 780) { // repeated
            join(node, seat);
            enter(node, seat, connection);
            m_model.of(node)[seat][connection] = MemberState::Active;
        } else if (dice < 820) { // repeated, and never begun
            leave(node, seat, connection);
            leave(node, seat, connection);
            leave(node, anySeat(), ++m_connection);
        } else if (dice < 850) { // out and in again
            leave(node, seat, connection);
            join(node, seat);
        } else if (dice < 880) { // lost, and back by another connection
            lose(node, seat, connection);
            join(node, seat);
        } else if (dice < 900) { // the same in the wrong order
            join(node, seat);
            lose(node, seat, connection);
        } else if (dice < 920) { // lost, and back on another node
            lose(node, seat, connection);
            if (m_nodes[other])
                join(other, seat);
        } else if (dice < 940) { // lost for good: gone after the grace
            lose(node, seat, connection);
        } else if (dice < 970) {
            const MemberState state = roll(2) ? MemberState::Away : MemberState::Active;
            trace("state", node, seat.room + ' ' + seat.user);
            m_nodes[node]->post([seat, connection, state](EngineNode &running) {
                running.engine.setState(ConnectionId(connection), RoomId(seat.room), state);
            });
            m_model.of(node)[seat][connection] = state;
        } else {
            m_nodes[node]->post([seat, connection](EngineNode &running) {
                running.engine.touch(ConnectionId(connection), RoomId(seat.room));
            });
        }
    }
    /// What happens to nodes and Redis: some once in a while, all of it in every run.
    void disturb(int node)
    {
        switch (roll(12)) {
        case 0:
        case 1: // restarted within the lease
            crash(node);
            start(node);
            break;
        case 2: // not soon: the others reap it
            if (std::ranges::all_of(m_nodes, [](const auto &each) { return bool(each); }))
                crash(node);
            break;
        case 3:
            if (m_nodes[node]->isPaused())
                break;
            drain(node);
            start(node);
            break;
        case 4:
        case 5:
            if (!std::ranges::any_of(m_nodes,
                                     [](const auto &each) { return each && each->isPaused(); })) {
                trace("pause", node);
                m_nodes[node]->pause();
            }
            break;
        case 6:
        case 7: // whoever looks now finds it dead, and it lives
            trace("lease runs out", node);
            m_redis->command({"ZADD", "presence:nodes", "1", m_nodes[node]->name()});
            break;
        case 8:
            trace("flush", node);
            m_redis->command({"FLUSHALL"});
            break;
        case 9:
            trace("save", node);
            m_redis->command({"SAVE"});
            m_hasSaved = true;
            break;
        case 10:
            trace("redis restarts", node, "empty");
            m_redis->kill();
            m_redis->restart(TestRedis::Data::Lost);
            m_hasSaved = false;
            break;
        case 11: // with what was saved last, however long ago
            trace("redis restarts", node, m_hasSaved ? "with old data" : "with its data");
            if (m_hasSaved)
                m_redis->kill();
            else
                m_redis->saveAndKill();
            m_redis->restart(TestRedis::Data::Kept);
            break;
        }
    }
    /// Ends what keeps the nodes from agreeing: pauses, and absences.
    void recover(bool isFinal)
    {
        for (int node = 0; node < kNodes; ++node) {
            if (m_nodes[node] && m_nodes[node]->isPaused()) {
                // Mostly it stands still for longer than its lease, and is reaped.
                const QByteArray name = m_nodes[node]->name();
                if (roll(4)) {
                    [&] {
                        QTRY_VERIFY_WITH_TIMEOUT(
                            m_redis->command({"ZSCORE", "presence:nodes", name}).text.isEmpty(),
                            5'000);
                    }();
                }
                trace("resume", node);
                m_nodes[node]->resume();
            } else if (!m_nodes[node] && (isFinal || roll(2))) {
                start(node);
            }
        }
    }

    void awaitReplies()
    {
        std::atomic<int> unanswered = 0;
        for (const auto &node : m_nodes) {
            if (!node)
                continue;
            ++unanswered;
            node->afterReplies([&unanswered] { --unanswered; });
        }
        while (unanswered > 0) // a lost connection answers too
            QTest::qSleep(1);
    }
    /// What still differs after a while in which it should not any more.
    QByteArray settle()
    {
        const QDeadlineTimer deadline(kSettleTime);
        QByteArray last;
        for (;;) {
            const QByteArray found = difference();
            if (m_isTracing && found != last)
                qInfo("%d, %lld ms left: %s", m_step, deadline.remainingTime(), found.constData());
            last = found;
            if (found.isEmpty() || deadline.hasExpired())
                return found;
            QTest::qSleep(10);
        }
    }
    QByteArray difference()
    {
        awaitReplies();
        QByteArray found = m_model.differenceIn(*m_redis, m_clock.wallMs(), kTtl);
        for (int node = 0; node < kNodes && found.isEmpty(); ++node) {
            if (m_nodes[node])
                m_nodes[node]->call([&](EngineNode &running) {
                    found = m_model.differenceOn(node, running.engine, m_nodes[node]->announced(),
                                                 m_nodes[node]->online());
                });
        }
        return found;
    }
    SystemClock m_clock;
    PresenceConfig m_config;
    std::unique_ptr<TestRedis> m_redis;
    std::array<std::unique_ptr<ModelNode>, kNodes> m_nodes;
    PresenceModel m_model;
    std::mt19937 m_random;
    int m_step = 0;
    int m_incarnation = 0;
    quint64 m_connection = 0;
    bool m_hasSaved = false;
    bool m_isTracing = qEnvironmentVariableIsSet("ROLLCALL_TEST_TRACE");

private Q_SLOTS:
    void redisAndEveryNodeAgreeWithTheModel()
    {
        bool isGiven = false;
        uint seed = qEnvironmentVariable("ROLLCALL_TEST_SEED").toUInt(&isGiven);
        if (!isGiven)
            seed = std::random_device{}();
        qInfo("ROLLCALL_TEST_SEED=%u", seed);
        m_random.seed(seed);
        m_config.lease = 500ms;
        m_config.leaseInterval = 100ms;
        m_config.drainingLease = 500ms;
        m_config.reconcileInterval = 200ms;
        m_config.occupancyInterval = 50ms;
        for (LivenessTimes &times : m_config.times)
            times = {1h, kTtl, 50ms};
        m_redis = std::make_unique<TestRedis>();
        for (int node = 0; node < kNodes; ++node)
            start(node);
        QElapsedTimer settling;
        qint64 settled = 0;
        for (m_step = 1; m_step <= kOperations; ++m_step) {
            const int node = int(roll(kNodes));
            if (m_nodes[node]) {
                if (roll(250) == 0)
                    disturb(node);
                else
                    operate(node);
            }
            if (roll(40) == 0)
                QTest::qSleep(int(roll(4))); // else everything would be in one pipeline
            if (m_step % kCheckEvery == 0) {
                settling.start();
                recover(m_step == kOperations);
                QCOMPARE(settle(), QByteArray());
                settled += settling.elapsed();
            }
        }
        // And it stays so: nothing was still on its way.
        for (int i = 0; i < 20; ++i) {
            QCOMPARE(difference(), QByteArray());
            QTest::qSleep(50);
        }
        qInfo("%d checks, settled in %lld ms", kOperations / kCheckEvery, settled);
    }
    void cleanup()
    {
        for (auto &node : m_nodes)
            node.reset();
    }
};

QTEST_GUILESS_MAIN(tst_PresenceModel)
#include "tst_presencemodel.moc"
