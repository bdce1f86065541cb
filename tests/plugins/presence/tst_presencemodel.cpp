// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

// Random operations on three nodes and one real Redis, against a model of who is where. A failing
// run is repeated with ROLLCALL_TEST_SEED.
#include "core/redis/rediskeys.h"
#include "enginenode.h"

#include <QTest>

#include <map>
#include <random>
#include <set>

using namespace Rollcall;
using namespace Rollcall::Presence;
using namespace std::chrono_literals;

namespace {

constexpr int kNodes = 3;
constexpr int kRooms = 12;
constexpr int kUsers = 30;
constexpr int kOperations = 3'000;
constexpr int kCheckEvery = 250;

using Names = std::set<QByteArray>;

/// What must be true: which node holds which user in which room, by which connections.
class Model
{
public:
    using Connections = std::set<quint64>;
    std::map<std::pair<QByteArray, QByteArray>, Connections> &of(int node) { return m_seats[node]; }

    std::map<QByteArray, Names> rooms() const
    {
        std::map<QByteArray, Names> rooms;
        for (const auto &seats : m_seats) {
            for (const auto &[key, connections] : seats)
                rooms[key.first].insert(key.second);
        }
        return rooms;
    }
    Names users() const
    {
        Names users;
        for (const auto &seats : m_seats) {
            for (const auto &[key, connections] : seats)
                users.insert(key.second);
        }
        return users;
    }
    Names heldBy(int node, const QByteArray &room) const
    {
        Names users;
        for (const auto &[key, connections] : m_seats[node]) {
            if (key.first == room)
                users.insert(key.second);
        }
        return users;
    }

private:
    std::array<std::map<std::pair<QByteArray, QByteArray>, Connections>, kNodes> m_seats;
};

} // namespace

class tst_PresenceModel : public QObject
{
    Q_OBJECT
private:
    QByteArray pick(const char *prefix, int count)
    {
        return prefix + QByteArray::number(uint(m_random() % uint(count)));
    }
    void start(int node)
    {
        const QByteArray name =
            "n" + QByteArray::number(node) + '.' + QByteArray::number(++m_incarnation);
        m_nodes[node] = std::make_unique<EngineNode>(*m_redis, m_clock, name, m_config);
    }
    void join(int node, const QByteArray &room, const QByteArray &user)
    {
        const quint64 connection = ++m_connection;
        m_nodes[node]->join(connection, UserId(user), RoomId(room));
        m_model.of(node)[{room, user}].insert(connection);
    }
    /// One connection of one seat of the node; false if it holds none.
    bool leave(int node)
    {
        auto &seats = m_model.of(node);
        if (seats.empty())
            return false;
        const auto seat = std::next(seats.begin(), long(m_random() % seats.size()));
        const quint64 connection = *seat->second.begin();
        m_nodes[node]->leave(connection, RoomId(seat->first.first));
        seat->second.erase(connection);
        if (seat->second.empty())
            seats.erase(seat);
        return true;
    }
    /// The connection is lost, and the user comes back within the grace.
    void loseAndReturn(int node)
    {
        auto &seats = m_model.of(node);
        if (seats.empty())
            return;
        const auto seat = std::next(seats.begin(), long(m_random() % seats.size()));
        const auto [room, user] = seat->first;
        const quint64 connection = *seat->second.begin();
        m_nodes[node]->lose(connection);
        seat->second.erase(connection);
        join(node, room, user);
    }
    void operate()
    {
        const int node = int(m_random() % kNodes);
        const unsigned dice = m_random() % 1000;
        if (dice < 480) {
            join(node, pick("room", kRooms),
                 m_random() % 5 ? pick("u", kUsers) : pick("anon:g", kUsers));
        } else if (dice < 950) {
            leave(node);
        } else if (dice < 980) {
            loseAndReturn(node);
        } else if (dice < 986) {
            m_nodes[node].reset(); // a crash, and a new run within the lease
            m_model.of(node).clear();
            start(node);
        } else if (dice < 992) {
            // A pause: whoever looks now finds the node dead.
            m_redis->command({"ZADD", "presence:nodes", "1", m_nodes[node]->engineNode.value()});
        } else if (dice < 994) {
            m_redis->command({"FLUSHALL"});
        } else if (dice < 996) {
            m_redis->restart(m_random() % 2 ? TestRedis::Data::Kept : TestRedis::Data::Lost);
        } else {
            QTest::qWait(int(m_random() % 200));
        }
    }

