// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "soak/crowd.h"

#include "bench/report.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

namespace Rollcall::Soak {

namespace {

constexpr int kAtOnce = 100;
// Of a slow client: too much waits for it, or a ping waits behind that for longer than a pong may.
constexpr int kSlowCode = 4002;
constexpr int kPingCode = 4001;
constexpr Time kLook{50'000};
constexpr double kPatience = 30;

void raiseDescriptorLimit(int wanted)
{
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_max < rlim_t(wanted))
        Bench::fail("so many clients need " + std::to_string(wanted) + " descriptors (ulimit -n)");
}

double ownCpuSeconds()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
        + double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

} // namespace

Crowd::Crowd(const Options &options)
    : m_options(options)
    , m_random(options.seed)
    , m_epoll(epoll_create1(EPOLL_CLOEXEC))
    , m_http(m_epoll, std::uint64_t(options.clients))
    , m_ledger(options.clients, options.rooms(), Bench::fromSeconds(options.grace))
    , m_clients(std::size_t(options.clients))
    , m_isChangingBlocks(std::size_t(options.clients))
{
    raiseDescriptorLimit(options.clients + 100);
    for (int user = 0; user < options.clients; ++user) {
        Client &client = m_clients[std::size_t(user)];
        client.user = user;
        client.isBatch = user % 5 == 0;
        client.isSlow = user % 8 == 3;
        client.node = below(int(options.nodes.size()));
        client.room = anyRoom(kNobody);
        client.dueAt = Time::max();
        m_toConnect.push_back(user);
    }
}

Crowd::~Crowd()
{
    for (Client &client : m_clients)
        client.close(Client::End::Reset);
    ::close(m_epoll);
}

/// The first three rooms are large, in the end: 5, 7.5 and 13 % of all.
int Crowd::anyRoom(int except)
{
    for (;;) {
        const double dice = chance();
        const int room = dice < 0.05 ? 0
            : dice < 0.125           ? 1
            : dice < 0.255           ? 2
                                     : 3 + below(m_options.rooms() - 3);
        if (room != except)
            return room;
    }
}

void Crowd::run()
{
    const auto isInRoom = [](const Client &client) {
        return client.state == Client::State::InRoom;
    };
    turnUntil("all come in", kPatience, [&] { return std::ranges::all_of(m_clients, isInRoom); });
    m_isActing = true;
    for (const Client &client : m_clients)
        m_acts.emplace(m_now + span(0, m_options.actEvery), client.user);
    const Time until = m_now + Bench::fromSeconds(m_options.seconds);
    turnUntil("the load is over", m_options.seconds + kPatience, [&] { return m_now >= until; });
    rest();
    compare();
    m_ledger.judge();
}

/// Everybody comes to rest in a room, with nothing pending, and moves once more.
void Crowd::rest()
{
    m_isActing = false;
    for (Client &client : m_clients) {
        client.moveUntil = kNever;
        if (client.state != Client::State::Closed || client.dueAt != Time::max())
            client.dueAt = std::min(client.dueAt, m_now);
    }
    turnUntil("all are at rest", kPatience, [&] {
        return m_confirmations.empty() && m_http.isIdle()
            && std::ranges::all_of(m_clients, [](const Client &client) {
                   return client.state == Client::State::InRoom && client.isReading;
               });
    });
    // Nobody may be over a limit with the last movement.
    const Time quiet = m_now + Time(1'200'000);
    turnUntil("a second goes by", kPatience, [&] { return m_now >= quiet; });
    m_isResting = true;
    for (Client &client : m_clients)
        moveOnce(client);
    turnUntil("all have moved once more", kPatience, [&] { return m_moves.empty(); });
}

/// Also who was closed by the host meanwhile, once it is back: its last movement may be lost.
void Crowd::moveOnce(Client &client)
{
    client.moveUntil = m_now + Time(3'000'000);
    client.moveEvery = Time(10'000'000);
    client.nextMoveAt = m_now + span(0, 1);
    m_moves.emplace(client.nextMoveAt, client.user);
}

void Crowd::turnUntil(const char *what, double seconds, const std::function<bool()> &isDone)
{
    m_now = Bench::now();
    const Time deadline = m_now + Bench::fromSeconds(seconds);
    while (!isDone()) {
        if (m_now > deadline)
            return m_ledger.report(0, std::string("not in time: ") + what, m_now);
        turn();
    }
}

void Crowd::turn()
{
    handleEvents();
    connectSome();
    actSome();
    moveSome();
    if (m_now < m_nextLookAt)
        return;
    m_nextLookAt = m_now + kLook;
    for (Client &client : m_clients)
        follow(client);
    confirmSome();
}

void Crowd::handleEvents()
{
    std::array<epoll_event, 512> events{};
    const int count = epoll_wait(m_epoll, events.data(), int(events.size()), 2);
    const Time before = std::exchange(m_now, Bench::now());
    m_longestTurn = std::max(m_longestTurn, m_now - before);
    for (int i = 0; i < count; ++i) {
        const epoll_event &event = events[std::size_t(i)];
        const bool isWritable = event.events & EPOLLOUT;
        if (event.data.u64 >= m_clients.size()) {
            m_http.handleEvent(event.data.u64, isWritable);
            continue;
        }
        Client &client = m_clients[event.data.u64];
        if (isWritable && client.isOpen())
            client.flush();
        const bool isReadable = event.events & (EPOLLIN | EPOLLHUP | EPOLLERR);
        if (isReadable && client.isOpen() && client.isReading)
            receive(client);
        else if (isReadable && client.isOpen() && (event.events & (EPOLLHUP | EPOLLERR)))
            handleOver(client);
    }
}

void Crowd::receive(Client &client)
{
    const bool isOver = !client.receive();
    m_now = Bench::now();
    while (const auto text = client.nextMessage()) {
        handleMessage(client, *text);
        if (!client.isOpen())
            return;
    }
    if (isOver || client.closeCode() != 0)
        handleOver(client);
}

void Crowd::handleMessage(Client &client, std::string_view text)
{
    if (client.state == Client::State::Upgrading)
        return join(client); // that was the handshake's answer
    const Received *received = m_decoder.decode(text);
    if (!received)
        return m_ledger.report(client.user, "nonsense: " + std::string(text.substr(0, 400)), m_now);
    m_ledger.receive(client.user, *received, m_now);
    if (received->kind == Kind::RoomState && client.state == Client::State::Joining
        && received->room == client.room) {
        --m_connecting;
        client.state = Client::State::InRoom;
        client.nextBeatAt = m_now + span(1, 3);
        if (m_isResting)
            moveOnce(client);
    } else if (received->kind == Kind::HeartbeatAck) {
        if (client.probe != 0 && received->number >= client.probe) {
            client.readUntil = client.probedAt;
            client.probe = 0;
        }
        std::erase_if(m_confirmations, [&](const Confirmation &each) {
            if (each.user != client.user || each.connection != client.connection
                || each.beat > received->number)
                return false;
            m_isChangingBlocks[std::size_t(each.user)] = 0;
            if (each.isBlock)
                m_ledger.confirmBlock(each.user, each.other, m_now);
            else
                m_ledger.confirmLift(each.user, each.other, m_now);
            return true;
        });
    }
}

/// The host ended the connection: only who did not read may expect that.
void Crowd::handleOver(Client &client)
{
    const int code = client.closeCode();
    if (client.state == Client::State::Leaving) {
        if (code != 1000 && !client.isSlow)
            m_ledger.report(client.user, "got no answer to its Close", m_now);
        drop(client, Client::End::Close, false);
        return comeBackLater(client, 2 * m_options.grace);
    }
    if (!client.isSlow || (code != kSlowCode && code != kPingCode && code != 0))
        m_ledger.report(client.user, "was cut off, code " + std::to_string(code), m_now);
    ++m_counts.slowClosed;
    drop(client, Client::End::Close, true);
    comeBackLater(client, 3);
}

void Crowd::drop(Client &client, Client::End end, bool isLost)
{
    if (client.state == Client::State::Upgrading || client.state == Client::State::Joining)
        --m_connecting;
    m_ledger.disconnect(client.user, isLost, m_now, client.isSlow ? client.readUntil : m_now);
    client.close(end);
    client.state = Client::State::Closed;
    client.moveUntil = kNever;
}

void Crowd::comeBackLater(Client &client, double most)
{
    client.node = below(int(m_options.nodes.size()));
    if (chance() < 0.3)
        client.room = anyRoom(client.room);
    client.dueAt = m_now + span(0.02, most);
}

void Crowd::connectSome()
{
    while (!m_toConnect.empty() && m_connecting < kAtOnce) {
        Client &client = m_clients[std::size_t(m_toConnect.front())];
        m_toConnect.pop_front();
        ++m_connecting;
        ++client.connection;
        client.state = Client::State::Upgrading;
        if (!client.open(m_epoll, std::uint64_t(client.user),
                         m_options.nodes[std::size_t(client.node)]))
            m_ledger.report(client.user, "cannot connect", m_now);
    }
}

void Crowd::join(Client &client)
{
    ++m_counts.joins;
    if (client.state == Client::State::Upgrading) {
        client.readUntil = m_now;
        client.probe = 0;
    }
    client.state = Client::State::Joining;
    m_ledger.join(client.user, client.room, client.node, client.connection, m_now);
    if (client.isSlow)
        m_ledger.readSlowly(client.user, m_now);
    client.send(joinMessage(client.room, client.user, client.isBatch));
}

/// What a client has put off.
void Crowd::follow(Client &client)
{
    if (client.isOpen() && !client.isReading && m_now >= client.dueAt) {
        client.setReading(true);
    } else if (client.state == Client::State::Closed && m_now >= client.dueAt) {
        client.dueAt = Time::max();
        m_toConnect.push_back(client.user);
    } else if (client.state == Client::State::Outside && m_now >= client.dueAt) {
        ++m_connecting;
        join(client);
    } else if (client.state == Client::State::InRoom && m_now >= client.nextBeatAt) {
        client.nextBeatAt = m_now + (client.isSlow ? span(2, 3) : span(10, 20));
        beat(client);
        if (client.probe == 0) {
            client.probe = client.beats;
            client.probedAt = m_now;
        }
    }
}

void Crowd::print() const
{
    const Ledger::Counts &told = m_ledger.counts();
    std::printf(
        "{\"seed\":%llu,\"clients\":%d,\"nodes\":%zu,\"seconds\":%g,\"joins\":%d,\"changes\":%d,"
        "\"cuts\":%d,\"stalls\":%d,\"closedSlow\":%d,\"blocks\":%d,\"chatsSent\":%lld,"
        "\"movesSent\":%lld,\"chats\":%lld,\"movements\":%lld,\"states\":%lld,\"joinsAndLeaves\":%"
        "lld,\"owed\":%lld,"
        "\"late\":%lld,\"longestTurnMs\":%.1f,\"ownCpuSeconds\":%.1f,\"violations\":%zu}\n",
        static_cast<unsigned long long>(m_options.seed), m_options.clients, m_options.nodes.size(),
        m_options.seconds, m_counts.joins, m_counts.changes, m_counts.cuts, m_counts.stalls,
        m_counts.slowClosed, m_counts.blocks, static_cast<long long>(m_counts.said),
        static_cast<long long>(m_counts.moved), static_cast<long long>(told.chats),
        static_cast<long long>(told.movements), static_cast<long long>(told.states),
        static_cast<long long>(told.changes), static_cast<long long>(told.owed),
        static_cast<long long>(told.late), double(m_longestTurn.count()) / 1000, ownCpuSeconds(),
        m_ledger.violations().size());
    std::size_t shown = 0;
    for (const std::string &violation : m_ledger.violations()) {
        if (++shown > 10)
            break;
        std::fprintf(stderr, "violation, seed %llu: %s\n",
                     static_cast<unsigned long long>(m_options.seed), violation.c_str());
    }
}

} // namespace Rollcall::Soak
