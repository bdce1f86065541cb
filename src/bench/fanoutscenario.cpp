// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "bench/fanoutscenario.h"

namespace Rollcall::Bench {

FanoutScenario::FanoutScenario(const Options &options)
    : Scenario(options)
    , m_senderOf(std::size_t(options.connections), -1)
{
    for (int i = 0; i < options.talkingConnections(); ++i) {
        if (i % options.roomSize >= options.sendersPerRoom())
            continue;
        Connection &connection = m_swarm.at(i);
        m_senderOf[std::size_t(i)] = int(m_senders.size());
        m_senders.push_back({&connection, m_swarm.roomOf(connection), m_swarm.userOf(connection)});
    }
}

void FanoutScenario::execute()
{
    connectAll();
    runFor(0.3, "settling");
    m_start = now();
    m_isTalking = true;
    for (Sender &sender : m_senders) {
        for (int i = 0; i < m_options.window; ++i)
            say(sender, now());
    }
    const auto each = [this](Microseconds time) { return work(time); };
    runFor(m_options.warmup, "warming up", each);
    beginMeasuring();
    runFor(m_options.seconds, "measuring", each);
    endMeasuring();
}

Microseconds FanoutScenario::work(Microseconds time)
{
    constexpr Microseconds kLongest{10'000};
    if (m_options.rate <= 0)
        return kLongest;
    for (;;) {
        const Microseconds due = m_start + fromSeconds(double(m_said) / m_options.rate);
        if (due > time)
            return std::min(due - time, kLongest);
        // One of each room in turn: rooms do not take turns in bursts.
        const std::size_t perRoom = std::size_t(m_options.sendersPerRoom());
        const std::size_t rooms = m_senders.size() / perRoom;
        const std::size_t room = m_said % rooms;
        const std::size_t place = m_said / rooms % perRoom;
        say(m_senders[room * perRoom + place], due);
        ++m_said;
    }
}

void FanoutScenario::say(Sender &sender, Microseconds time)
{
    if (sender.connection->state != Connection::State::Ready)
        return;
    sender.last = std::max(time, sender.last + Microseconds(1)); // seq must grow
    if (m_options.message == Options::Message::Chat)
        writeChat(m_text, sender.room, sender.user, sender.last);
    else
        writeMovement(m_text, sender.room, sender.user, sender.last);
    m_swarm.send(*sender.connection, m_text);
    if (isMeasuring())
        ++m_sent;
}

FanoutScenario::Sender *FanoutScenario::witnessed(const Connection &witness, std::string_view text)
{
    const int index = senderOf(text, m_options.prefix);
    if (index < 0 || index >= m_options.talkingConnections() || m_senderOf[std::size_t(index)] < 0)
        return nullptr;
    const int size = m_options.roomSize;
    const int next = index / size * size + (index + 1) % size;
    return next == witness.index ? &m_senders[std::size_t(m_senderOf[std::size_t(index)])]
                                 : nullptr;
}

void FanoutScenario::count(std::string_view text, ServerMessage kind, Microseconds time)
{
    if (!isMeasuring())
        return;
    if (const auto sent = sentAt(text, kind)) {
        ++m_deliveries;
        m_latency.add(time - *sent);
    }
}

void FanoutScenario::handleMessage(Connection &connection, std::string_view text,
                                   ServerMessage kind, Microseconds time)
{
    if (isMeasuring())
        ++m_frames;
    if (!m_isTalking)
        return;
    if (kind == ServerMessage::Batch) {
        constexpr std::string_view element = R"({"userId":)";
        for (std::size_t at = text.find(element); at != std::string_view::npos;) {
            const std::size_t next = text.find(element, at + 1);
            const std::string_view transform =
                text.substr(at, next == std::string_view::npos ? next : next - at);
            count(transform, ServerMessage::Movement, time);
            if (m_options.window > 0) {
                if (Sender *sender = witnessed(connection, transform))
                    say(*sender, time);
            }
            at = next;
        }
    } else if (kind == ServerMessage::Movement || kind == ServerMessage::Chat) {
        count(text, kind, time);
        if (m_options.window > 0) {
            if (Sender *sender = witnessed(connection, text))
                say(*sender, time);
        }
    }
}

void FanoutScenario::report(Report &report)
{
    report.add("connections", "connections", m_swarm.ready());
    report.add("rooms", "rooms that talk", m_options.talkingRooms());
    report.add("sentPerSecond", "messages sent", double(m_sent) / elapsed(), "/s");
    report.add("deliveriesPerSecond", "deliveries", double(m_deliveries) / elapsed(), "/s");
    report.add("framesPerSecond", "frames received", double(m_frames) / elapsed(), "/s");
    reportLatency(report, m_latency);
    if (m_options.pid != 0 && m_deliveries > 0)
        report.add("serverCpuPerDelivery", "CPU of the host per delivery",
                   serverCpu() * 1e6 / double(m_deliveries), "us", 3);
    reportUsage(report);
}

} // namespace Rollcall::Bench
