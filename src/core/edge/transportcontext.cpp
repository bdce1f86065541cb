// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/edge/transportcontext.h"

#include "core/base/metrics.h"

#include <prometheus/counter.h>

#include <utility>

namespace Rollcall {

namespace {

constexpr size_t kSpareBuffers = 256;
constexpr size_t kLargestSpareBuffer = 16 << 10;

} // namespace

TransportContext::TransportContext(Clock &clock, Metrics &metrics)
    : m_deadlines(clock)
    , m_readBuffer(kReadBytes + kPadding)
    , m_traffic(std::make_shared<Traffic>())
    , m_bufferedGauge(metrics.gauge("rollcall_edge_buffered_bytes",
                                    "Bytes waiting in the buffers of connections"))
{
    m_spareBuffers.reserve(kSpareBuffers);
    prometheus::Counter &received =
        metrics.counter("rollcall_edge_received_bytes_total", "Bytes read from clients");
    prometheus::Counter &sent =
        metrics.counter("rollcall_edge_sent_bytes_total", "Bytes written to clients");
    metrics.addCollector([traffic = m_traffic, &received, &sent] {
        const Traffic now = std::exchange(*traffic, {});
        received.Increment(double(now.received));
        sent.Increment(double(now.sent));
    });
}

std::span<char> TransportContext::readBuffer(size_t left)
{
    const size_t wanted = left + kReadBytes + kPadding;
    if (m_readBuffer.size() < wanted)
        m_readBuffer.resize(wanted);
    return std::span(m_readBuffer.data(), m_readBuffer.size() - kPadding);
}

std::string TransportContext::takeBuffer()
{
    if (m_spareBuffers.empty())
        return {};
    std::string buffer = std::move(m_spareBuffers.back());
    m_spareBuffers.pop_back();
    return buffer;
}

void TransportContext::giveBuffer(std::string &&buffer)
{
    if (buffer.capacity() > kLargestSpareBuffer || m_spareBuffers.size() >= kSpareBuffers)
        return;
    buffer.clear();
    m_spareBuffers.push_back(std::move(buffer));
}

} // namespace Rollcall