    Names set(const QByteArray &key)
    {
        Names names;
        for (const RedisReply &element : m_redis->command({"SMEMBERS", key}).elements)
            names.insert(userFromMemberName(element.text).value());
        return names;
    }
    Names keys(const QByteArray &pattern)
    {
        Names names;
        for (const RedisReply &element : m_redis->command({"KEYS", pattern}).elements)
            names.insert(element.text);
        return names;
    }
    static QByteArray oneSided(const Names &found, const Names &expected)
    {
        for (const QByteArray &name : found) {
            if (!expected.contains(name))
                return "has " + name;
        }
        for (const QByteArray &name : expected) {
            if (!found.contains(name))
                return "lacks " + name;
        }
        return {};
    }
    /// What differs from the model; empty if nothing does.
    QByteArray difference()
    {
        const auto rooms = m_model.rooms();
        std::map<QByteArray, int> counts;
        const RedisReply scores =
            m_redis->command({"ZRANGE", "rooms:occupancy", "0", "-1", "WITHSCORES"});
        for (size_t i = 0; i + 1 < scores.elements.size(); i += 2)
            counts[scores.elements[i].text] = scores.elements[i + 1].text.toInt();
        Names pages;
        Names memberKeys;
        Names nodeKeys;
        std::map<QByteArray, int> expectedCounts;
        for (const auto &[room, users] : rooms) {
            expectedCounts[room] = int(users.size());
            pages.insert("presence:page:" + room);
            if (set("presence:page:" + room) != users)
                return "presence:page:" + room;
            for (const QByteArray &user : users)
                memberKeys.insert("room:" + room + ":user:" + user);
            for (int node = 0; node < kNodes; ++node) {
                const QByteArray key =
                    "room:" + room + ":node:" + m_nodes[node]->engineNode.value();
                const Names held = m_model.heldBy(node, room);
                if (set(key) != held)
                    return key;
                if (!held.empty())
                    nodeKeys.insert(key);
            }
        }
        if (counts != expectedCounts)
            return "rooms:occupancy";
        if (keys("presence:page:*") != pages)
            return "presence:page:*";
        if (keys("room:*:node:*") != nodeKeys)
            return "room:*:node:*";
        if (keys("room:*:user:*") != memberKeys)
            return "room:*:user:*";
        const Names users = m_model.users();
        Names userKeys;
        for (const QByteArray &user : users)
            userKeys.insert((user.startsWith("anon:") ? "presence:" : "presence:user:") + user);
        Names foundKeys = keys("presence:user:*");
        foundKeys.merge(keys("presence:anon:*"));
        if (foundKeys != userKeys)
            return "presence:user:* " + oneSided(foundKeys, userKeys);
        for (const char *key : {"presence:online", "presence:deadlines"}) {
            Names found;
            for (const RedisReply &element : m_redis->command({"ZRANGE", key, "0", "-1"}).elements)
                found.insert(userFromMemberName(element.text).value());
            if (found != users)
                return key;
        }
        return differenceInMemory(rooms);
    }
    QByteArray differenceInMemory(const std::map<QByteArray, Names> &rooms)
    {
        for (int node = 0; node < kNodes; ++node) {
            const PresenceEngine &engine = m_nodes[node]->engine;
            std::map<QByteArray, int> counts;
            for (const RoomOccupancy &room : engine.occupancies())
                counts[room.room.value()] = room.users;
            for (const auto &[room, users] : rooms) {
                if (counts[room] != int(users.size()))
                    return "count of " + room + " on node " + QByteArray::number(node);
                counts.erase(room);
                if (m_model.heldBy(node, room).empty())
                    continue;
                Names members;
                for (const Member &member : engine.snapshot(RoomId(room)).members)
                    members.insert(member.user.value());
                if (members != users)
                    return "members of " + room + " on node " + QByteArray::number(node);
            }
            for (const auto &[room, users] : counts) {
                if (users != 0)
                    return "ghosts in " + room + " on node " + QByteArray::number(node);
            }
        }
        return {};
    }

    SystemClock m_clock;
    PresenceConfig m_config;
    std::unique_ptr<TestRedis> m_redis;
    std::array<std::unique_ptr<EngineNode>, kNodes> m_nodes;
    Model m_model;
    std::mt19937 m_random;
    int m_incarnation = 0;
    quint64 m_connection = 0;

private Q_SLOTS:
    void redisAndEveryNodeAgreeWithTheModel()
    {
        bool isGiven = false;
        uint seed = qEnvironmentVariable("ROLLCALL_TEST_SEED").toUInt(&isGiven);
        if (!isGiven)
            seed = std::random_device{}();
        qInfo("ROLLCALL_TEST_SEED=%u", seed);
        m_random.seed(seed);
        m_config.lease = 1s;
        m_config.leaseInterval = 200ms;
        for (LivenessTimes &times : m_config.times)
            times = {1h, 3h, 1h};
        m_redis = std::make_unique<TestRedis>();
        for (int node = 0; node < kNodes; ++node)
            start(node);
        for (int i = 1; i <= kOperations; ++i) {
            operate();
            if (m_random() % 8 == 0)
                QCoreApplication::processEvents();
            if (i % kCheckEvery == 0) {
                QTRY_COMPARE_WITH_TIMEOUT(difference(), QByteArray(), 12'000);
            }
        }
    }
    void cleanup()
    {
        for (auto &node : m_nodes)
            node.reset();
    }
};

QTEST_GUILESS_MAIN(tst_PresenceModel)
#include "tst_presencemodel.moc"
